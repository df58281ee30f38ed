// One conversation as the owner sees it: all of it, and what can be done about it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { Composer } from "../composer";
import { kindOf, Log } from "../log";
import { petNames } from "../pets";
import { common as C, owner as S } from "../strings.en";
import type { Returned } from "../outbox";
import { threadPath, useConversation } from "../thread";
import { ActionDialog, Chip, Icon, isGone, Menu, onePane, Pending, SelectField, TextField, useAction } from "../ui";
import type { Booking, Box, MessageEvent, Problem, Sitter, Thread, ThreadPage } from "../wire";
import { Side } from "./side";
import { WhyDialog } from "./why";

// What one part of a text costs in the US with the usual carrier fee, in dollars.
export const price = 0.0118;

type Ask = "assign" | "extend" | null;

export function ThreadScreen({ id, box, back, onGone, onShown }: { id: string; box: Box; back: string; onGone: () => void; onShown: () => void }) {
  const { api, live, router } = useApp();
  const c = useConversation(id);
  const [ask, setAsk] = useState<Ask>(null);
  const [side, setSide] = useState(false);
  const [why, setWhy] = useState<MessageEvent | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const act = useAction();
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

  if (!data)
    return (
      <section class="thread-pane" aria-label={C.messages}>
        <Pending error={gone ? null : c.page.error} retry={c.page.refresh} />
      </section>
    );
  const pets = petNames(data.pets);
  const service = data.kind === "service";
  const changed = () => live.poke("/api/");
  const done = !data.needsReply && !data.open;

  return (
    <>
      <section class="thread-pane" aria-label={C.messages}>
        <header class="thread-head">
          <a class="icon-button back" href={back} aria-label={C.back}>
            <Icon name="back" />
          </a>
          <div class="thread-title">
            <h1 ref={heading} tabIndex={-1}>
              <bdi>{data.clientName || S.unknownSender}</bdi>
              {pets && (
                <span class="row-sub">
                  {" "}
                  · <bdi>{pets}</bdi>
                </span>
              )}
            </h1>
            <p class={`window-line ${data.window.state}`}>{service ? data.window.text : kindName(data.kind)}</p>
          </div>
          {data.optedOut && <Chip tone="bad">{S.optedOut}</Chip>}
          {data.numberClass && service && <Chip>{S.classChips[data.numberClass]}</Chip>}
          <button data-key="e" class="small" aria-pressed={done} disabled={act.busy} onClick={() => void act.run(() => api.post(threadPath(id) + "/done", { done: !done }).then(changed))}>
            <Icon name="check" /> {S.done}
          </button>
          <Menu label={C.moreActions}>
            {service && <button onClick={() => setAsk("assign")}>{data.sitterId ? S.reassign : S.assign}</button>}
            {data.window.state === "active" && <button onClick={() => setAsk("extend")}>{S.extend}</button>}
            <button
              data-key="u"
              onClick={() => {
                // Out of it first: what is open on the screen is read.
                router.go(back);
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
            <button class="narrow-only" onClick={() => setSide(!side)}>
              {S.details}
            </button>
          </Menu>
        </header>
        {act.error && (
          <div class="banner bad" role="alert">
            {act.error}
          </div>
        )}
        {data.carrierBlocked && (
          <div class="banner bad" role="status">
            {S.carrierBlocked(data.number ?? "")}
          </div>
        )}
        <Conversation id={id} data={data} c={c} box={box} onWhy={setWhy} onAssign={() => setAsk("assign")} changed={changed} />
      </section>
      <aside class={`side-pane ${side ? "" : "shut"}`} aria-label={S.details}>
        <button class="quiet small narrow-only" onClick={() => setSide(false)}>
          <Icon name="close" /> {C.close}
        </button>
        <Side page={data} events={c.events} onWhy={setWhy} onAssign={() => setAsk("assign")} />
      </aside>
      {ask === "assign" && <AssignDialog page={data} onClose={() => setAsk(null)} />}
      {ask === "extend" && (
        <ActionDialog
          title={S.extend}
          action={S.extend}
          onClose={() => setAsk(null)}
          run={async (f) => {
            await api.post(threadPath(id) + "/extend", { minutes: Number(f.get("minutes")), reason: String(f.get("reason")).trim() });
            changed();
          }}
        >
          <SelectField label={S.extendBy} name="minutes" value="30" options={[15, 30, 60, 120].map((m) => ({ value: String(m), text: S.minutes(m) }))} />
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {why && <WhyDialog event={why} page={data} onClose={() => setWhy(null)} />}
    </>
  );
}

function kindName(kind: ThreadPage["kind"]): string {
  return kind === "billing" ? S.tabs.billing : kind === "guest" ? S.unknownSender : S.frontDesk;
}

interface ConversationProps {
  id: string;
  data: ThreadPage;
  c: ReturnType<typeof useConversation>;
  box: Box;
  onWhy: (e: MessageEvent) => void;
  onAssign: () => void;
  changed: () => void;
}

function Conversation({ id, data, c, onWhy, onAssign, changed }: ConversationProps) {
  const { outbox, api, when, live, me } = useApp();
  const [note, setNote] = useState(false);
  const [visibility, setVisibility] = useState<"auto" | "all" | "owner">("auto");
  const [problem, setProblem] = useState<string>("");
  const [returned, setReturned] = useState<(Returned & { n: number }) | null>(null);
  const [confirm, setConfirm] = useState<Returned | null>(null);
  const confirmed = useRef(false);
  const giveBack = (what: Returned) => setReturned((r) => ({ ...what, n: (r?.n ?? 0) + 1 }));

  const attempt = async (what: Returned, sending: Promise<Problem | null>) => {
    setProblem("");
    const refused = await sending;
    if (!refused) return;
    giveBack(what);
    setProblem(S.refusals[refused.code] ?? refused.detail ?? S.refused);
  };
  const send = (what: Returned) => {
    void attempt(what, outbox.send(id, what.text, what.pictures, visibility === "auto" ? undefined : visibility));
    setVisibility("auto");
  };
  const saveNote = async (text: string) => {
    setProblem("");
    try {
      await api.post(threadPath(id) + "/notes", { text });
      live.poke(threadPath(id));
      setNote(false);
    } catch {
      giveBack({ text, pictures: [] });
      setProblem(C.notDone);
    }
  };
  const asker = [...c.events].reverse().find((e) => kindOf(e) === "ask")?.author.name;
  // Somebody is in the middle of a conversation there: say so once.
  const busy = data.window.state === "active" && data.sitterId && data.window.endAt;

  return (
    <>
      <Log
        threadId={id}
        events={c.events}
        pending={c.pending}
        older={c.older}
        unread={c.unread}
        self="owner"
        extra={(e) => <Extra e={e} page={data} onWhy={onWhy} onAssign={onAssign} changed={changed} />}
        onRetry={(key) => {
          const what = c.pending.find((q) => q.key === key);
          if (what) void attempt(what, outbox.retry(key));
        }}
        onEdit={(key) => giveBack(outbox.take(key))}
        onDiscard={(key) => void outbox.take(key)}
      />
      <div class={`row-flex modes ${note ? "note" : ""}`}>
        <div role="group" aria-label={S.writeKind} class="row-flex">
          <button class="small" aria-pressed={!note} onClick={() => setNote(false)}>
            {S.reply}
          </button>
          <button class="small" aria-pressed={note} onClick={() => setNote(true)}>
            <Icon name="note" /> {S.note}
          </button>
        </div>
        <span class="hint grow">{!note ? S.sendAs(sender(data)) : asker ? S.noteAnswer(asker) : S.noteWhy}</span>
      </div>
      {note ? (
        <Composer
          key="note"
          draftId={id + "#note"}
          label={S.note}
          placeholder={S.writeNote}
          action={S.noteSend}
          tone="note"
          counted={false}
          returned={returned}
          banner={problem && <p role="alert">{problem}</p>}
          onSend={(t) => void saveNote(t)}
        />
      ) : (
        <Composer
          key="text"
          draftId={id}
          label={S.writeTo(data.clientName || S.unknownSender)}
          placeholder={S.writeHere}
          price={price}
          pictures
          returned={returned}
          banner={problem && <p role="alert">{problem}</p>}
          tools={(insert) => (
            <>
              <Canned answers={me.canned ?? []} insert={insert} />
              {data.kind === "service" && (
                <select class="small" aria-label={S.visibility} value={visibility} onChange={(e) => setVisibility(e.currentTarget.value as "auto")}>
                  {(["auto", "all", "owner"] as const).map((v) => (
                    <option key={v} value={v}>
                      {S.visibilities[v]}
                    </option>
                  ))}
                </select>
              )}
            </>
          )}
          onSend={(text, pictures) => {
            if (busy && !confirmed.current) setConfirm({ text, pictures });
            else send({ text, pictures });
          }}
        />
      )}
      {confirm !== null && busy && (
        <ActionDialog
          title={S.insideTitle}
          action={S.sendAnyway}
          onClose={() => {
            if (!confirmed.current) giveBack(confirm);
            setConfirm(null);
          }}
          run={async () => {
            confirmed.current = true;
            send(confirm);
          }}
        >
          <p>{S.insideWindow(data.sitterName || S.sitter, when.clock(busy))}</p>
        </ActionDialog>
      )}
    </>
  );
}

function sender(t: ThreadPage): string {
  return t.kind === "service" && t.numberClass && t.numberClass !== "front_desk" ? `${S.frontDesk} · ${S.classes[t.numberClass]?.toLowerCase()} ${S.number.toLowerCase()}` : S.frontDesk;
}

export function Canned({ answers, insert }: { answers: string[]; insert: (t: string) => void }) {
  return (
    <div class="up">
      <Menu label={S.canned} text={S.canned}>
        {answers.length === 0 && <p class="hint">{S.noCanned}</p>}
        {answers.map((a) => (
          <button key={a} type="button" onClick={() => insert(a)}>
            {a}
          </button>
        ))}
      </Menu>
    </div>
  );
}

/** What the owner may know and do about one message, right under it. */
function Extra({ e, page, onWhy, onAssign, changed }: { e: MessageEvent; page: ThreadPage; onWhy: (e: MessageEvent) => void; onAssign: () => void; changed: () => void }) {
  const { api } = useApp();
  const act = useAction();
  const [releasing, setReleasing] = useState(false);
  const [allowing, setAllowing] = useState(false);
  const r = e.routing;
  const path = `/api/messages/events/${encodeURIComponent(e.id)}`;
  const toOwner = e.direction === "inbound" && r && r.routingTarget !== "sitter";
  const lost = e.direction === "outbound" && ["failed", "undelivered", "unknown"].includes(e.status);
  const stopped = e.direction === "outbound" && e.blocked;
  const held = e.direction === "inbound" && e.blocked;
  // Places are in bytes.
  const bytes = new TextEncoder().encode(e.text);
  const matched = (e.matches ?? []).filter((m) => m.end > m.start).map((m) => new TextDecoder().decode(bytes.slice(m.start, m.end)));
  const shown = (e.forwardedTo ?? []).map((id) => nameOf(page, id)).join(", ");
  const purpose = e.direction === "outbound" && S.purposes[e.purpose ?? ""];
  const families = [...new Set((e.matches ?? []).map((m) => m.family.replace(/_/g, " ")))].join(", ");
  if (!toOwner && !lost && !stopped && !purpose && !e.flagged && !e.releasedBecause && !(shown && kindOf(e) === "note")) return null;
  const hidden = held ? !shown : toOwner && e.visibility === "owner" && !shown && [9, 10, 11].includes(r.rule);
  const there = r?.rule === 10 ? (page.choices ?? []) : [];
  const forward = (sitterId?: string) => act.run(() => api.post(path + "/forward", sitterId ? { sitterId } : {}).then(changed));
  return (
    <div class={`sys ${lost || stopped ? "loud" : ""}`}>
      {toOwner && (
        <>
          <span>
            <Icon name="info" /> {S.routedTo[r.routingTarget] ?? r.routingTarget} — {r.routingReason}
          </span>
          <button class="link" onClick={() => onWhy(e)}>
            {S.whyHere}
          </button>
        </>
      )}
      {hidden &&
        (there.length > 1
          ? there.map((s) => (
              <button key={s.sitterId} class="link" disabled={act.busy} onClick={() => void forward(s.sitterId)}>
                {S.chooseSitter(s.sitterName)}
              </button>
            ))
          : page.sitterId && (
              <button class="link" disabled={act.busy} onClick={() => void forward()}>
                {S.showSitter}
              </button>
            ))}
      {toOwner && e.open && page.kind === "service" && !page.sitterId && <OneTap page={page} act={act} changed={changed} onAssign={onAssign} />}
      {stopped && (
        <span>
          <Icon name="shield" /> {S.swapBlocked(families)}
        </span>
      )}
      {purpose && (
        <span>
          <Icon name="info" /> {purpose}
        </span>
      )}
      {e.flagged && !stopped && (
        <span>
          <Icon name="shield" /> {S.flaggedChip}
          {families && ` (${families})`}
        </span>
      )}
      {e.flagged && e.seenBySitter && <span>{S.shownAs(e.seenBySitter)}</span>}
      {shown && <span>{S.answered(shown)}</span>}
      {e.releasedBecause && <span>{S.releasedBecause(e.releasedBecause)}</span>}
      {lost && e.statusText && <span>{e.statusText}</span>}
      {lost && (
        <button class="link" disabled={act.busy} onClick={() => void act.run(() => api.post(path + "/retry", {}).then(changed))}>
          {S.retry}
        </button>
      )}
      {stopped && (
        <button class="link" onClick={() => setReleasing(true)}>
          {S.release}
        </button>
      )}
      {e.flagged && matched.length > 0 && page.kind === "service" && (
        <button class="link" onClick={() => setAllowing(true)}>
          {S.allow}
        </button>
      )}
      {act.error && (
        <span class="bad" role="alert">
          {act.error}
        </span>
      )}
      {allowing && (
        <ActionDialog
          title={S.allowTitle}
          action={S.allow}
          onClose={() => setAllowing(false)}
          run={async (f) => {
            const reason = String(f.get("reason")).trim();
            for (const text of matched) await api.post(`/api/messages/threads/${encodeURIComponent(page.id)}/exceptions`, { text, reason });
            changed();
          }}
        >
          <p>{S.allowWhy}</p>
          <blockquote class="words">{matched.join("\n")}</blockquote>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {releasing && (
        <ActionDialog
          title={S.releaseTitle}
          action={S.release}
          danger
          onClose={() => setReleasing(false)}
          run={async (f) => {
            await api.post(path + "/release", { reason: String(f.get("reason")).trim() });
            changed();
          }}
        >
          <p>{S.releaseWhy}</p>
          <blockquote class="words">{e.text}</blockquote>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
    </div>
  );
}

/** The sitters at hand, one tap each; with more than a few, or several bookings, the dialog. */
function OneTap({ page, act, changed, onAssign }: { page: ThreadPage; act: ReturnType<typeof useAction>; changed: () => void; onAssign: () => void }) {
  const { api } = useApp();
  const sitters = (useLive<{ sitters: Sitter[] | null }>("/api/sitters", 60_000).data?.sitters ?? []).filter((s) => s.active);
  if (!sitters.length || sitters.length > 4 || (page.bookingIds ?? []).length > 1)
    return (
      <button class="link" onClick={onAssign}>
        {S.assign}
      </button>
    );
  return (
    <>
      {sitters.map((s) => (
        <button key={s.id} class="link" disabled={act.busy} onClick={() => void act.run(() => api.post(threadPath(page.id) + "/assign", { sitterId: s.id, reason: S.chosenHere }).then(changed))}>
          {S.assignNow(s.name)}
        </button>
      ))}
    </>
  );
}

/** A sitter of this conversation by name, as far as it names them. */
function nameOf(page: ThreadPage, id: string): string {
  return [...(page.windows ?? []), ...(page.choices ?? [])].find((w) => w.sitterId === id)?.sitterName || (page.sitterId === id && page.sitterName) || S.sitter;
}

export function AssignDialog({ page, booking, onClose }: { page?: Thread; booking?: Booking; onClose: () => void }) {
  const { api, live, when } = useApp();
  const sitters = useLive<{ sitters: Sitter[] | null }>("/api/sitters", 30_000);
  const ids = page?.bookingIds ?? [];
  const [bookings, setBookings] = useState<Booking[]>(booking ? [booking] : []);
  useEffect(() => {
    if (!booking) void Promise.all(ids.slice(0, 10).map((id) => api.get<Booking>(`/api/bookings/${encodeURIComponent(id)}`).catch(() => null))).then((all) => setBookings(all.filter((b): b is Booking => !!b && (b.status === "pending" || b.status === "confirmed"))));
  }, []);
  const now = booking?.sitterId ?? page?.sitterId ?? "";
  // There from the beginning, so that it has the focus: with whom it is now, until the others are known.
  const known = sitters.data ? (sitters.data.sitters ?? []).filter((s) => s.active) : now ? [{ id: now, name: page?.sitterName || S.sitter }] : [];
  const options = [{ value: "", text: S.nobody }, ...known.map((s) => ({ value: s.id, text: s.name }))];
  return (
    <ActionDialog
      title={S.assignTitle}
      action={now ? S.reassign : S.assign}
      onClose={onClose}
      run={async (f) => {
        const sitterId = String(f.get("sitter")) || null;
        const reason = String(f.get("reason") ?? "").trim();
        if (booking) await api.request(`/api/bookings/${encodeURIComponent(booking.id)}`, { method: "PATCH", body: { sitterId } });
        else if (page) {
          const bookingId = String(f.get("booking") ?? "");
          await api.post(threadPath(page.id) + "/assign", { sitterId, reason, ...(bookingId ? { bookingId } : {}) });
        }
        live.poke("/api/");
      }}
    >
      {!booking && bookings.length > 1 && <SelectField label={S.booking} name="booking" value={bookings[0]?.id ?? ""} options={bookings.map((b) => ({ value: b.id, text: `${b.service}, ${when.span(b.startAt, b.endAt)}` }))} />}
      {sitters.data || !sitters.error ? <SelectField label={S.assignTo} name="sitter" value={now} options={options} hint={S.assignWhy} /> : <Pending error={sitters.error} retry={sitters.refresh} rows={1} />}
      {!booking && <TextField label={S.reasonMaybe} name="reason" />}
    </ActionDialog>
  );
}
