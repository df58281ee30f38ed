// Beside a conversation: the booking, the people, the windows, and how texts were routed.
import { useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { kindOf } from "../log";
import { petNames } from "../pets";
import { owner as S } from "../strings.en";
import { Chip, Time, useAction } from "../ui";
import type { Booking, Client, MessageEvent, ThreadPage } from "../wire";
import { AssignDialog } from "./thread";

export function Side({ page, events, onWhy, onAssign }: { page: ThreadPage; events: MessageEvent[]; onWhy: (e: MessageEvent) => void; onAssign: () => void }) {
  const { api, live, when, env } = useApp();
  const act = useAction();
  const ids = page.bookingIds ?? [];
  const client = useLive<Client>(page.clientId ? `/api/clients/${encodeURIComponent(page.clientId)}` : null, 60_000).data;
  const windows = [...(page.windows ?? [])].filter((w) => Date.parse(w.endAt) > env.now() - 86_400e3).sort((a, b) => (a.startAt < b.startAt ? -1 : 1));
  const routed = events.filter((e) => e.direction === "inbound" && e.routing).slice(-5).reverse();
  const notes = events.filter((e) => kindOf(e) === "note").slice(-3).reverse();
  return (
    <>
      <section>
        <h2>{S.booking}</h2>
        {ids.length === 0 && <p class="hint">{S.noBooking}</p>}
        {ids.slice(0, 3).map((id) => (
          <BookingCard key={id} id={id} />
        ))}
        {ids.length > 3 && <a href="/messages/bookings">{S.allBookings}</a>}
      </section>
      <section>
        <h2>{S.client}</h2>
        <dl class="facts">
          <dt>{S.client}</dt>
          <dd>
            <bdi>{page.clientName || S.unknownSender}</bdi>
          </dd>
          {page.clientPhone && (
            <>
              <dt>{S.phone}</dt>
              <dd class="num">{(page.clientPhones?.length ? page.clientPhones : [page.clientPhone]).join(", ")}</dd>
            </>
          )}
          {!!page.pets?.length && (
            <>
              <dt>{S.pets}</dt>
              <dd>
                <bdi>{petNames(page.pets)}</bdi>
              </dd>
            </>
          )}
          {page.number && (
            <>
              <dt>{S.number}</dt>
              <dd class="num">
                {page.number} {page.numberClass && <Chip>{S.classes[page.numberClass]}</Chip>}
              </dd>
            </>
          )}
          {page.kind === "service" && (
            <>
              <dt>{S.sitter}</dt>
              <dd>
                {page.sitterName || S.unassigned}{" "}
                <button class="link" onClick={onAssign}>
                  {page.sitterId ? S.reassign : S.assign}
                </button>
              </dd>
            </>
          )}
        </dl>
        {client && (
          <p class="row-flex">
            <Chip>{client.recurring ? S.recurring : S.oneTime}</Chip>
            {client.optedOut && <Chip tone="bad">{S.optedOut}</Chip>}
          </p>
        )}
      </section>
      {windows.length > 0 && (
        <section>
          <h2>{S.windowsTitle}</h2>
          <ul class="plain-list">
            {windows.slice(0, 8).map((w) => {
              const on = Date.parse(w.startAt) <= env.now() && env.now() <= Date.parse(w.endAt);
              return (
                <li key={w.bookingId + w.startAt}>
                  <span aria-hidden="true">{on ? "● " : "○ "}</span>
                  {when.span(w.startAt, w.endAt)}
                  {w.sitterName && <span class="quiet-text"> · {w.sitterName}</span>}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {routed.length > 0 && (
        <section>
          <h2>{S.recent}</h2>
          <ul class="plain-list">
            {routed.map((e) => (
              <li key={e.id}>
                <Time at={e.at} text={when.brief(e.at)} /> · {S.routedTo[e.routing?.routingTarget ?? ""]}{" "}
                <button class="link" onClick={() => onWhy(e)}>
                  {S.why}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!!page.assignmentHistory?.length && (
        <section>
          <h2>{S.history}</h2>
          <ul class="plain-list">
            {page.assignmentHistory.map((h, i) => (
              <li key={i}>
                {when.date(h.at)}: {h.fromName ?? named(page, h.from)} → {h.toName ?? named(page, h.to)}
                {h.reason && <span class="quiet-text"> · {h.reason}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {!!page.linkedThreads?.length && (
        <section>
          <h2>{S.linked}</h2>
          <ul class="plain-list">
            {page.linkedThreads.map((id) => (
              <li key={id}>
                <a href={`/messages/t/${encodeURIComponent(id)}`}>{S.linkedThread}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {!!page.exceptions?.length && (
        <section>
          <h2>{S.allowed}</h2>
          <ul class="plain-list">
            {page.exceptions.map((text) => (
              <li key={text} class="words">
                {text}{" "}
                <button class="link" disabled={act.busy} onClick={() => void act.run(() => api.post(`/api/messages/threads/${encodeURIComponent(page.id)}/exceptions`, { text, allowed: false, reason: S.allowedEnd }).then(() => live.poke("/api/messages/")))}>
                  {S.allowedEnd}
                </button>
              </li>
            ))}
          </ul>
          {act.error && (
            <p class="error" role="alert">
              {act.error}
            </p>
          )}
        </section>
      )}
      {notes.length > 0 && (
        <section>
          <h2>{S.notes}</h2>
          <ul class="plain-list">
            {notes.map((e) => (
              <li key={e.id} class="words">
                {e.text} <span class="quiet-text">· {e.author.name}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** The history names sitters by id where it was written before they had a name. */
function named(page: ThreadPage, who: string | null | undefined): string {
  return (page.windows ?? []).find((w) => w.sitterId === who)?.sitterName || who || S.nobody;
}

function BookingCard({ id }: { id: string }) {
  const { when } = useApp();
  const [assigning, setAssigning] = useState(false);
  const b = useLive<Booking>(`/api/bookings/${encodeURIComponent(id)}`, 30_000).data;
  if (!b) return null;
  const visits = b.visits?.length ? b.visits : [{ startAt: b.startAt, endAt: b.endAt }];
  return (
    <div class="booking">
      <p>
        <strong>{b.service}</strong> {b.recurrence && <Chip>{b.recurrence}</Chip>} {b.status !== "confirmed" && <Chip tone="warn">{b.status}</Chip>}
      </p>
      {visits.slice(0, 3).map((v) => (
        <p key={v.startAt} class="quiet-text">
          {when.span(v.startAt, v.endAt)}
        </p>
      ))}
      <button class="link" onClick={() => setAssigning(true)}>
        {b.sitterId ? S.reassign : S.assign}
      </button>
      {assigning && <AssignDialog booking={b} onClose={() => setAssigning(false)} />}
    </div>
  );
}
