// The bookings that conversations come from.
import { useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { common as C, owner as S } from "../strings.en";
import { ActionDialog, Chip, Empty, Pending, SelectField, Table, TextField } from "../ui";
import type { Booking, Client, Sitter } from "../wire";
import { AssignDialog } from "./thread";

const services = ["Dog Walking", "Drop-ins", "Housesitting", "24/7 Care", "Pet Taxi", "Meet and Greet"];

export function BookingsScreen() {
  const { when, api, live } = useApp();
  const list = useLive<{ bookings: Booking[] | null; cursor?: string | null }>("/api/bookings", 10_000);
  const clients = useLive<{ clients: Client[] | null }>("/api/clients", 60_000).data?.clients ?? [];
  const sitters = useLive<{ sitters: Sitter[] | null }>("/api/sitters", 60_000).data?.sitters ?? [];
  const [assigning, setAssigning] = useState<Booking | null>(null);
  const [timing, setTiming] = useState<Booking | null>(null);
  const [cancelling, setCancelling] = useState<Booking | null>(null);
  const [adding, setAdding] = useState(false);
  const bookings = [...(list.data?.bookings ?? [])].sort((a, b) => (a.startAt < b.startAt ? -1 : 1));
  const clientOf = (b: Booking) => clients.find((c) => c.id === b.clientId)?.name ?? "";
  const patch = async (b: Booking, body: unknown) => {
    await api.request(`/api/bookings/${encodeURIComponent(b.id)}`, { method: "PATCH", body });
    live.poke("/api/");
  };
  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{S.bookings}</h1>
        <button onClick={() => setAdding(true)}>{S.addBooking}</button>
      </div>
      {!list.data ? (
        <Pending error={list.error} retry={list.refresh} />
      ) : bookings.length === 0 ? (
        <Empty title={S.noBookings}>
          <p>{S.noBookingsWhy}</p>
        </Empty>
      ) : (
        <Table
          label={S.bookings}
          head={[S.client, S.service, S.starts, S.sitter, S.status, S.actionsHead]}
          rows={bookings.map((b) => ({
            key: b.id,
            cells: [
              <>
                <bdi>{clientOf(b)}</bdi> <span class="row-sub">{(b.pets ?? []).join(", ")}</span>
              </>,
              <>
                {b.service} {b.recurrence && <Chip>{b.recurrence}</Chip>}
              </>,
              when.span(b.startAt, b.endAt),
              sitters.find((s) => s.id === b.sitterId)?.name ?? <Chip tone="warn">{S.unassigned}</Chip>,
              S.bookingStatuses[b.status] ?? b.status,
              (b.status === "pending" || b.status === "confirmed") && (
                <span class="row-flex">
                  <button class="small" onClick={() => setAssigning(b)}>
                    {b.sitterId ? S.reassign : S.assign}
                  </button>
                  {b.meetAndGreet && b.meetAndGreet !== "approved" && (
                    <button class="small" onClick={() => void patch(b, { meetAndGreet: "approved" }).catch(() => list.refresh())}>
                      {S.approve}
                    </button>
                  )}
                  <button class="small quiet" onClick={() => setTiming(b)}>
                    {S.changeTimes}
                  </button>
                  <button class="small quiet" onClick={() => setCancelling(b)}>
                    {S.cancelBooking}
                  </button>
                </span>
              ),
            ],
          }))}
        />
      )}
      {assigning && <AssignDialog booking={assigning} onClose={() => setAssigning(null)} />}
      {cancelling && (
        <ActionDialog title={S.cancelBooking} action={S.cancelBooking} danger onClose={() => setCancelling(null)} run={() => patch(cancelling, { status: "cancelled" })}>
          <p>
            {clientOf(cancelling)}, {cancelling.service}, {when.span(cancelling.startAt, cancelling.endAt)}
          </p>
        </ActionDialog>
      )}
      {timing && (
        <ActionDialog title={S.changeTimes} action={C.save} onClose={() => setTiming(null)} run={(f) => patch(timing, { startAt: f.get("start"), endAt: f.get("end") })}>
          <TextField label={S.starts} name="start" type="datetime-local" value={when.local(timing.startAt)} required />
          <TextField label={S.ends} name="end" type="datetime-local" value={when.local(timing.endAt)} required />
        </ActionDialog>
      )}
      {adding && (
        <ActionDialog
          title={S.addBooking}
          action={S.add}
          onClose={() => setAdding(false)}
          run={async (f) => {
            await api.post("/api/bookings", {
              clientId: f.get("client"),
              sitterId: f.get("sitter") || null,
              service: f.get("service"),
              startAt: f.get("start"),
              endAt: f.get("end"),
              recurrence: f.get("recurrence") || null,
              status: "confirmed",
              pets: clients.find((c) => c.id === f.get("client"))?.pets ?? [],
            });
            live.poke("/api/");
          }}
        >
          <SelectField label={S.client} name="client" value={clients[0]?.id ?? ""} options={clients.map((c) => ({ value: c.id, text: c.name }))} />
          <SelectField label={S.sitter} name="sitter" options={[{ value: "", text: S.nobody }, ...sitters.filter((s) => s.active).map((s) => ({ value: s.id, text: s.name }))]} />
          <SelectField label={S.service} name="service" value={services[0] ?? ""} options={services.map((value) => ({ value, text: value }))} />
          <div class="form-grid">
            <TextField label={S.starts} name="start" type="datetime-local" required />
            <TextField label={S.ends} name="end" type="datetime-local" required />
          </div>
          <SelectField
            label={S.recurrence}
            name="recurrence"
            options={[
              { value: "", text: S.once },
              { value: "weekly", text: S.weekly },
            ]}
          />
        </ActionDialog>
      )}
    </main>
  );
}
