// The sitter's page: the conversations of the visits they hold, and nothing else.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp, useListen, useLive, useUrl } from "../app";
import { AccountItems } from "../boot";
import { Composer } from "../composer";
import { Log } from "../log";
import { useNews } from "../news";
import type { Returned } from "../outbox";
import { petNames, unreadOf } from "../pets";
import type { Picture } from "../pictures";
import { common as C, sitter as S } from "../strings.en";
import { threadPath, useConversation } from "../thread";
import { showUnread } from "../title";
import { ActionDialog, Empty, Freshness, Icon, isGone, Menu, onePane, Pending, TextField, Time, useWayBack } from "../ui";
import type { Problem, Thread, ThreadList, ThreadPage } from "../wire";

const listPath = "/api/messages/threads";

export function SitterShell() {
  const app = useApp();
  const url = useUrl();
  const open = /^\/messages\/t\/([^/]+)$/.exec(url.pathname)?.[1];
  const id = open ? decodeURIComponent(open) : null;
  const list = useLive<ThreadList>(app.me.messagingEnabled && app.me.sitterMessagesEnabled ? listPath : null, 0, nextEdge);
  const [notice, setNotice] = useState("");
  const pane = useRef<HTMLElement>(null);
  useWayBack(pane, id);
  const threads = list.data?.threads ?? [];

  useEffect(() => showUnread(threads.reduce((n, t) => n + unreadOf(t), 0)), [list.data]);
  useNews(list.data ? threads : null, id);

  const off = !app.me.messagingEnabled || !app.me.sitterMessagesEnabled;
  return (
    <div class={`sitter ${id ? "has-thread" : ""}`}>
      <header class="top">
        <nav aria-label={C.messages}>
          <a href="/messages" class="tab" aria-current={id ? undefined : "page"}>
            {C.conversations}
          </a>
        </nav>
        <span class="grow" />
        <Freshness />
        <Menu label={C.account} text={<span class="who">{app.me.name || app.api.name || C.account}</span>}>
          <AccountItems app={app} />
        </Menu>
      </header>
      {off ? (
        <main class="plain">
          <h1>{app.me.messagingEnabled ? S.messagesOff : C.messagingOff}</h1>
          <p>{app.me.messagingEnabled ? S.messagesOffWhy : C.messagingOffWhy}</p>
        </main>
      ) : (
        <main class="panes two">
          <section class="list-pane" aria-label={C.conversations} ref={pane}>
            {id ? <h2 class="sr">{C.conversations}</h2> : <h1 class="sr">{C.conversations}</h1>}
            {notice && (
              <div class="banner" role="status">
                {notice}
              </div>
            )}
            {list.data ? <List threads={threads} open={id} /> : <Pending error={list.error} retry={list.refresh} />}
          </section>
          <section class="thread-pane" aria-label={C.messages}>
            {id ? (
              <ThreadScreen
                key={id}
                id={id}
                onGone={() => {
                  app.drafts.set(id, "");
                  app.outbox.forget(id);
                  setNotice(S.gone);
                  app.router.go("/messages", true);
                }}
                onShown={() => setNotice("")}
              />
            ) : (
              <Empty title={S.choose} />
            )}
          </section>
        </main>
      )}
    </div>
  );
}

function nextEdge(l: ThreadList): number | null {
  const edges = (l.threads ?? []).map((t) => (t.window.nextChangeAt ? Date.parse(t.window.nextChangeAt) : Infinity));
  const e = Math.min(Infinity, ...edges);
  return e === Infinity ? null : e;
}

function List({ threads, open }: { threads: Thread[]; open: string | null }) {
  const active = threads.filter((t) => t.window.state === "active");
  const upcoming = threads
    .filter((t) => t.window.state !== "active")
    .sort((a, b) => ((a.window.startAt ?? "") < (b.window.startAt ?? "") ? -1 : 1));
  if (!threads.length)
    return (
      <Empty title={S.empty}>
        <p>{S.emptyWhy}</p>
      </Empty>
    );
  return (
    <>
      {[
        { title: S.activeNow, of: active },
        { title: S.upcoming, of: upcoming },
      ].map(
        (g) =>
          g.of.length > 0 && (
            <div key={g.title} class="group">
              <h2>{g.title}</h2>
              <ul class="rows">
                {g.of.map((t) => (
                  <Row key={t.id} t={t} open={t.id === open} />
                ))}
              </ul>
            </div>
          ),
      )}
    </>
  );
}

function Row({ t, open }: { t: Thread; open: boolean }) {
  const { when, drafts, me } = useApp();
  useListen((f) => drafts.listen(f));
  const n = unreadOf(t);
  const by = t.lastFrom && t.lastFrom !== "client" && t.lastAuthor ? C.by(t.lastFrom === "sitter" && me.name && `${me.name} `.startsWith(t.lastAuthor + " ") ? C.you : t.lastAuthor) : "";
  const pets = petNames(t.pets);
  const w = t.window;
  return (
    <li>
      <a class={`row ${n ? "unread" : ""}`} href={`/messages/t/${encodeURIComponent(t.id)}`} aria-current={open ? "true" : undefined}>
        <span class="row-top">
          <span class="row-name">
            <bdi>{pets || t.clientName}</bdi>
            {pets && <span class="row-sub"> · <bdi>{t.clientName}</bdi></span>}
          </span>
          {t.lastMessageAt && <Time at={t.lastMessageAt} text={when.brief(t.lastMessageAt)} />}
        </span>
        <span class="row-mid">
          <span class="preview" dir="auto">
            {drafts.get(t.id) ? (
              <em>
                {C.draft}: {drafts.get(t.id)}
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
          {w.state === "active" && w.endAt && <span class="chip on">{S.until(when.clock(w.endAt))}</span>}
          {w.state === "upcoming" && w.startAt && <span class="chip off">{when.dateTime(w.startAt)}</span>}
        </span>
      </a>
    </li>
  );
}

function ThreadScreen({ id, onGone, onShown }: { id: string; onGone: () => void; onShown: () => void }) {
  const { when, outbox, api, live, router } = useApp();
  const c = useConversation(id);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [returned, setReturned] = useState<(Returned & { n: number }) | null>(null);
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const data = c.page.data;
  const gone = isGone(c.page.error);

  useEffect(() => {
    if (gone) onGone();
  }, [gone]);
  useLayoutEffect(() => {
    if (!data) return;
    onShown();
    // At once: focus that comes late would be taken from somebody who already types.
    if (onePane(heading.current)) heading.current?.focus({ preventScroll: true });
  }, [!!data]);

  if (!data) return <Pending error={gone ? null : c.page.error} retry={c.page.refresh} />;
  const pets = petNames(data.pets);
  const back = (what: Returned) => setReturned((r) => ({ ...what, n: (r?.n ?? 0) + 1 }));

  const attempt = async (what: Returned, sending: Promise<Problem | null>) => {
    setProblem(null);
    const refused = await sending;
    if (!refused) return;
    back(what);
    setProblem(refused);
    live.poke("/api/messages/");
  };

  return (
    <>
      <header class="thread-head">
        <a class="icon-button back" href="/messages" aria-label={C.back}>
          <Icon name="back" />
        </a>
        <div class="thread-title">
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{pets || data.clientName}</bdi>
            {pets && <span class="row-sub"> · <bdi>{data.clientName}</bdi></span>}
          </h1>
          <p class={`window-line ${data.window.state}`}>{data.window.text}</p>
        </div>
        <button class="quiet small" onClick={() => setAsking(true)}>
          {S.askTitle}
        </button>
        <Menu label={C.moreActions}>
          <button
            data-key="u"
            onClick={() => {
              // Out of it first: what is open on the screen is read.
              router.go("/messages");
              void api.post(threadPath(id) + "/read", { read: false }).then(
                () => {
                  live.forget(threadPath(id));
                  live.poke("/api/messages/threads");
                },
                () => undefined,
              );
            }}
          >
            {C.markUnread}
          </button>
        </Menu>
      </header>
      {asked && (
        <div class="banner" role="status">
          {S.asked}
        </div>
      )}
      <Log
        threadId={id}
        events={c.events}
        pending={c.pending}
        older={c.older}
        unread={c.unread}
        self="sitter"
        onRetry={(key) => {
          const what = c.pending.find((q) => q.key === key);
          if (what) void attempt(what, outbox.retry(key));
        }}
        onEdit={(key) => back(outbox.take(key))}
        onDiscard={(key) => void outbox.take(key)}
      />
      <Composer
        draftId={id}
        label={S.write(data.clientName)}
        placeholder={S.writeHere}
        quick={S.quick}
        pictures
        returned={returned}
        closed={data.window.state === "active" ? null : <Closed page={data} ask={() => setAsking(true)} />}
        banner={
          problem && (
            <>
              <p role="alert">{explain(problem)}</p>
              <button type="button" class="small" onClick={() => setProblem(null)}>
                {S.ok}
              </button>
            </>
          )
        }
        onSend={(text: string, pictures: Picture[]) => {
          setAsked(false);
          void attempt({ text, pictures }, outbox.send(id, text, pictures));
        }}
      />
      {asking && (
        <ActionDialog
          title={S.askTitle}
          action={S.askSend}
          onClose={() => setAsking(false)}
          run={async (form) => {
            await api.post(threadPath(id) + "/ask", { text: String(form.get("text") ?? "").trim() });
            setAsked(true);
            live.poke(threadPath(id));
          }}
        >
          <p>{S.askWhy}</p>
          <TextField label={S.askLabel} name="text" rows={3} required />
        </ActionDialog>
      )}
    </>
  );

  function explain(p: Problem): string {
    switch (p.code) {
      case "ANTI_POACHING_BLOCKED":
        return S.stopped;
      case "NO_ACTIVE_WINDOW":
        return p.nextWindow ? `${S.closedNow} ${S.opens(when.dateTime(p.nextWindow.startAt))}` : S.closedNow;
      case "SITTER_LOCKED":
        return S.locked;
      case "RECIPIENT_OPTED_OUT":
        return S.optedOut;
      default:
        return S.refused;
    }
  }
}

function Closed({ page, ask }: { page: ThreadPage; ask: () => void }) {
  const { when } = useApp();
  return (
    <p>
      {page.window.state === "upcoming" && page.window.startAt ? S.opens(when.dateTime(page.window.startAt)) : S.noWindow} {S.cantWait}{" "}
      <button type="button" class="link" onClick={ask}>
        {S.ask}
      </button>
      .
    </p>
  );
}

