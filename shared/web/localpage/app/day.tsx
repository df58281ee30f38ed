// A whole day, one press at a time: every step does what a person would do, on the
// phones and screens beside it, so that a newcomer only has to look.
import { useState } from "preact/hooks";
import type { ThreadList } from "../../app/wire";

/** What the day needs of the page around it. */
export interface Stage {
  call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T>;
  text(from: string, to: string, body: string): Promise<void>; // as on that phone's own screen
  showSitter(id: string): void;
  showPhone(e164: string): void;
  sitters: { id: string; name: string; sub: string }[];
  owner: string;
}

/** The visit that the day is about. */
interface Plot {
  thread: string;
  client: string;
  phone: string;
  number: string;
  sitterId: string;
  sitter: string;
  pets: string;
  startAt: string;
  endAt: string;
  booking: string;
}

interface Step {
  does: (p: Plot) => string;
  play: (p: Plot, s: Stage) => Promise<void>;
  look: (p: Plot) => string;
}

const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));

async function found(selector: string): Promise<HTMLElement> {
  for (let i = 0; i < 150; i++) {
    const el = document.querySelector<HTMLElement>(selector);
    if (el && !(el as HTMLButtonElement).disabled) return el;
    await wait(100);
  }
  throw new Error("The screen did not come to it. Try this step again.");
}

const press = async (selector: string) => (await found(selector)).click();

async function write(inside: string, text: string): Promise<void> {
  const area = (await found(`${inside} .composer textarea`)) as HTMLTextAreaElement;
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await press(`${inside} .composer .send`);
}

const row = (inside: string, thread: string) => `${inside} .rows a.row[href^="/messages/t/${encodeURIComponent(thread)}"]`;

const asOwner = async (s: Stage) => (await s.call<{ token: string }>("POST", "/local/token", { sub: s.owner })).token;
const first = (name: string) => name.split(" ")[0] ?? name;

const steps: Step[] = [
  {
    does: (p) => `${p.client} texts before the visit.`,
    look: (p) => `Nobody is on a visit now, so ${first(p.client)}’s text is in the Owner Inbox, under “No active assignment window”.`,
    async play(p, s) {
      s.showPhone(p.phone);
      await s.text(p.phone, p.number, "Could you come at one?");
      await press('.desk a[href="/messages/inbox"]');
      await press(row(".desk", p.thread));
    },
  },
  {
    does: () => "The office answers.",
    look: (p) => `The answer is on ${first(p.client)}’s phone, from the business’s number, and the inbox is done.`,
    async play(p) {
      if (!document.querySelector(".desk .thread-head")) await press(row(".desk", p.thread));
      await write(".desk", "Yes, one is fine. See you then!");
    },
  },
  {
    does: (p) => `The clock moves into ${first(p.sitter)}’s visit, and sitters may use the page.`,
    look: (p) => `${first(p.sitter)}’s phone, in the middle, has the conversation under “Active now”. No number is in it.`,
    async play(p, s) {
      s.showSitter(p.sitterId);
      await s.call("PUT", "/local/flags", { ENABLE_SITTER_MESSAGES_V1: "true", SITTER_MESSAGES_ALLOWLIST: "*" });
      await s.call("POST", "/local/clock", { set: new Date(Date.parse(p.startAt) + 60_000).toISOString() });
      await found(row(".hand", p.thread));
    },
  },
  {
    does: (p) => `${first(p.client)} texts again, and ${first(p.sitter)} answers.`,
    look: (p) => `Now it went to ${first(p.sitter)}. Neither saw the other’s number, and the office can read along.`,
    async play(p, s) {
      s.showPhone(p.phone);
      await s.text(p.phone, p.number, "Is everything all right?");
      await press(row(".hand", p.thread));
      await write(".hand", "All is well, we are on our way to the park");
    },
  },
  {
    does: (p) => `${first(p.sitter)} shares a phone number.`,
    look: (p) => `It was stopped: ${first(p.sitter)} sees a friendly word and keeps the text, ${first(p.client)} got nothing, and the inbox has an alert.`,
    async play(p) {
      if (!document.querySelector(".hand .thread-head")) await press(row(".hand", p.thread));
      await write(".hand", "You can text me at 310 555 0199 any time");
      await found(".hand .composer .banner");
      await press('.desk a[href="/messages/inbox"]');
      await found(".desk .alert-row");
    },
  },
  {
    does: () => "The office gives the booking to another sitter.",
    look: (p) => `${first(p.client)} was told who is coming. The conversation has left ${first(p.sitter)}’s phone, or is no longer open there.`,
    async play(p, s) {
      const other = s.sitters.find((x) => x.id !== p.sitterId);
      if (!other) return;
      s.showPhone(p.phone);
      const token = await asOwner(s);
      await s.call("POST", `/api/messages/threads/${encodeURIComponent(p.thread)}/assign`, { sitterId: other.id, bookingId: p.booking, reason: "Played on this machine" }, token);
    },
  },
  {
    does: (p) => `The clock moves past the visit, and ${first(p.client)} texts once more.`,
    look: () => "The visit is over: the office has it again. “Why here?” under the text tells the rule. That was a day.",
    async play(p, s) {
      await s.call("POST", "/local/clock", { set: new Date(Date.parse(p.endAt) + 60_000).toISOString() });
      await s.text(p.phone, p.number, "Did you find the leash?");
      await press('.desk a[href="/messages/inbox"]');
      await press(row(".desk", p.thread));
    },
  },
];

/** The conversation whose visit begins soonest, of a sitter who has one. */
async function plotOf(s: Stage): Promise<Plot | null> {
  const list = await s.call<ThreadList>("GET", "/api/messages/threads", undefined, await asOwner(s));
  const t = (list.threads ?? [])
    .filter((x) => x.kind === "service" && x.window.state === "upcoming" && x.sitterId && x.clientPhone && x.number)
    .sort((a, b) => ((a.window.startAt ?? "") < (b.window.startAt ?? "") ? -1 : 1))[0];
  if (!t) return null;
  return {
    thread: t.id, client: t.clientName, phone: t.clientPhone ?? "", number: t.number ?? "", sitterId: t.sitterId ?? "", sitter: t.sitterName ?? "the sitter",
    pets: (t.pets ?? []).join(" & "), startAt: t.window.startAt ?? "", endAt: t.window.endAt ?? "", booking: t.bookingIds?.[0] ?? "",
  };
}

export function Day({ stage }: { stage: Stage }) {
  const [at, setAt] = useState(0); // the step that comes next
  const [plot, setPlot] = useState<Plot | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const over = at >= steps.length;
  const play = async () => {
    setBusy(true);
    setError("");
    try {
      const p = at === 0 || over || !plot ? await plotOf(stage) : plot;
      if (!p) throw new Error("No visit is planned from here on. Set the clock back, or start this machine again.");
      setPlot(p);
      const n = over ? 0 : at;
      await steps[n]?.play(p, stage);
      setAt(n + 1);
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e));
    }
    setBusy(false);
  };
  const done = plot && at > 0 ? steps[at - 1] : undefined;
  const next = steps[over ? 0 : at];
  return (
    <section class="day-bar" aria-label="A whole day in two minutes">
      <div class="day-now" role="status">
        {error ? <p class="error">{error}</p> : <p>{done && plot ? done.look(plot) : "A whole day in two minutes: each press does one thing, on the phones and screens below. Or write on any of them yourself."}</p>}
      </div>
      <button class="primary" disabled={busy} onClick={() => void play()}>
        {busy ? "…" : over ? "Another day" : at === 0 ? "Begin the day" : "Next"}
      </button>
      <p class="hint day-next">
        {over ? "" : `${at + 1} of ${steps.length}: `}
        {over ? "" : next && plot ? next.does(plot) : "A client texts before the visit."}
      </p>
    </section>
  );
}
