// What the business decides for itself, and a place to try a text.
import { useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { common as C, owner as S } from "../strings.en";
import { Pending, SelectField, TextField, useAction } from "../ui";
import type { Hours, Settings } from "../wire";
import { phone } from "./start";

const lines = (v: string) =>
  v
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean);

/** A code of the API as people read it. */
const words = (key: string) => key.replace(/_/g, " ").replace(/^./, (c) => c.toUpperCase());

export function SettingsScreen() {
  const settings = useLive<Settings>("/api/settings", 60_000);
  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{S.settings}</h1>
      </div>
      {settings.data ? <Form s={settings.data} /> : <Pending error={settings.error} retry={settings.refresh} />}
      <Try />
    </main>
  );
}

function Form({ s }: { s: Settings }) {
  const { api, live } = useApp();
  const [saved, setSaved] = useState(false);
  const act = useAction();

  const save = (e: Event & { currentTarget: HTMLFormElement }) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const str = (k: string) => String(f.get(k) ?? "").trim();
    const hours = (k: string): Hours | null => (str(k + "From") && str(k + "To") ? { from: str(k + "From"), to: str(k + "To") } : null);
    const buffers = Object.fromEntries(Object.keys(s.buffers).map((k) => [k, { beforeMinutes: Number(f.get(`b:${k}`)), afterMinutes: Number(f.get(`a:${k}`)) }]));
    if (str("newService")) buffers[str("newService")] = { beforeMinutes: Number(f.get("newBefore") || 60), afterMinutes: Number(f.get("newAfter") || 60) };
    const all: Partial<Settings> = {
      name: str("name"),
      timeZone: str("timeZone"),
      ownerPhone: str("ownerPhone") ? phone(str("ownerPhone")) : null,
      buffers,
      quietHours: hours("quiet") ?? s.quietHours,
      officeHours: hours("office"),
      texts: Object.fromEntries(Object.keys(s.texts).map((k) => [k, str(`t:${k}`) || null])),
      canned: lines(str("canned")),
      ownLinks: lines(str("ownLinks")),
      ownNumbers: lines(str("ownNumbers")).map(phone),
      cooldownDays: Number(f.get("cooldownDays")),
      quarantineDays: Number(f.get("quarantineDays")),
      escalateMinutes: Number(f.get("escalateMinutes")),
      holdClientSwaps: f.has("holdClientSwaps"),
    };
    const body = Object.fromEntries(Object.entries(all).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(s[k as keyof Settings] ?? null)));
    setSaved(false);
    void act.run(async () => {
      if (Object.keys(body).length) await api.request("/api/settings", { method: "PATCH", body });
      live.poke("/api/");
      setSaved(true);
    });
  };

  return (
    <form class="stack" onSubmit={save} onInput={() => setSaved(false)}>
      <section class="card">
        <h2>{S.general}</h2>
        <div class="form-grid">
          <TextField label={S.name} name="name" value={s.name} required />
          <TextField label={S.timeZone} name="timeZone" value={s.timeZone} required />
          <TextField label={S.ownerPhone} name="ownerPhone" type="tel" value={s.ownerPhone ?? ""} />
        </div>
      </section>
      <section class="card">
        <h2>{S.buffers}</h2>
        <p class="hint">{S.buffersWhy}</p>
        {Object.entries(s.buffers).map(([k, b]) => (
          <fieldset key={k} class="form-grid">
            <legend>{k}</legend>
            <TextField label={S.before} name={`b:${k}`} type="number" value={String(b.beforeMinutes)} required />
            <TextField label={S.after} name={`a:${k}`} type="number" value={String(b.afterMinutes)} required />
          </fieldset>
        ))}
        <div class="form-grid">
          <TextField label={S.addService} name="newService" />
          <TextField label={S.before} name="newBefore" type="number" />
          <TextField label={S.after} name="newAfter" type="number" />
        </div>
      </section>
      <div class="two-col">
        <HoursCard title={S.quiet} why={S.quietWhy} name="quiet" h={s.quietHours} />
        <HoursCard title={S.office} why={S.officeWhy} name="office" h={s.officeHours} />
      </div>
      <section class="card">
        <h2>{S.texts}</h2>
        {Object.entries(s.texts).map(([k, t]) => (
          <TextField key={k} label={S.textNames[k] ?? k} name={`t:${k}`} value={t ?? ""} rows={2} />
        ))}
      </section>
      <section class="card">
        <h2>{S.cannedTitle}</h2>
        <TextField label={S.cannedTitle} name="canned" value={s.canned.join("\n")} rows={5} hint={S.cannedHint} max={8000} />
      </section>
      <section class="card">
        <h2>{S.limits}</h2>
        <div class="form-grid">
          <TextField label={S.cooldown} name="cooldownDays" type="number" value={String(s.cooldownDays)} required />
          <TextField label={S.quarantineDays} name="quarantineDays" type="number" value={String(s.quarantineDays)} required />
          <TextField label={S.escalate} name="escalateMinutes" type="number" value={String(s.escalateMinutes)} required />
        </div>
        <label class="row-flex">
          <input type="checkbox" name="holdClientSwaps" defaultChecked={s.holdClientSwaps} />
          {S.hold}
        </label>
        <TextField label={S.ownLinks} name="ownLinks" value={s.ownLinks.join("\n")} rows={2} hint={S.ownLinksHint} />
        <TextField label={S.ownNumbers} name="ownNumbers" value={s.ownNumbers.join("\n")} rows={2} hint={S.ownNumbersHint} />
      </section>
      <div class="row-flex">
        <button class="primary" disabled={act.busy}>
          {C.save}
        </button>
        <span role="status">{saved ? S.saved : ""}</span>
        {act.error && (
          <span class="error" role="alert">
            {act.error}
          </span>
        )}
      </div>
    </form>
  );
}

function HoursCard({ title, why, name, h }: { title: string; why: string; name: string; h: Hours | null }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      <p class="hint">{why}</p>
      <div class="form-grid">
        <TextField label={S.quietStart} name={name + "From"} type="time" value={h?.from ?? ""} />
        <TextField label={S.quietEnd} name={name + "To"} type="time" value={h?.to ?? ""} />
      </div>
    </section>
  );
}

interface Tried {
  swap: boolean;
  emergency: boolean;
  families: string[];
  explanation: string;
  preview: string;
  action: string;
}

function Try() {
  const { api } = useApp();
  const act = useAction();
  const [r, setR] = useState<Tried | null>(null);
  return (
    <section class="card">
      <h2>{S.tryTitle}</h2>
      <p class="hint">{S.tryWhy}</p>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          const { text, author } = Object.fromEntries(new FormData(e.currentTarget));
          void act.run(async () => setR(await api.post<Tried>("/api/screening/try", { text, author })));
        }}
      >
        <SelectField label={S.tryBy} name="author" value="sitter" options={Object.entries(S.tryAuthors).map(([value, text]) => ({ value, text }))} />
        <TextField label={S.startText} name="text" rows={3} required />
        <div>
          <button disabled={act.busy}>{S.tryGo}</button>
        </div>
        {act.error && (
          <p class="error" role="alert">
            {act.error}
          </p>
        )}
      </form>
      {r && (
        <div role="status" class="stack">
          <p>
            <strong>{S.tryActions[r.action] ?? r.action}</strong> {r.explanation}
          </p>
          {r.families.length > 0 && (
            <p>
              {S.families}: {r.families.map(words).join(", ")}
            </p>
          )}
          {r.swap && <p class="words">{S.tryShown(r.preview)}</p>}
        </div>
      )}
    </section>
  );
}
