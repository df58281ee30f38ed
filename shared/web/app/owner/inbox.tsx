// A box of conversations: what is in it, what is open, and what surrounds that.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp, useListen, useLive, useUrl } from "../app";
import { petNames, unreadOf } from "../pets";
import { withQuery } from "../router";
import { common as C, owner as S } from "../strings.en";
import { ActionDialog, Chip, Empty, Icon, Pending, TextField, Time, useAction, useWayBack } from "../ui";
import type { Alert, Box, Suggested, Thread, ThreadList } from "../wire";
import { StartDialog, SuggestedScreen } from "./start";
import { AssignDialog, ThreadScreen } from "./thread";

type Filter = "all" | "unread" | "reply" | "failed" | "flagged";

export function Inbox({ box, home }: { box: Box; home: string }) {
  const app = useApp();
  const url = useUrl();
  const q = url.searchParams;
  const thread = /^\/messages\/t\/([^/]+)$/.exec(url.pathname)?.[1];
  const booking = /^\/messages\/b\/([^/]+)$/.exec(url.pathname)?.[1];
  const [notice, setNotice] = useState("");
  const [starting, setStarting] = useState(false);

  const pane = useRef<HTMLElement>(null);
  useWayBack(pane, thread || booking ? decodeURIComponent(thread ?? booking ?? "") : null);

  const list = useBox(box, q.get("q") ?? "", q.get("f") === "unread");
  const suggested = list.suggested.find((s) => s.bookingId === (booking && decodeURIComponent(booking)));

  return (
    <main class="panes three">
      <section class="list-pane" aria-label={S.tabs[box]} ref={pane}>
        {thread || booking ? <h2 class="sr">{S.tabs[box]}</h2> : <h1 class="sr">{S.tabs[box]}</h1>}
        <Tools box={box} url={url} list={list} onStart={() => setStarting(true)} />
        {notice && (
          <div class="banner" role="status">
            {notice}
          </div>
        )}
        <Rows box={box} url={url} home={home} list={list} open={thread ? decodeURIComponent(thread) : null} openBooking={booking ? decodeURIComponent(booking) : null} />
      </section>
      {thread ? (
        <ThreadScreen
          key={thread}
          id={decodeURIComponent(thread)}
          box={box}
          back={withQuery(url, { box: null }, home)}
          onShown={() => setNotice("")}
          onGone={() => {
            setNotice(S.gone);
            app.router.go(withQuery(url, { box: null }, home), true);
          }}
        />
      ) : booking ? (
        <section class="thread-pane" aria-label={C.messages}>
          <SuggestedScreen key={booking} bookingId={decodeURIComponent(booking)} suggested={suggested ?? null} back={withQuery(url, { box: null }, home)} />
        </section>
      ) : (
        <section class="thread-pane" aria-label={C.messages}>
          <Empty title={S.choose}>
            <p class="keys">{S.chooseWhy}</p>
          </Empty>
        </section>
      )}
      {starting && <StartDialog onClose={() => setStarting(false)} />}
    </main>
  );
}

interface BoxList {
  threads: Thread[];
  suggested: Suggested[];
  alerts: Alert[];
  loaded: boolean;
  error: unknown;
  refresh(): void;
  more: (() => Promise<void>) | null;
}

function useBox(box: Box, search: string, unread: boolean): BoxList {
  const { api } = useApp();
  const path = `/api/messages/threads?box=${box}${search ? `&search=${encodeURIComponent(search)}` : ""}${unread ? "&unread=true" : ""}`;
  const first = useLive<ThreadList>(path, 0, nextEdge);
  const [rest, setRest] = useState<{ path: string; threads: Thread[]; cursor: string | null | undefined }>({ path, threads: [], cursor: undefined });
  const last = useRef<{ box: Box; data: ThreadList } | null>(null);
  if (first.data) last.current = { box, data: first.data };
  // While another search is on its way the rows at hand answer at once.
  const data = first.data ?? (last.current?.box === box ? last.current.data : null);
  const mine = rest.path === path ? rest : { path, threads: [], cursor: undefined };
  const threads = useMemo(() => {
    const ids = new Set<string>();
    return [...(data?.threads ?? []), ...mine.threads].filter((t) => !ids.has(t.id) && ids.add(t.id));
  }, [data, mine.threads]);
  const cursor = mine.cursor === undefined ? data?.cursor : mine.cursor;
  return {
    threads,
    suggested: data?.suggested ?? [],
    alerts: (data?.alerts ?? []).filter((a) => a.open),
    loaded: !!data,
    error: first.error,
    refresh: first.refresh,
    more: cursor
      ? async () => {
          const page = await api.get<ThreadList>(`${path}&cursor=${encodeURIComponent(cursor)}`).catch(() => null);
          if (page) setRest({ path, threads: [...mine.threads, ...(page.threads ?? [])], cursor: page.cursor ?? null });
        }
      : null,
  };
}

function nextEdge(l: ThreadList): number | null {
  const e = Math.min(Infinity, ...(l.threads ?? []).map((t) => (t.window.nextChangeAt ? Date.parse(t.window.nextChangeAt) : Infinity)));
  return e === Infinity ? null : e;
}

const is: Record<Filter, (t: Thread) => boolean> = {
  all: () => true,
  unread: (t) => unreadOf(t) > 0,
  reply: (t) => !!t.needsReply || !!t.open,
  failed: (t) => !!t.failed,
  flagged: (t) => !!t.flagged,
};

function Tools({ box, url, list, onStart }: { box: Box; url: URL; list: BoxList; onStart: () => void }) {
  const { router } = useApp();
  const q = url.searchParams;
  const [text, setText] = useState(q.get("q") ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const f = (q.get("f") ?? "all") as Filter;
  const put = (change: Record<string, string | null>) => router.go(withQuery(router.url, change), true);
  useEffect(() => {
    if ((q.get("q") ?? "") === "") setText("");
  }, [q.get("q")]);
  const sitters: [string, string][] = [...new Map(list.threads.filter((t) => t.sitterId).map((t) => [t.sitterId as string, t.sitterName ?? ""]))];
  const n = (k: Filter) => list.threads.filter(is[k]).length;
  const select = (key: string, label: string, any: string, options: [string, string][]) => (
    <select aria-label={label} onChange={(e) => put({ [key]: e.currentTarget.value || null })}>
      <option value="">{any}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value} selected={q.get(key) === value}>
          {text}
        </option>
      ))}
    </select>
  );
  return (
    <div class="list-tools">
      <div class="row-flex">
        <div class="search grow" role="search">
          <Icon name="search" />
          <input
            type="search"
            data-key="search"
            value={text}
            aria-label={S.search}
            placeholder={S.searchHint}
            onInput={(e) => {
              const v = e.currentTarget.value;
              setText(v);
              clearTimeout(timer.current);
              timer.current = setTimeout(() => put({ q: v.trim() || null }), 250);
            }}
          />
        </div>
        <button class="icon-button primary" aria-label={S.newConversation} title={S.newConversation} onClick={onStart}>
          <Icon name="plus" />
        </button>
      </div>
      <div class="filters" role="group" aria-label={S.filters}>
        {(["all", "unread", "reply", "failed", "flagged"] as const).map((k) => (
          <button key={k} aria-pressed={f === k} data-key={k === "unread" ? "unread" : undefined} onClick={() => put({ f: k === "all" || f === k ? null : k })}>
            {S.filter[k]} {k !== "all" && n(k) > 0 ? n(k) : ""}
          </button>
        ))}
      </div>
      {box !== "billing" && (
        <details open={["sitter", "class", "win"].some((k) => q.get(k))}>
          <summary>{S.moreFilters}</summary>
          <div class="filters">
            {select("sitter", S.sitter, S.anySitter, [...sitters, ["none", S.noSitter]])}
            {select("class", S.number, S.anyClass, Object.entries(S.classes))}
            {select("win", S.windowsTitle, S.anyWindow, Object.entries(S.windows))}
          </div>
        </details>
      )}
    </div>
  );
}

const few = 4; // suggestions, before they would push the conversations out of sight

function Rows({ box, url, home, list, open, openBooking }: { box: Box; url: URL; home: string; list: BoxList; open: string | null; openBooking: string | null }) {
  const { router } = useApp();
  const q = url.searchParams;
  const f = (q.get("f") ?? "all") as Filter;
  const search = (q.get("q") ?? "").toLowerCase();
  const shown = list.threads.filter(
    (t) =>
      (is[f] ?? is.all)(t) &&
      (!q.get("sitter") || (t.sitterId ?? "none") === q.get("sitter")) &&
      (!q.get("class") || t.numberClass === q.get("class")) &&
      (!q.get("win") || t.window.state === q.get("win")),
  );
  const steady = useSteady(shown);
  const [loading, setLoading] = useState(false);
  const [allSuggested, setAllSuggested] = useState(false);
  if (!list.loaded) return <Pending error={list.error} retry={list.refresh} rows={7} />;

  const suggested = box === "conversations" && f === "all" ? list.suggested.filter((s) => !search || `${s.clientName} ${s.sitterName ?? ""}`.toLowerCase().includes(search)) : [];
  const alerts = box === "owner_inbox" && f === "all" && !search ? list.alerts : [];
  const groups = box === "owner_inbox" ? byReason(steady.threads) : [{ title: "", threads: steady.threads }];
  const filtered = f !== "all" || !!search || ["sitter", "class", "win"].some((k) => q.get(k));

  return (
    <div class="rows-box" ref={steady.box} onMouseLeave={steady.release} onFocusOut={steady.release}>
      {steady.waiting > 0 && (
        <button class="updates small" onClick={steady.show}>
          {S.updates(steady.waiting)}
        </button>
      )}
      {alerts.length > 0 && (
        <div class="group">
          <h2>{S.alerts}</h2>
          {alerts.map((a) => (
            <AlertRow key={a.id} alert={a} url={url} />
          ))}
        </div>
      )}
      {suggested.length > 0 && (
        <div class="group">
          <h2>{S.suggested}</h2>
          {suggested.slice(0, allSuggested ? suggested.length : few).map((s) => (
            <SuggestedRow key={s.bookingId} s={s} open={s.bookingId === openBooking} />
          ))}
          {suggested.length > few && (
            <div class="list-more">
              <button class="quiet small" aria-expanded={allSuggested} onClick={() => setAllSuggested(!allSuggested)}>
                {allSuggested ? S.fewer : S.moreSuggested(suggested.length - few)}
              </button>
            </div>
          )}
        </div>
      )}
      {groups.map((g) => (
        <div key={g.title} class="group">
          {g.title && <h2>{g.title}</h2>}
          <ul class="rows">
            {g.threads.map((t) => (
              <Row key={t.id} t={t} box={box} href={withQuery(url, { box: box === "conversations" ? null : box }, `/messages/t/${encodeURIComponent(t.id)}`)} open={t.id === open} />
            ))}
          </ul>
        </div>
      ))}
      {steady.threads.length + suggested.length + alerts.length === 0 &&
        (filtered ? (
          <Empty title={S.hidden([f !== "all" && S.filter[f], search && `“${q.get("q")}”`, q.get("sitter") && S.sitter, q.get("class") && S.classes[q.get("class") ?? ""], q.get("win") && S.windows[q.get("win") as "active"]].filter(Boolean).join(", "))}>
            <button onClick={() => router.go(home)}>{S.clearFilters}</button>
          </Empty>
        ) : (
          <Empty title={S.empty[box]}>
            <p>{S.emptyWhy[box]}</p>
          </Empty>
        ))}
      {list.more && (
        <div class="list-more">
          <button
            disabled={loading}
            onClick={() => {
              setLoading(true);
              void list.more?.().then(() => setLoading(false));
            }}
          >
            {C.loadMore}
          </button>
        </div>
      )}
    </div>
  );
}

/** Rows must not move under a pointer or a focus that is about to be used. */
function useSteady(threads: Thread[]) {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<{ order: string[]; stamps: Map<string, string> }>({ order: [], stamps: new Map() });
  const [, redraw] = useState(0);
  const stamp = (t: Thread) => t.lastMessageAt ?? "";
  const wanted = threads.map((t) => t.id);
  const holding = !!box.current && ((matchMedia("(hover: hover)").matches && box.current.matches(":hover")) || !!box.current.querySelector(".row:focus-visible"));
  const commit = () => (held.current = { order: wanted, stamps: new Map(threads.map((t) => [t.id, stamp(t)])) });
  const byId = new Map(threads.map((t) => [t.id, t]));
  const kept = held.current.order.filter((id) => byId.has(id));
  const same = kept.length === wanted.length && kept.every((id, i) => id === wanted[i]);
  // A change of filter brings other rows: there is nothing to hold on to.
  const overlap = kept.length > 0 && kept.length >= held.current.order.length / 2;
  if (!holding || same || !overlap) {
    commit();
    return { box, threads, waiting: 0, show: () => undefined, release: () => undefined };
  }
  const waiting = threads.filter((t) => held.current.stamps.get(t.id) !== stamp(t)).length;
  return {
    box,
    threads: kept.map((id) => byId.get(id) as Thread),
    waiting,
    show: () => {
      commit();
      redraw((n) => n + 1);
    },
    release: () => redraw((n) => n + 1),
  };
}

const reasons = ["No active assignment window", "Overlapping assignment windows", "Pool number mismatch", "Unknown sender", "Sitter messaging is disabled", "Number is quarantined"];

function byReason(threads: Thread[]): { title: string; threads: Thread[] }[] {
  const of = (t: Thread) => reasons.find((r) => t.openReason?.startsWith(r)) ?? S.otherReason;
  return [...reasons, S.otherReason].map((title) => ({ title, threads: threads.filter((t) => of(t) === title) })).filter((g) => g.threads.length);
}

function Row({ t, box, href, open }: { t: Thread; box: Box; href: string; open: boolean }) {
  const { when, drafts, me } = useApp();
  useListen((f) => drafts.listen(f));
  const n = unreadOf(t);
  const pets = petNames(t.pets);
  const by = t.lastDirection === "inbound" || !t.lastAuthor ? "" : C.by(t.lastFrom === "owner" && `${me.name ?? ""} `.startsWith(t.lastAuthor + " ") ? C.you : t.lastAuthor);
  const draft = drafts.get(t.id);
  const w = t.window;
  return (
    <li>
      <a class={`row ${n ? "unread" : ""}`} href={href} aria-current={open ? "true" : undefined}>
        <span class="row-top">
          <span class="row-name">
            <bdi>{t.clientName || S.unknownSender}</bdi>
            {pets && (
              <span class="row-sub">
                {" "}
                · <bdi>{pets}</bdi>
              </span>
            )}
          </span>
          {t.lastMessageAt && <Time at={t.lastMessageAt} text={when.brief(t.lastMessageAt)} />}
        </span>
        <span class="row-mid">
          <span class="preview" dir="auto">
            {draft ? (
              <em>
                {C.draft}: {draft}
              </em>
            ) : t.lastMessage ? (
              <>
                {by}
                {t.lastMessage}
              </>
            ) : (
              C.nothingYet
            )}
          </span>
          {n > 0 && (
            <span class="pill">
              <span aria-hidden="true">{n > 9 ? "9+" : n}</span>
              <span class="sr">{C.unread(n)}</span>
            </span>
          )}
        </span>
        <span class="row-chips">
          {!!t.failed && (
            <Chip tone="bad" icon="warn">
              {S.failedChip(t.failed)}
            </Chip>
          )}
          {!!t.open && box !== "owner_inbox" && <Chip tone="warn">{S.openChip}</Chip>}
          {t.flagged && (
            <Chip tone="warn" icon="shield">
              {S.flaggedChip}
            </Chip>
          )}
          {box !== "billing" && t.kind === "service" && (
            <>
              <Chip tone={w.state === "active" ? "on" : "off"}>
                {w.state === "active" && w.endAt ? S.activeUntil(when.clock(w.endAt)) : w.state === "upcoming" && w.startAt ? S.nextAt(`${when.date(w.startAt)}, ${when.clock(w.startAt)}`) : S.noWindow}
              </Chip>
              <Chip>{t.sitterName || S.unassigned}</Chip>
            </>
          )}
          {box !== "billing" && t.numberClass && <Chip>{S.classChips[t.numberClass]}</Chip>}
        </span>
      </a>
      {box === "owner_inbox" && <RowActions t={t} href={href} />}
    </li>
  );
}

/** What an owner mostly does with a row of their inbox, without opening it first. */
function RowActions({ t, href }: { t: Thread; href: string }) {
  const { api, live } = useApp();
  const act = useAction();
  const [assigning, setAssigning] = useState(false);
  const who = t.clientName || S.unknownSender;
  return (
    <div class="row-actions">
      <a class="button small" href={href} aria-label={`${S.replyShort}: ${who}`}>
        {S.replyShort}
      </a>
      {t.kind === "service" && !!t.bookingIds?.length && (
        <button class="small" aria-label={`${t.sitterId ? S.reassign : S.assign}: ${who}`} onClick={() => setAssigning(true)}>
          {t.sitterId ? S.reassign : S.assign}
        </button>
      )}
      <button
        class="small"
        disabled={act.busy}
        aria-label={`${S.done}: ${who}`}
        onClick={() => void act.run(() => api.post(`/api/messages/threads/${encodeURIComponent(t.id)}/done`, { done: true }).then(() => live.poke("/api/messages/threads")))}
      >
        <Icon name="check" /> {S.done}
      </button>
      {act.error && (
        <span class="bad" role="alert">
          {act.error}
        </span>
      )}
      {assigning && <AssignDialog page={t} onClose={() => setAssigning(false)} />}
    </div>
  );
}

function SuggestedRow({ s, open }: { s: Suggested; open: boolean }) {
  const { when } = useApp();
  return (
    <a class="suggested" href={`/messages/b/${encodeURIComponent(s.bookingId)}`} aria-current={open ? "true" : undefined}>
      <span class="row-top">
        <span class="row-name">
          <bdi>{s.clientName}</bdi>
        </span>
        <span class="when">{s.service}</span>
      </span>
      <span class="preview">{when.span(s.startAt, s.endAt)}</span>
      <span class="row-chips">
        <Chip>{s.sitterName || S.unassigned}</Chip>
        <Chip tone={s.clientTold ? "on" : "warn"}>{s.clientTold ? S.told : S.notTold}</Chip>
        {s.noNumber && <Chip tone="bad">{S.noNumber}</Chip>}
      </span>
    </a>
  );
}

function AlertRow({ alert: a, url }: { alert: Alert; url: URL }) {
  const { when, api, live } = useApp();
  const [closing, setClosing] = useState(false);
  const act = useAction();
  return (
    <div class={`alert-row ${a.severity}`}>
      <span class="row-top">
        <strong>{a.text}</strong>
        <Time at={a.at} text={when.brief(a.at)} />
      </span>
      <span class="row-flex">
        {a.threadId && <a href={withQuery(url, { box: "owner_inbox" }, `/messages/t/${encodeURIComponent(a.threadId)}`)}>{S.openThread}</a>}
        {a.kind === "consent_wish" && (
          <button class="small" disabled={act.busy} onClick={() => void act.run(() => api.post(`/api/messages/alerts/${encodeURIComponent(a.id)}/accept`, {}).then(() => live.poke("/api/messages/threads")))}>
            {S.noMoreTexts}
          </button>
        )}
        <button class="link" onClick={() => setClosing(true)}>
          {S.resolve}
        </button>
      </span>
      {act.error && (
        <span class="bad" role="alert">
          {act.error}
        </span>
      )}
      {closing && (
        <ActionDialog
          title={S.resolve}
          action={S.resolve}
          onClose={() => setClosing(false)}
          run={async (form) => {
            const note = String(form.get("note") ?? "").trim();
            await api.post(`/api/messages/alerts/${encodeURIComponent(a.id)}/resolve`, note ? { note } : {});
            live.poke("/api/messages/threads");
          }}
        >
          <p>{a.text}</p>
          <TextField label={S.resolveNote} name="note" rows={2} />
        </ActionDialog>
      )}
    </div>
  );
}
