// Clients and sitters.
import { useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { common as C, owner as S } from "../strings.en";
import { ActionDialog, Chip, Pending, SelectField, Table, TextField } from "../ui";
import type { Client, Sitter } from "../wire";
import { phone } from "./start";

const lines = (v: FormDataEntryValue | null) =>
  String(v ?? "")
    .split(/[\n,]/)
    .map((l) => l.trim())
    .filter(Boolean);

export function PeopleScreen() {
  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{S.people}</h1>
      </div>
      <Sitters />
      <Clients />
    </main>
  );
}

function Sitters() {
  const { api, live } = useApp();
  const list = useLive<{ sitters: Sitter[] | null }>("/api/sitters", 15_000);
  const [edit, setEdit] = useState<Partial<Sitter> | null>(null);
  const [ask, setAsk] = useState<{ what: "unlock" | "offboard"; s: Sitter } | null>(null);
  return (
    <section>
      <div class="screen-head">
        <h2>{S.sitters}</h2>
        <button class="small" onClick={() => setEdit({})}>
          {S.addSitter}
        </button>
      </div>
      {!list.data ? (
        <Pending error={list.error} retry={list.refresh} />
      ) : (
        <Table
          label={S.sitters}
          head={[S.name, S.status, S.number, S.actionsHead]}
          rows={(list.data.sitters ?? []).map((s) => ({
            key: s.id,
            cells: [
              <bdi>{s.name}</bdi>,
              <Chip tone={s.active ? "on" : "off"}>{s.active ? S.active : S.inactive}</Chip>,
              <span class="num nowrap">{s.number || "–"}</span>,
              <span class="row-flex">
                <button class="small" onClick={() => setEdit(s)}>
                  {C.edit}
                </button>
                {s.locked && (
                  <button class="small" onClick={() => setAsk({ what: "unlock", s })}>
                    {S.unlock}
                  </button>
                )}
                {s.active && (
                  <button class="small quiet" onClick={() => setAsk({ what: "offboard", s })}>
                    {S.offboard}
                  </button>
                )}
              </span>,
            ],
          }))}
        />
      )}
      {edit && (
        <ActionDialog
          title={edit.id ? S.editSitter : S.addSitter}
          action={C.save}
          onClose={() => setEdit(null)}
          run={async (f) => {
            const body = { name: String(f.get("name")).trim() };
            if (edit.id) await api.request(`/api/sitters/${encodeURIComponent(edit.id)}`, { method: "PATCH", body });
            else await api.post("/api/sitters", body);
            live.poke("/api/sitters");
          }}
        >
          <TextField label={S.name} name="name" value={edit.name ?? ""} required />
        </ActionDialog>
      )}
      {ask && (
        <ActionDialog
          title={`${S[ask.what]}: ${ask.s.name}`}
          action={S[ask.what]}
          danger={ask.what === "offboard"}
          onClose={() => setAsk(null)}
          run={async (f) => {
            await api.post(`/api/sitters/${encodeURIComponent(ask.s.id)}/${ask.what}`, { reason: String(f.get("reason")).trim() });
            live.poke("/api/");
          }}
        >
          <p>{ask.what === "offboard" ? S.offboardWhy : S.unlockWhy}</p>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
    </section>
  );
}

function Clients() {
  const { api, live } = useApp();
  const list = useLive<{ clients: Client[] | null }>("/api/clients", 15_000);
  const [edit, setEdit] = useState<Partial<Client> | null>(null);
  return (
    <section>
      <div class="screen-head">
        <h2>{S.clients}</h2>
        <button class="small" onClick={() => setEdit({})}>
          {S.addClient}
        </button>
      </div>
      {!list.data ? (
        <Pending error={list.error} retry={list.refresh} />
      ) : (
        <Table
          label={S.clients}
          head={[S.name, S.pets, S.phones, S.kind, S.actionsHead]}
          rows={(list.data.clients ?? []).map((c) => ({
            key: c.id,
            cells: [
              <bdi>{c.name}</bdi>,
              <bdi>{(c.pets ?? []).join(", ") || "–"}</bdi>,
              <span class="num">{(c.phones ?? []).join(", ")}</span>,
              <span class="row-flex">
                <Chip>{c.recurring ? S.recurring : S.auto}</Chip>
                {c.plan && <Chip>{c.plan}</Chip>}
                {c.optedOut && <Chip tone="bad">{S.optedOut}</Chip>}
              </span>,
              <button class="small" onClick={() => setEdit(c)}>
                {C.edit}
              </button>,
            ],
          }))}
        />
      )}
      {edit && (
        <ActionDialog
          title={edit.id ? S.editClient : S.addClient}
          action={C.save}
          onClose={() => setEdit(null)}
          run={async (f) => {
            const body = { name: String(f.get("name")).trim(), phones: lines(f.get("phones")).map(phone), pets: lines(f.get("pets")), recurring: f.get("recurring") === "yes" };
            if (edit.id) await api.request(`/api/clients/${encodeURIComponent(edit.id)}`, { method: "PATCH", body });
            else await api.post("/api/clients", body);
            live.poke("/api/clients");
          }}
        >
          <TextField label={S.name} name="name" value={edit.name ?? ""} required />
          <TextField label={S.phones} name="phones" value={(edit.phones ?? []).join("\n")} rows={2} required hint={S.phonesHint} />
          <TextField label={S.pets} name="pets" value={(edit.pets ?? []).join(", ")} />
          <SelectField
            label={S.kind}
            name="recurring"
            value={edit.recurring ? "yes" : "no"}
            options={[
              { value: "no", text: S.auto },
              { value: "yes", text: S.recurring },
            ]}
          />
        </ActionDialog>
      )}
    </section>
  );
}
