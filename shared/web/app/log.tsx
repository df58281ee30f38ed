// The messages of one conversation: what was said, by whom, and what became of it.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app";
import type { Pending } from "./outbox";
import { common as S } from "./strings.en";
import { preview } from "./pictures";
import { Chip, Icon, Time, Words } from "./ui";
import type { Media, MessageEvent } from "./wire";

type Kind = "text" | "note" | "ask";

/** What a line is: a text, a note of the team, or a sitter's question to the office. */
export const kindOf = (e: MessageEvent): Kind => (e.direction !== "note" ? "text" : e.author.role === "sitter" ? "ask" : "note");

export interface LogProps {
  threadId: string;
  events: MessageEvent[]; // oldest first
  pending: Pending[];
  older: (() => Promise<void>) | null; // load what came before
  unread: number; // of the thread as it was opened
  self: string; // the role whose messages need no name
  extra?: (e: MessageEvent) => ComponentChildren; // what this viewer may know besides
  onRetry: (key: string) => void;
  onEdit: (key: string) => void;
  onDiscard: (key: string) => void;
}

const near = 100; // px from the end that still count as reading the newest

export function Log(p: LogProps) {
  const { when } = useApp();
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const height = useRef(0);
  const room = useRef(0); // the box's own height when it was last looked at
  const [fresh, setFresh] = useState(0);
  const [loading, setLoading] = useState(false);
  const newFrom = useRef<string | null | undefined>(undefined);
  const last = p.events[p.events.length - 1]?.id;
  const first = p.events[0]?.id;
  const known = useRef({ first, last, count: 0 });

  if (newFrom.current === undefined) {
    const inbound = p.events.filter((e) => e.direction === "inbound");
    newFrom.current = p.unread > 0 ? (inbound[inbound.length - Math.min(p.unread, inbound.length)]?.id ?? null) : null;
  }

  const toEnd = () => {
    const b = box.current;
    if (b) b.scrollTop = b.scrollHeight;
    setFresh(0);
  };

  useLayoutEffect(() => {
    const b = box.current;
    if (!b) return;
    const was = known.current;
    if (was.count && first !== was.first && last === was.last) {
      b.scrollTop += b.scrollHeight - height.current; // older ones came in above: stay where the eyes are
    } else if (atEnd.current) {
      b.scrollTop = b.scrollHeight;
    } else if (last !== was.last) {
      const from = p.events.findIndex((e) => e.id === was.last);
      setFresh((n) => n + p.events.length - 1 - from);
    }
    height.current = b.scrollHeight;
    known.current = { first, last, count: p.events.length };
  }, [first, last, p.pending.length]);

  // The box also changes when the keyboard comes up or the composer grows.
  useEffect(() => {
    const b = box.current;
    if (!b) return;
    const o = new ResizeObserver(() => {
      room.current = b.clientHeight;
      if (atEnd.current) b.scrollTop = b.scrollHeight;
    });
    o.observe(b);
    return () => o.disconnect();
  }, []);

  const loadOlder = async () => {
    if (!p.older || loading) return;
    setLoading(true);
    height.current = box.current?.scrollHeight ?? 0;
    await p.older();
    setLoading(false);
  };

  const onScroll = () => {
    const b = box.current;
    if (!b || b.clientHeight !== room.current) return; // it is changing its size, which says nothing of the reader
    atEnd.current = b.scrollHeight - b.scrollTop - b.clientHeight < near;
    if (atEnd.current && fresh) setFresh(0);
    if (b.scrollTop < 40) void loadOlder();
  };

  // A picture has its height only once it is there.
  const onLoad = () => {
    const b = box.current;
    if (b && atEnd.current) b.scrollTop = b.scrollHeight;
  };

  const lastOut = [...p.events].reverse().find((e) => e.direction === "outbound")?.id;
  let day = "";
  return (
    <div class="log-frame">
      <div class="log" role="log" aria-label={S.messages} aria-busy={loading} ref={box} onScroll={onScroll} onLoadCapture={onLoad} tabIndex={0}>
        {p.older && (
          <button class="quiet small older" disabled={loading} onClick={() => void loadOlder()}>
            {loading ? S.loading : S.loadOlder}
          </button>
        )}
        {p.events.map((e) => {
          const d = when.day(e.at);
          const newDay = d !== day;
          day = d;
          return (
            <div key={e.id} class="entry">
              {newDay && (
                <p class="day">
                  <span>{when.dayName(e.at)}</span>
                </p>
              )}
              {e.id === newFrom.current && (
                <p class="new-line">
                  <span>{S.newDivider}</span>
                </p>
              )}
              <Bubble event={e} self={p.self} status={e.id === lastOut} />
              {p.extra?.(e)}
            </div>
          );
        })}
        {p.pending.map((q) => (
          <div key={q.key} class="entry">
            <div class={`bubble out pending ${q.state === "failed" ? "failed" : ""}`}>
              {q.pictures.map((x, i) => (
                <img key={i} class="photo" src={preview(x)} alt={S.chosen(i + 1)} />
              ))}
              {q.text && (
                <p class="words" dir="auto">
                  <Words text={q.text} />
                </p>
              )}
              <p class="meta">
                {q.state === "failed" ? (
                  <>
                    <span class="bad" role="alert">
                      <Icon name="warn" /> {S.notSent}
                    </span>
                    <button class="link" onClick={() => p.onRetry(q.key)}>{S.tryAgain}</button>
                    <button class="link" onClick={() => p.onEdit(q.key)}>{S.edit}</button>
                    <button class="link" onClick={() => p.onDiscard(q.key)}>{S.discard}</button>
                  </>
                ) : (
                  <span>
                    <Icon name="clock" /> {S.sending}
                  </span>
                )}
              </p>
            </div>
          </div>
        ))}
      </div>
      {fresh > 0 && (
        <button class="jump" onClick={toEnd}>
          <Icon name="down" /> {S.newMessages(fresh)}
        </button>
      )}
    </div>
  );
}

/** A picture as one sees it; anything else, and what may not be shown here, as a link. */
function Attached({ m, n, who }: { m: Media; n: number; who: string }) {
  const { env } = useApp();
  const [broken, setBroken] = useState("");
  if (!m.url) return <p class="hint">{m.gone ? S.mediaGone : S.mediaAwaited}</p>;
  const link = /^https?:\/\/|^\/(?!\/)/.test(m.url);
  const shown = m.type.startsWith("image/") && env.shows(m.url) && broken !== m.url;
  const what = shown ? <img class="photo" src={m.url} alt={S.photoOf(n, who)} loading="lazy" onError={() => setBroken(m.url ?? "")} /> : S.attachment(m.type, n);
  return (
    <p>
      {link ? (
        <a href={m.url} target="_blank" rel="noopener noreferrer nofollow">
          {what}
        </a>
      ) : (
        what
      )}
    </p>
  );
}

function Bubble({ event: e, self, status }: { event: MessageEvent; self: string; status: boolean }) {
  const { when } = useApp();
  const out = e.direction === "outbound";
  const kind = kindOf(e);
  const lost = e.status === "failed" || e.status === "undelivered";
  const classes = ["bubble", kind === "text" ? (out ? "out" : "in") : "note", lost || e.blocked ? "failed" : "", e.visibility === "owner" && kind === "text" ? "private" : ""];
  const who = e.author.role === self ? S.you : e.author.name;
  return (
    <article class={classes.filter(Boolean).join(" ")} aria-label={S.messageFrom(kind === "text" ? who : S.kinds[kind] + " " + who)}>
      {kind !== "text" && (
        <p class="note-head">
          <Icon name="note" /> {S.kinds[kind]}
        </p>
      )}
      {e.text && (
        <p class="words" dir="auto">
          <Words text={e.text} marks={e.matches} />
        </p>
      )}
      {(e.media ?? []).map((m, i) => (
        <Attached key={i} m={m} n={i + 1} who={who} />
      ))}
      <p class="meta">
        {(!out || e.author.role !== self) && <span>{who}</span>}
        <Time at={e.at} text={when.clock(e.at)} />
        {e.late && <Chip tone="warn">{S.late}</Chip>}
        {e.blocked ? (
          <span class="bad">
            <Icon name="shield" /> {S.statuses["blocked"]}
          </span>
        ) : (
          out &&
          (status || lost || e.status === "unknown") &&
          S.statuses[e.status] && (
            <span class={lost ? "bad" : ""}>
              <Icon name={lost ? "warn" : e.status === "delivered" || e.status === "sent" ? "check" : "clock"} /> {S.statuses[e.status]}
            </span>
          )
        )}
      </p>
    </article>
  );
}
