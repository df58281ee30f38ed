// Every state of the screens, one address each, without a server behind it.
import { start } from "../../app/boot";
import { memoryStore } from "../../app/env";
import type { Env } from "../../app/env";
import { OwnerShell } from "../../app/owner/shell";
import { countSegments } from "../../app/segments";
import { SitterShell } from "../../app/sitter/shell";
import * as f from "./fixtures";

type Reply = { status?: number; body?: unknown } | "hang" | "fail";
type Step = ["paste", string] | ["click", string] | ["fill", string, string] | ["press", string];

interface Story {
  name: string;
  as: "owner" | "sitter" | "ops";
  path: string;
  replies?: Record<string, Reply>; // "METHOD path", the path with or without its query
  steps?: Step[];
  until?: string; // what it is about, where that does not come with the answers
  signedOut?: boolean;
  left?: boolean;
}

const problem = (status: number, code: string, more = {}): Reply => ({ status, body: { status, code, title: code, ...more } });

const usual: Record<string, Reply> = {
  "GET /api/messages/threads?box=conversations": { body: f.lists["conversations"] },
  "GET /api/messages/threads?box=owner_inbox": { body: f.lists["owner_inbox"] },
  "GET /api/messages/threads?box=billing": { body: f.lists["billing"] },
  "GET /api/messages/threads/t-dana": { body: f.danaPage },
  "GET /api/messages/threads/t-overlap": { body: f.overlapPage },
  "GET /api/messages/threads/t-guest": { body: f.guestPage },
  "GET /api/messages/diagnostics": { body: f.diagnostics },
  "GET /api/flags": { body: f.diagnostics.featureFlags },
  "GET /api/sitters": { body: { sitters: f.sitters, cursor: null } },
  "GET /api/clients": { body: { clients: f.clients, cursor: null } },
  "GET /api/bookings": { body: { bookings: f.bookings, cursor: null } },
  "GET /api/bookings/b-1": { body: f.bookings[0] },
  "GET /api/clients/c-dana": { body: f.clients[0] },
  "GET /api/numbers": { body: { numbers: f.numbers, cursor: null } },
  "GET /api/settings": { body: f.settings },
  "POST /api/screening/try": { body: { swap: true, emergency: false, families: ["plain_phone", "spelled_digits"], confidence: 0.9, explanation: "A phone number, written out.", preview: "call me at (contact details removed)", action: "stopped" } },
  "POST /api/messages/send": { status: 202, body: { eventId: "e-new", status: "queued" } },
  "POST /api/numbers/n-2/quarantine?preview=true": { body: { preview: true, impact: { threads: 12, clients: 11, open: 1, activeWindows: 1, upcomingWindows: 9 } } },
  "POST /api/messages/explain": { body: { routingTarget: "sitter", routingReason: "Active assignment window", rule: 12, threadId: "t-dana", trace: f.danaPage.events?.[1]?.routing?.trace } },
};

const sitterUsual: Record<string, Reply> = {
  "GET /api/messages/threads": { body: { threads: f.sitterThreads, cursor: null } },
  "GET /api/messages/threads/t-dana": { body: f.sitterPage(f.windows.active) },
  "POST /api/messages/send": { status: 202, body: { eventId: "e-new", status: "queued" } },
};

const dana = "/messages/t/t-dana";
const danaPath = "GET /api/messages/threads/t-dana";
const write = (text: string): Step[] => [
  ["fill", ".composer textarea", text],
  ["click", ".composer .send"],
];
const off = { ...f.me.owner, messagingEnabled: false };

const stories: Story[] = [
  { name: "owner-list", as: "owner", path: "/messages" },
  { name: "owner-thread", as: "owner", path: dana },
  { name: "owner-thread-typing", as: "owner", path: dana, steps: [["fill", ".composer textarea", "It’s fine, he finished the whole bowl and is asleep on the sofa now. I’ll send a photo before I leave!"]] },
  { name: "owner-photo", as: "owner", path: dana, steps: [["paste", ".composer textarea"]] },
  { name: "owner-carrier-block", as: "owner", path: dana, replies: { [danaPath]: { body: { ...f.danaPage, carrierBlocked: true } } } },
  { name: "owner-confirm", as: "owner", path: dana, steps: write("He ate everything!") },
  { name: "owner-sending", as: "owner", path: "/messages/t/t-guest?box=owner_inbox", replies: { "POST /api/messages/send": "hang" }, steps: write("Yes, two dogs are fine.") },
  { name: "owner-send-failed", as: "owner", path: "/messages/t/t-guest?box=owner_inbox", replies: { "POST /api/messages/send": "fail" }, steps: write("Yes, two dogs are fine."), until: ".bubble.failed .link" },
  { name: "owner-send-refused", as: "owner", path: "/messages/t/t-guest?box=owner_inbox", replies: { "POST /api/messages/send": problem(409, "RECIPIENT_OPTED_OUT") }, steps: write("Yes, two dogs are fine.") },
  { name: "owner-note", as: "owner", path: dana, steps: [["click", ".modes button:nth-child(2)"], ["fill", ".composer textarea", "Call the vet first."]] },
  { name: "owner-why", as: "owner", path: dana, steps: [["click", ".sys .link"], ["click", "dialog .stack button"]] },
  { name: "owner-release", as: "owner", path: dana, steps: [["click", ".sys.loud .link"]] },
  { name: "owner-assign", as: "owner", path: dana, steps: [["click", ".facts .link"]] },
  { name: "owner-extend", as: "owner", path: dana, steps: [["click", ".thread-head .menu summary"], ["click", ".thread-head .menu-panel button:nth-child(2)"]] },
  { name: "owner-menu", as: "owner", path: "/messages", steps: [["click", ".top .menu summary"]] },
  { name: "owner-answers", as: "owner", path: dana, steps: [["click", ".composer .menu summary"]] },
  { name: "owner-inbox", as: "owner", path: "/messages/inbox" },
  { name: "owner-inbox-full", as: "owner", path: "/messages/inbox", replies: { "GET /api/messages/threads?box=owner_inbox": { body: { threads: f.many.slice(0, 50), alerts: [], cursor: "more" } } } },
  { name: "owner-inbox-empty", as: "owner", path: "/messages/inbox", replies: { "GET /api/messages/threads?box=owner_inbox": { body: { threads: [], alerts: [], cursor: null } } } },
  { name: "owner-overlap", as: "owner", path: "/messages/t/t-overlap?box=owner_inbox" },
  { name: "owner-guest", as: "owner", path: "/messages/t/t-guest?box=owner_inbox" },
  { name: "owner-billing", as: "owner", path: "/messages/billing" },
  { name: "owner-suggested", as: "owner", path: "/messages/b/b-9" },
  { name: "owner-filtered", as: "owner", path: "/messages?f=failed" },
  { name: "owner-nothing-matches", as: "owner", path: "/messages?f=unread&class=front_desk", replies: { "GET /api/messages/threads?box=conversations&unread=true": { body: { threads: [], cursor: null } } } },
  { name: "owner-new", as: "owner", path: "/messages", steps: [["click", ".list-tools .icon-button"]] },
  { name: "owner-keys", as: "owner", path: "/messages", steps: [["press", "?"]] },
  { name: "owner-first-day", as: "owner", path: "/messages", replies: { "GET /api/messages/threads?box=conversations": { body: { threads: [], suggested: [], cursor: null } } } },
  { name: "owner-off", as: "owner", path: "/messages", replies: { "GET /api/messages/me": { body: off } } },
  { name: "owner-loading", as: "owner", path: "/messages", replies: { "GET /api/messages/threads?box=conversations": "hang" }, until: ".skeleton" },
  { name: "owner-unreachable", as: "owner", path: "/messages", replies: { "GET /api/messages/threads?box=conversations": "fail" } },
  { name: "owner-gone", as: "owner", path: "/messages/t/t-nobody", replies: { "GET /api/messages/threads/t-nobody": problem(404, "THREAD_NOT_FOUND") } },
  { name: "owner-nasty", as: "owner", path: dana, replies: { [danaPath]: { body: f.pageOf({ ...(f.threads[0] as (typeof f.threads)[0]), clientName: "<b>Robert</b>'); DROP", pets: ["ביסקוויט"] }, f.nasty) } } },
  { name: "owner-many", as: "owner", path: "/messages", replies: { "GET /api/messages/threads?box=conversations": { body: { threads: f.many, cursor: null } } } },
  { name: "diagnostics", as: "owner", path: "/messages/diagnostics", steps: [["click", "td button[aria-expanded]"]] },
  { name: "diagnostics-tables", as: "owner", path: "/messages/diagnostics", steps: [["click", "[aria-expanded=false].quiet"], ["click", "[aria-pressed=false].quiet"], ["click", "[aria-pressed=false].quiet"], ["click", "[aria-pressed=false].quiet"]] },
  { name: "diagnostics-new", as: "owner", path: "/messages/diagnostics", replies: { "GET /api/messages/diagnostics": { body: f.noDiagnostics }, "GET /api/messages/threads?box=conversations": { body: { threads: [], suggested: [], cursor: null } } } },
  { name: "diagnostics-behind", as: "owner", path: "/messages/diagnostics", replies: { "GET /api/messages/diagnostics": { body: { ...f.diagnostics, health: { ...f.diagnostics.health, stream: { countedUpTo: "2025-01-07T16:05:00Z" } } } } } },
  { name: "diagnostics-ops", as: "ops", path: "/messages/diagnostics?org=demo" },
  { name: "diagnostics-ops-begin", as: "ops", path: "/messages" },
  { name: "diagnostics-flip", as: "ops", path: "/messages/diagnostics", steps: [["click", "[role=switch]"]] },
  { name: "bookings", as: "owner", path: "/messages/bookings" },
  { name: "people", as: "owner", path: "/messages/people" },
  { name: "numbers", as: "owner", path: "/messages/numbers" },
  { name: "numbers-quarantine", as: "owner", path: "/messages/numbers", steps: [["click", "tr:nth-child(2) [data-do=quarantine]"]] },
  { name: "settings", as: "owner", path: "/messages/settings" },
  { name: "settings-tried", as: "owner", path: "/messages/settings", steps: [["fill", "section:last-child textarea", "call me at five five five"], ["click", "section:last-child form button"]] },
  { name: "sitter-list", as: "sitter", path: "/messages" },
  { name: "sitter-empty", as: "sitter", path: "/messages", replies: { "GET /api/messages/threads": { body: { threads: [], cursor: null } } } },
  { name: "sitter-active", as: "sitter", path: dana },
  { name: "sitter-typing", as: "sitter", path: dana, steps: [["click", ".quick button"]] },
  { name: "sitter-photos", as: "sitter", path: dana, replies: { [danaPath]: { body: { ...f.sitterPage(f.windows.active), events: f.withPictures } } }, steps: [["paste", ".composer textarea"]] },
  { name: "sitter-upcoming", as: "sitter", path: dana, replies: { [danaPath]: { body: f.sitterPage(f.windows.upcoming) } } },
  { name: "sitter-none", as: "sitter", path: dana, replies: { [danaPath]: { body: f.sitterPage(f.windows.none) } } },
  { name: "sitter-stopped", as: "sitter", path: dana, replies: { "POST /api/messages/send": problem(403, "ANTI_POACHING_BLOCKED") }, steps: write("You can reach me under five five five, zero one") },
  { name: "sitter-locked", as: "sitter", path: dana, replies: { "POST /api/messages/send": problem(403, "SITTER_LOCKED") }, steps: write("Hello") },
  { name: "sitter-closed-meanwhile", as: "sitter", path: dana, replies: { "POST /api/messages/send": problem(403, "NO_ACTIVE_WINDOW", { nextWindow: { startAt: "2025-01-08T16:00:00Z", endAt: "2025-01-08T19:00:00Z" } }) }, steps: write("Leaving now") },
  { name: "sitter-send-failed", as: "sitter", path: dana, replies: { "POST /api/messages/send": "fail" }, steps: write("Leaving now"), until: ".bubble.failed .link" },
  { name: "sitter-ask", as: "sitter", path: dana, steps: [["click", ".thread-head button"]] },
  { name: "sitter-menu", as: "sitter", path: "/messages", steps: [["click", ".top .menu summary"]] },
  { name: "sitter-gone", as: "sitter", path: dana, replies: { [danaPath]: problem(404, "THREAD_NOT_FOUND") } },
  { name: "sitter-nasty", as: "sitter", path: dana, replies: { [danaPath]: { body: { ...f.sitterPage(f.windows.active), events: f.nasty } } } },
  { name: "sitter-off", as: "sitter", path: "/messages", replies: { "GET /api/messages/me": { body: { ...f.me.sitter, sitterMessagesEnabled: false } } } },
  { name: "all-off", as: "sitter", path: "/messages", replies: { "GET /api/messages/me": { body: { ...f.me.sitter, messagingEnabled: false } } } },
  { name: "unreachable", as: "sitter", path: "/messages", replies: { "GET /api/messages/me": "fail" } },
  { name: "signed-out", as: "sitter", path: "/messages", left: true },
  { name: "sign-in-again", as: "sitter", path: dana, signedOut: true },
];

const b64 = (o: unknown) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(o)))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const names = { owner: "Olivia Reyes", sitter: "Sam Patel", ops: "" };

function envOf(story: Story): Env {
  let path = story.path;
  const store = memoryStore();
  if (story.left) store.set("snout-signed-out", "1");
  if (story.signedOut) store.set("snout-sign-in-at", String(Date.now()));
  const listeners: (() => void)[] = [];
  const all: Record<string, Reply> = {
    "GET /api/messages/me": { body: f.me[story.as] },
    ...(story.as === "sitter" ? sitterUsual : usual),
    ...story.replies,
  };
  return {
    async fetch(url, init) {
      if (all[`${init.method ?? "GET"} ${url}`] === "hang") return new Promise(() => undefined);
      underWay++;
      try {
        return await answer(url, init);
      } finally {
        underWay--;
      }
    },
    path: () => path,
    go: (to) => (path = to),
    leave: () => undefined,
    onNavigate: (l) => listeners.push(l),
    now: () => Date.parse(f.now),
    heard: () => undefined,
    first: null,
    session: true,
    pauses: [],
    shows: (url) => url.startsWith("data:image/"),
    store,
  };

  async function answer(url: string, init: RequestInit): Promise<Response> {
    const what = `${init.method ?? "GET"} ${url}`;
    if (url === "/auth/token") {
      if (story.signedOut) return new Response("{}", { status: 401 });
      const token = `x.${b64({ name: names[story.as], iat: 0, exp: 3600 })}.x`;
      return Response.json({ token, role: story.as === "sitter" ? "sitter" : "owner" });
    }
    const reply = all[what] ?? all[what.split("?")[0] ?? ""] ?? (init.method === "POST" ? { body: {} } : problem(404, "NOT_FOUND"));
    if (reply === "fail") throw new TypeError("failed to fetch");
    if (reply === "hang") return new Promise(() => undefined);
    const known = init.method === "GET" && reply.status === undefined; // it never changes, as the server would say
    if (known && new Headers(init.headers).has("If-None-Match")) return new Response(null, { status: 304 });
    return new Response(JSON.stringify(reply.body), { status: reply.status ?? 200, headers: { "Content-Type": "application/json", ...(known ? { ETag: '"1"' } : {}) } });
  }
}

let underWay = 0; // requests that will be answered

const frame = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r)));

/** Until everything asked for is answered and drawn: an answer may lead to the next question. */
async function still(): Promise<void> {
  for (let quiet = 0; quiet < 4; quiet = underWay ? 0 : quiet + 1) await frame();
}

async function waitFor(selector: string): Promise<HTMLElement | null> {
  for (let i = 0; i < 600; i++) {
    const el = document.querySelector<HTMLElement>(selector);
    if (el) return el;
    await frame();
  }
  return null;
}

async function play(story: Story): Promise<void> {
  start(story.as === "sitter" ? "sitter" : "owner", story.as === "sitter" ? SitterShell : OwnerShell, envOf(story));
  for (const step of story.steps ?? []) {
    await still();
    if (step[0] === "press") {
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: step[1], bubbles: true }));
      continue;
    }
    const el = await waitFor(step[1]);
    if (!el) throw new Error(`${story.name}: no ${step[1]}`);
    if (step[0] === "paste") {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [64, 48];
      const c = canvas.getContext("2d");
      if (c) {
        c.fillStyle = "#b5793f";
        c.fillRect(0, 0, 64, 48);
      }
      const blob = await new Promise<Blob | null>((r) => canvas.toBlob(r, "image/png"));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob as Blob], "dog.png", { type: "image/png" }));
      clipboardData.items.add(new File(["no picture"], "note.jpg", { type: "image/jpeg" }));
      el.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      await waitFor(".attached-one");
    } else if (step[0] === "click") el.click();
    else {
      (el as HTMLTextAreaElement).value = step[2];
      el.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  await still();
  if (story.until && !(await waitFor(story.until))) throw new Error(`${story.name}: no ${story.until}`);
  await still();
  document.documentElement.dataset["story"] = "ready";
}

const asked = new URL(location.href).searchParams.get("s");
const story = stories.find((s) => s.name === asked);
if (story) void play(story);
else {
  const root = document.getElementById("app");
  const list = document.createElement("ul");
  list.className = "plain plain-list";
  for (const s of stories) {
    const li = document.createElement("li");
    const a = document.createElement("a");
    a.href = `?s=${s.name}`;
    a.textContent = s.name;
    li.append(a);
    list.append(li);
  }
  root?.append(list);
}

// For the tests: what is there to look at, and the counter that must agree with the server's.
Object.assign(window, { snoutStories: stories.map((s) => s.name), snoutCountSegments: countSegments });
