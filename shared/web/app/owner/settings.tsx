// What the business decides for itself, and a place to try a text.
import { useState } from "preact/hooks";
import { useApp, useLive } from "../app";
import { common as C, owner as S } from "../strings.en";
import { Pending, TextField, useAction } from "../ui";
import type { Settings } from "../wire";
import { cannedOf } from "./thread";

type Buffers = Record<string, { before: number; after: number }>;
type Quiet = { start: string; end: string };

const record = <T,>(v: unknown): Record<string, T> => (v && typeof v === "object" && !Array.isArray(v) ? (v as Record<string, T>) : {});

/** A key of the settings as people read it. */
const words = (key: string) => key.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/_/g, " ").replace(/^./, (c) => c.toUpperCase());

export function SettingsScreen() {
  const { api, live } = useApp();
  const settings = useLive<Settings>("/api/settings", 60_000);
  const [saved, setSaved] = useState(false);
  const act = useAction();
  const s = settings.data;
  if (!s)
    return (
      <main class="screen">
        <h1>{S.settings}</h1>
        <Pending error={settings.error} retry={settings.refresh} />
      </main>
    );
  const buffers = record<{ before: number; after: number }>(s["buffers"]) as Buffers;
  const texts = record<string>(s["texts"]);
  const quiet = record<string>(s["quietHours"]) as unknown as Quiet;

  const save = (e: Event & { currentTarget: HTMLFormElement }) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const str = (k: string) => String(f.get(k) ?? "").trim();
    const body: Settings = {};
    const put = (key: string, to: unknown) => {
      if (key in s && JSON.stringify(s[key]) !== JSON.stringify(to)) body[key] = to;
    };
    put("name", str("name"));
    put("timeZone", str("timeZone"));
    put("buffers", Object.fromEntries(Object.keys(buffers).map((k) => [k, { before: Number(f.get(`b:${k}`)), after: Number(f.get(`a:${k}`)) }])));
    put("texts", Object.fromEntries(Object.keys(texts).map((k) => [k, str(`t:${k}`)])));
    put("quietHours", { start: str("quietStart"), end: str("quietEnd") });
    put("cannedAnswers", str("canned").split("\n").map((l) => l.trim()).filter(Boolean));
    setSaved(false);
    void act.run(async () => {
      if (Object.keys(body).length) await api.request("/api/settings", { method: "PATCH", body });
      live.poke("/api/");
      setSaved(true);
    });
  };

  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{S.settings}</h1>
      </div>
      <form class="stack" onSubmit={save} onInput={() => setSaved(false)}>
        <section class="card">
          <h2>{S.general}</h2>
          <div class="form-grid">
            {"name" in s && <TextField label={S.name} name="name" value={String(s["name"] ?? "")} required />}
            {"timeZone" in s && <TextField label={S.timeZone} name="timeZone" value={String(s["timeZone"] ?? "")} required />}
          </div>
        </section>
        {"buffers" in s && (
          <section class="card">
            <h2>{S.buffers}</h2>
            <p class="hint">{S.buffersWhy}</p>
            {Object.entries(buffers).map(([k, b]) => (
              <fieldset key={k} class="form-grid">
                <legend>{words(k)}</legend>
                <TextField label={S.before} name={`b:${k}`} type="number" value={String(b.before)} required />
                <TextField label={S.after} name={`a:${k}`} type="number" value={String(b.after)} required />
              </fieldset>
            ))}
          </section>
        )}
        {"quietHours" in s && (
          <section class="card">
            <h2>{S.quiet}</h2>
            <p class="hint">{S.quietWhy}</p>
            <div class="form-grid">
              <TextField label={S.quietStart} name="quietStart" type="time" value={quiet.start ?? ""} required />
              <TextField label={S.quietEnd} name="quietEnd" type="time" value={quiet.end ?? ""} required />
            </div>
          </section>
        )}
        {"texts" in s && (
          <section class="card">
            <h2>{S.texts}</h2>
            {Object.entries(texts).map(([k, t]) => (
              <TextField key={k} label={words(k)} name={`t:${k}`} value={t} rows={2} />
            ))}
          </section>
        )}
        {"cannedAnswers" in s && (
          <section class="card">
            <h2>{S.cannedTitle}</h2>
            <TextField label={S.cannedTitle} name="canned" value={cannedOf(s).join("\n")} rows={5} hint={S.cannedHint} max={8000} />
          </section>
        )}
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
      <Try />
    </main>
  );
}

interface Tried {
  swap?: boolean;
  families?: string[] | null;
  emergency?: boolean;
  outcome?: string;
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
          const text = String(new FormData(e.currentTarget).get("text"));
          void act.run(async () => setR(await api.post<Tried>("/api/screening/try", { text })));
        }}
      >
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
        <div role="status">
          <p>
            <strong>{r.swap ? S.tryStopped : S.tryPassed}</strong>
          </p>
          {!!r.families?.length && (
            <p>
              {S.families}: {r.families.map(words).join(", ")}
            </p>
          )}
          {r.emergency && <p>{S.tryEmergency}</p>}
        </div>
      )}
    </section>
  );
}
