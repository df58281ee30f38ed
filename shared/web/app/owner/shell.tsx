// The owner's frame: tabs, counts, the keyboard, and which screen is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import { useApp, useLive, useUrl } from "../app";
import { AccountItems } from "../boot";
import { useNews } from "../news";
import { unreadOf } from "../pets";
import { withQuery } from "../router";
import { common as C, owner as S } from "../strings.en";
import { showUnread } from "../title";
import { Dialog, Freshness, Menu } from "../ui";
import type { Box, ThreadList } from "../wire";
import { BookingsScreen } from "./bookings";
import { DiagnosticsScreen } from "./diagnostics";
import { Inbox } from "./inbox";
import { NumbersScreen } from "./numbers";
import { PeopleScreen } from "./people";
import { SettingsScreen } from "./settings";

const home: Record<Box, string> = { conversations: "/messages", owner_inbox: "/messages/inbox", billing: "/messages/billing" };

/** Which of the boxes an address belongs to. */
function boxOf(url: URL): Box | null {
  const named = Object.entries(home).find(([, path]) => path === url.pathname)?.[0] as Box | undefined;
  if (named) return named;
  if (!/^\/messages\/[tb]\//.test(url.pathname)) return null;
  const q = url.searchParams.get("box");
  return q === "owner_inbox" || q === "billing" ? q : "conversations";
}

interface Count {
  n: number;
  more: boolean; // besides those that were counted
}

/** Of the first page. An unread one at its end says that there are more below. */
function unreadIn(l: ThreadList | null): Count {
  const threads = l?.threads ?? [];
  const end = threads[threads.length - 1];
  return { n: threads.filter((t) => unreadOf(t) > 0).length, more: !!l?.cursor && !!end && unreadOf(end) > 0 };
}

export const listPath = (box: Box) => `/api/messages/threads?box=${box}`;

export function OwnerShell() {
  const app = useApp();
  const url = useUrl();
  const box = boxOf(url);
  const on = app.me.messagingEnabled && app.me.role === "owner";
  // Only the counts of the other tabs: they may be older than what is being looked at.
  const all = useLive<ThreadList>(on ? listPath("conversations") : null, 15_000).data;
  const inbox = useLive<ThreadList>(on ? listPath("owner_inbox") : null, 15_000).data;
  const billing = useLive<ThreadList>(on ? listPath("billing") : null, 30_000).data;
  const [help, setHelp] = useState(false);
  // What moves the one list mostly moves the others: their counts should not lag behind.
  const moved = useRef(all);
  useEffect(() => {
    if (moved.current && all !== moved.current) for (const b of ["owner_inbox", "billing"] as const) app.live.poke(listPath(b));
    moved.current = all;
  }, [all]);
  const counts: Record<Box, Count> = {
    conversations: unreadIn(all),
    owner_inbox: { n: (inbox?.threads?.length ?? 0) + (inbox?.alerts ?? []).filter((a) => a.open).length, more: !!inbox?.cursor },
    billing: unreadIn(billing),
  };

  useEffect(() => showUnread((all?.threads ?? []).reduce((n, t) => n + unreadOf(t), 0)), [all]);
  const open = /^\/messages\/t\/([^/]+)$/.exec(url.pathname)?.[1];
  useNews(all ? (all.threads ?? []) : null, open ? decodeURIComponent(open) : null);
  useKeys(url, box, () => setHelp(true));

  const tab = (path: string, text: string, here: boolean, { n, more }: Count = { n: 0, more: false }, said: (n: string) => string = C.unreadSaid) => (
    <a key={path} class="tab" href={path} aria-current={here ? "page" : undefined}>
      {text}
      {n > 0 && (
        <span class="pill">
          <span aria-hidden="true">{C.atLeast(n, more)}</span>
          <span class="sr">{said(C.atLeast(n, more))}</span>
        </span>
      )}
    </a>
  );

  const ops = app.me.role === "ops";
  return (
    <div class={`owner ${/^\/messages\/[tb]\//.test(url.pathname) ? "has-thread" : ""}`}>
      <header class="top">
        <span class="brand">
          <span class="brand-word">{app.me.orgName || C.product}</span>
        </span>
        <nav aria-label={C.messages}>
          {!ops && (["conversations", "owner_inbox", "billing"] as const).map((b) => tab(home[b], S.tabs[b], box === b, counts[b], b === "owner_inbox" ? S.waiting : undefined))}
          {tab("/messages/diagnostics", S.tabs.diagnostics, url.pathname === "/messages/diagnostics")}
        </nav>
        <span class="grow" />
        <Freshness />
        <Menu label={C.account} text={<span class="who">{app.me.name || app.api.name || (ops ? S.operator : C.account)}</span>}>
          {!ops && (
            <>
              <a href="/messages/bookings">{S.bookings}</a>
              <a href="/messages/people">{S.people}</a>
              <a href="/messages/numbers">{S.numbers}</a>
              <a href="/messages/settings">{S.settings}</a>
            </>
          )}
          <button class="quiet" onClick={() => setHelp(true)}>
            {S.shortcuts}
          </button>
          <AccountItems app={app} />
        </Menu>
      </header>
      <Screen url={url} box={box} />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function Screen({ url, box }: { url: URL; box: Box | null }) {
  const { me } = useApp();
  if (me.role === "ops") return <DiagnosticsScreen />;
  switch (url.pathname) {
    case "/messages/diagnostics":
      return <DiagnosticsScreen />;
    case "/messages/bookings":
      return <BookingsScreen />;
    case "/messages/people":
      return <PeopleScreen />;
    case "/messages/numbers":
      return <NumbersScreen />;
    case "/messages/settings":
      return <SettingsScreen />;
  }
  if (!me.messagingEnabled)
    return (
      <main class="plain">
        <h1>{C.messagingOff}</h1>
        <p>{C.messagingOffWhy}</p>
      </main>
    );
  return <Inbox box={box ?? "conversations"} home={home[box ?? "conversations"]} />;
}

const keysOff = "snout-single-keys-off";

/** Shortcuts never take a key from somebody who types, and can be switched off. */
function useKeys(url: URL, box: Box | null, help: () => void): void {
  const { router } = useApp();
  const now = useRef({ url, box, help });
  now.current = { url, box, help };
  useEffect(() => {
    const page = () => document.querySelector(".owner"); // it may stand beside other things
    let g = -Infinity; // when g was pressed, waiting for its second key
    const press = (selector: string) => {
      const el = page()?.querySelector<HTMLElement>(selector);
      el?.focus();
      return el;
    };
    const step = (by: number) => {
      const rows = [...(page()?.querySelectorAll<HTMLAnchorElement>(".rows a.row") ?? [])];
      const at = rows.findIndex((r) => r.getAttribute("aria-current"));
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))] ?? rows[0];
      if (!next) return;
      router.go(next.getAttribute("href") ?? "/messages");
      next.scrollIntoView({ block: "nearest" });
    };
    const onKey = (e: KeyboardEvent) => {
      if (e.isComposing || document.querySelector("dialog[open]")) return;
      const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
      if (e.altKey && !e.ctrlKey && !e.metaKey && (e.code === "KeyJ" || e.code === "KeyK")) {
        e.preventDefault();
        return step(e.code === "KeyJ" ? 1 : -1);
      }
      if (e.altKey || e.ctrlKey || e.metaKey) return;
      const t = e.target as HTMLElement;
      const typing = t.matches("input, textarea, select, [contenteditable]");
      if (key === "Escape") {
        if (typing) return t.blur();
        if (/^\/messages\/[tb]\//.test(now.current.url.pathname)) {
          router.go(withQuery(now.current.url, { box: null }, home[now.current.box ?? "conversations"]));
        }
        return;
      }
      if (typing || localStorage.getItem(keysOff)) return;
      if (performance.now() - g < 1500) {
        g = -Infinity;
        const to = { c: "/messages", i: "/messages", o: "/messages/inbox", b: "/messages/billing", d: "/messages/diagnostics" }[key];
        if (to) router.go(to);
        return;
      }
      switch (key) {
        case "g":
          g = performance.now();
          return;
        case "?":
          return now.current.help();
        case "j":
          return step(1);
        case "k":
          return step(-1);
        case "e":
          page()?.querySelector<HTMLElement>("[data-key=e]")?.click();
          return;
        case "u":
          (page()?.querySelector<HTMLElement>("[data-key=u]") ?? page()?.querySelector<HTMLElement>("[data-key=unread]"))?.click();
          return;
        case "/":
          e.preventDefault();
          press("[data-key=search]");
          return;
        case "r":
          e.preventDefault();
          press(".composer textarea");
          return;
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function Help({ onClose }: { onClose: () => void }) {
  const [off, setOff] = useState(!!localStorage.getItem(keysOff));
  return (
    <Dialog title={S.shortcuts} onClose={onClose}>
      <table>
        <tbody>
          {S.keys.map(([keys, what]) => (
            <tr key={keys}>
              <td class="nowrap">
                {keys.split("  ").map((k) => (
                  <span key={k}>
                    <kbd>{k}</kbd>{" "}
                  </span>
                ))}
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="row-flex">
        <input
          type="checkbox"
          checked={!off}
          onChange={(e) => {
            const to = !e.currentTarget.checked;
            setOff(to);
            if (to) localStorage.setItem(keysOff, "1");
            else localStorage.removeItem(keysOff);
          }}
        />
        {S.singleKeys}
      </label>
    </Dialog>
  );
}
