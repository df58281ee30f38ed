// The numbers the business rents: what each is for, how it is, and taking one out of use.
import { useEffect, useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { owner as S } from "../strings.en";
import { ActionDialog, Chip, Empty, Pending, SelectField, Table, TextField, Time } from "../ui";
import type { BusinessNumber, Impact, Sitter } from "../wire";
import { phone } from "./start";

const path = "/api/numbers";

type Ask = { what: "quarantine" | "restore" | "assign" | "release"; n: BusinessNumber } | null;

export function NumbersScreen() {
  const { when, api, live } = useApp();
  const list = useLive<{ numbers: BusinessNumber[] | null }>(path, 15_000);
  const sitters = useLive<{ sitters: Sitter[] | null }>("/api/sitters", 60_000).data?.sitters ?? [];
  const [ask, setAsk] = useState<Ask>(null);
  const [adding, setAdding] = useState(false);
  const nameOf = (id: string | null | undefined) => sitters.find((s) => s.id === id)?.name ?? "";
  const numbers = list.data?.numbers ?? [];
  const act = (what: NonNullable<Ask>["what"]) => async (f: FormData) => {
    if (!ask) return;
    const body: Record<string, string> = {};
    if (f.has("reason")) body["reason"] = String(f.get("reason")).trim();
    if (f.has("sitter")) body["sitterId"] = String(f.get("sitter"));
    await api.post(`${path}/${encodeURIComponent(ask.n.id)}/${what}`, body);
    live.poke("/api/");
  };
  return (
    <main class="screen">
      <div class="screen-head">
        <div>
          <h1>{S.numbers}</h1>
          <p class="hint">{S.numbersWhy}</p>
        </div>
        <button onClick={() => setAdding(true)}>{S.addNumber}</button>
      </div>
      {!list.data ? (
        <Pending error={list.error} retry={list.refresh} />
      ) : numbers.length === 0 ? (
        <Empty title={S.numbers} />
      ) : (
        <Table
          label={S.numbers}
          head={[S.number, S.class, S.status, S.sitter, S.inUse, S.lastUsed, S.health, S.actionsHead]}
          rows={numbers.map((n) => ({
            key: n.id,
            cells: [
              <span class="num nowrap">{n.e164}</span>,
              S.classes[n.numberClass] ?? n.numberClass,
              <Chip tone={n.status === "active" ? "on" : n.status === "quarantined" ? "warn" : "off"}>{S.statuses[n.status] ?? n.status}</Chip>,
              nameOf(n.sitterId) || "–",
              n.threads ?? 0,
              n.lastUsedAt ? <Time at={n.lastUsedAt} text={when.brief(n.lastUsedAt)} /> : "–",
              S.healthOf(n.health?.failures7d ?? 0),
              <span class="row-flex">
                {n.status === "active" && n.numberClass !== "front_desk" && (
                  <button class="small" onClick={() => setAsk({ what: "assign", n })}>
                    {S.assign}
                  </button>
                )}
                {n.status === "active" && (
                  <button class="small" data-do="quarantine" onClick={() => setAsk({ what: "quarantine", n })}>
                    {S.quarantine}
                  </button>
                )}
                {n.status === "quarantined" && (
                  <button class="small" onClick={() => setAsk({ what: "restore", n })}>
                    {S.restore}
                  </button>
                )}
                {n.status !== "inactive" && (
                  <button class="small quiet" onClick={() => setAsk({ what: "release", n })}>
                    {S.releaseNumber}
                  </button>
                )}
              </span>,
            ],
          }))}
        />
      )}
      {ask?.what === "quarantine" && (
        <ActionDialog title={`${S.quarantine} ${ask.n.e164}`} action={S.quarantine} danger onClose={() => setAsk(null)} run={act("quarantine")}>
          <ImpactOf n={ask.n} step="quarantine" />
          <p>{S.quarantineWhy}</p>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {ask?.what === "restore" && (
        <ActionDialog title={`${S.restore} ${ask.n.e164}`} action={S.restore} onClose={() => setAsk(null)} run={act("restore")}>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {ask?.what === "release" && (
        <ActionDialog title={`${S.releaseNumber} ${ask.n.e164}`} action={S.releaseNumber} danger onClose={() => setAsk(null)} run={act("release")}>
          <ImpactOf n={ask.n} step="release" />
          <p>{S.releaseImpact}</p>
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {ask?.what === "assign" && (
        <ActionDialog title={`${S.assign} ${ask.n.e164}`} action={S.assign} onClose={() => setAsk(null)} run={act("assign")}>
          <SelectField label={S.sitter} name="sitter" value={ask.n.sitterId ?? ""} options={sitters.filter((s) => s.active).map((s) => ({ value: s.id, text: s.name }))} />
          <TextField label={S.reason} name="reason" required />
        </ActionDialog>
      )}
      {adding && (
        <ActionDialog
          title={S.addNumber}
          action={S.add}
          onClose={() => setAdding(false)}
          run={async (f) => {
            await api.post(path, { e164: phone(String(f.get("e164"))), numberClass: String(f.get("class")) });
            live.poke(path);
          }}
        >
          <TextField label={S.number} name="e164" type="tel" required />
          <SelectField label={S.class} name="class" value="pool" options={Object.entries(S.classes).map(([value, text]) => ({ value, text }))} />
        </ActionDialog>
      )}
    </main>
  );
}

/** What the step would touch, asked of the server before anybody confirms it. */
function ImpactOf({ n, step }: { n: BusinessNumber; step: string }) {
  const { api } = useApp();
  const [impact, setImpact] = useState<Impact | null>(null);
  useEffect(() => {
    void api.post<{ impact: Impact }>(`${path}/${encodeURIComponent(n.id)}/${step}?preview=true`, {}).then(
      (p) => setImpact(p.impact),
      () => undefined, // the confirmation stands without it
    );
  }, [n.id]);
  return impact && <p>{S.impact(impact)}</p>;
}
