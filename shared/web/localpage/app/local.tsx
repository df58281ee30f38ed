// One machine's own world on one screen: the clients' phones, a sitter's phone
// and the inbox, side by side, with the clock and the switches in hand.
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { start } from "../../app/boot";
import type { Kind } from "../../app/boot";
import { browserEnv, memoryStore } from "../../app/env";
import type { Env } from "../../app/env";
import { Day } from "./day";
import type { Stage } from "./day";
import { OwnerShell } from "../../app/owner/shell";
import { pictureOf, preview } from "../../app/pictures";
import { SitterShell } from "../../app/sitter/shell";
import { Icon } from "../../app/ui";

interface World {
  org: { id: string; name: string; timeZone: string; frontDesk: string };
  owners: { id: string; name: string; sub: string }[];
  sitters: { id: string; name: string; sub: string; number: string | null; phone: string }[];
  clients: { id: string; name: string; pets: string[]; phones: string[]; optedOut: boolean }[];
  numbers: { e164: string; numberClass: string; status: string; sitterId: string | null }[];
}

interface Received {
  from: string;
  body: string;
  at: string;
  sid: string;
  media?: string[];
}

interface Line extends Partial<Received> {
  body: string;
  at: string;
  mine?: boolean;
  to?: string;
  answer?: string;
}

async function call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const res = await fetch(path, { method, headers: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) }, cache: "no-store", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer = (await res.json().catch(() => ({}))) as T & { error?: string; detail?: string };
  if (!res.ok) throw new Error(answer.error ?? answer.detail ?? String(res.status));
  return answer;
}

/** The app as somebody of this world, without the browser's own sign-in: this page may be anybody. */
function envAs(sub: string, kind: Kind): Env {
  const env = browserEnv();
  let path = "/messages";
  const back: string[] = [];
  return {
    ...env,
    session: true,
    async fetch(url, init) {
      if (url === "/auth/token") {
        const t = await call<{ token: string; expiresAt?: string }>("POST", "/local/token", { sub });
        return Response.json({ token: t.token, role: kind });
      }
      return env.fetch(url, init);
    },
    path: () => path,
    go: (to, replace) => {
      if (!replace) back.push(path);
      path = to;
    },
    leave: () => undefined,
    store: memoryStore(),
    onNavigate: () => undefined,
  };
}

function Mounted({ sub, kind }: { sub: string; kind: Kind }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = box.current;
    if (!root) return;
    start(kind, kind === "owner" ? OwnerShell : SitterShell, envAs(sub, kind), root);
    return () => render(null, root);
  }, [sub, kind]);
  return <div class="mounted" ref={box} />;
}

function useEvery(ms: number, f: () => Promise<unknown>, deps: unknown[]): void {
  useEffect(() => {
    let stopped = false;
    const tick = () => {
      if (stopped) return;
      const again = () => setTimeout(tick, ms);
      if (document.hidden) again();
      else void f().then(again, again);
    };
    tick();
    return () => {
      stopped = true;
    };
  }, deps);
}

const last4 = (n: string) => n.replace(/^(\+1)(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3 $4");

function Phone({ who, sub, number, world, zone, sent, onSent, lit, onName }: { who: string; sub: string; number: string; world: World; zone: string; sent: Line[]; onSent: (l: Line) => void; lit: boolean; onName: (e164: string) => string }) {
  const [got, setGot] = useState<Received[]>([]);
  const [to, setTo] = useState("");
  const [error, setError] = useState("");
  const log = useRef<HTMLDivElement>(null);
  const path = `/local/phones/${encodeURIComponent(number)}/texts`;
  const load = async () => {
    const { texts } = await call<{ texts: Received[] }>("GET", path);
    setGot((was) => (was.length === texts.length ? was : texts));
  };
  useEvery(2000, load, [number]);
  const lines: Line[] = [...got, ...sent].sort((a, b) => (a.at < b.at ? -1 : 1));
  const lastFrom = got[got.length - 1]?.from;
  const target = to || lastFrom || world.org.frontDesk;
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines.length]);
  const send = async (form: HTMLFormElement, file?: File) => {
    const body = String(new FormData(form).get("body") ?? "");
    setError("");
    try {
      const picture = file && (await pictureOf(file));
      if (file && !picture) throw new Error("That file is no photo.");
      if (!body.trim() && !picture) return;
      const media = picture ? [preview(picture)] : [];
      const { now } = await call<{ now: string }>("GET", "/local/clock");
      await call("POST", path, { to: target, body, media });
      onSent({ body, at: now, mine: true, to: target, media });
      form.reset();
      void load();
    } catch (err) {
      setError(err instanceof Error ? err.message : String(err));
    }
  };
  const here = useRef<HTMLElement>(null);
  useEffect(() => {
    if (lit) here.current?.scrollIntoView({ block: "nearest" });
  }, [lit]);
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short", hour: "numeric", minute: "2-digit" });
  return (
    <section class={`phone ${lit ? "lit" : ""}`} aria-label={who} ref={here}>
      <header>
        <strong>
          <bdi>{who}</bdi>
        </strong>
        <span class="hint">
          {sub && <bdi>{sub} · </bdi>}
          {last4(number)}
        </span>
      </header>
      <div class="phone-log" ref={log} tabIndex={0} role="log" aria-label={`Texts of ${who}`}>
        {lines.length === 0 && <p class="hint">No texts yet</p>}
        {lines.map((l, i) => (
          <div key={l.sid ?? `m${i}`} class={`bubble ${l.mine ? "out" : "in"}`}>
            {(l.media ?? []).map((m, k) => (
              <img key={k} class="photo" src={m} alt={`Photo ${k + 1}`} />
            ))}
            {l.body && (
              <p class="words" dir="auto">
                {l.body}
              </p>
            )}
            <p class="meta">
              {l.mine ? `to ${onName(l.to ?? "")}` : `from ${onName(l.from ?? "")}`} · {clock.format(Date.parse(l.at))}
            </p>
          </div>
        ))}
      </div>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void send(e.currentTarget);
        }}
      >
        <select aria-label={`${who} texts to`} value={target} onChange={(e) => setTo(e.currentTarget.value)}>
          {world.numbers.map((n) => (
            <option key={n.e164} value={n.e164}>
              {onName(n.e164)}
            </option>
          ))}
        </select>
        <div class="write">
          <input name="body" aria-label={`Text of ${who}`} autocomplete="off" placeholder="Text" />
          <label class="icon-button" title="Send a photo">
            <Icon name="photo" />
            <span class="sr">Photo of {who}</span>
            <input
              type="file"
              class="sr"
              accept="image/*"
              onChange={(e) => {
                const file = e.currentTarget.files?.[0];
                const form = e.currentTarget.form;
                if (file && form) void send(form, file);
              }}
            />
          </label>
          <button class="primary small">Send</button>
        </div>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
      </form>
    </section>
  );
}

const flagNames: Record<string, string> = {
  ENABLE_MESSAGING_V1: "All messaging",
  ENABLE_PROACTIVE_THREAD_CREATION: "Threads at assignment",
  ENABLE_SITTER_MESSAGES_V1: "Sitters use the page",
};

function Clock({ zone }: { zone: string }) {
  const [at, setAt] = useState<{ server: number; here: number; hold: boolean } | null>(null);
  const put = (c: { now: string; hold: boolean }) => setAt({ server: Date.parse(c.now), here: Date.now(), hold: c.hold });
  useEvery(3000, async () => put(await call("GET", "/local/clock")), []);
  const move = (body: unknown) => void call<{ now: string; hold: boolean }>("POST", "/local/clock", body).then(put, () => undefined);
  const now = at ? at.server + (at.hold ? 0 : Date.now() - at.here) : 0;
  const shown = at ? new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }).format(now) : "…";
  return (
    <div class="row-flex" role="group" aria-label="Clock">
      <strong class="num">{shown}</strong>
      {(["15m", "1h", "6h", "24h"] as const).map((d) => (
        <button key={d} class="small" onClick={() => move({ advance: d })}>
          +{d}
        </button>
      ))}
      <button class="small" aria-pressed={!!at?.hold} onClick={() => move({ hold: !at?.hold })}>
        Hold
      </button>
    </div>
  );
}

function Flags() {
  const [flags, setFlags] = useState<Record<string, string>>({});
  useEvery(3000, async () => setFlags(await call("GET", "/local/flags")), []);
  return (
    <div class="row-flex" role="group" aria-label="Flags">
      {Object.entries(flagNames).map(([name, text]) => {
        const on = flags[name] === "true";
        return (
          <label key={name} class="row-flex" title={name}>
            <input type="checkbox" checked={on} onChange={() => void call<Record<string, string>>("PUT", "/local/flags", { [name]: String(!on) }).then(setFlags)} />
            {text}
          </label>
        );
      })}
    </div>
  );
}

const none: Line[] = [];

function Local() {
  const [world, setWorld] = useState<World | null>(null);
  const [error, setError] = useState("");
  const [inboxOf, setInboxOf] = useState("");
  const [handOf, setHandOf] = useState("");
  const [lit, setLit] = useState("");
  const [sent, setSent] = useState<Record<string, Line[]>>({});
  const [others, setOthers] = useState<string[]>([]);
  useEvery(5000, async () => {
    try {
      const w = await call<World>("GET", "/local/world");
      setWorld((was) => (JSON.stringify(was) === JSON.stringify(w) ? was : w));
      setError("");
    } catch (e) {
      setError(e instanceof Error ? e.message : String(e));
    }
  }, []);
  if (!world) return <div class="plain">{error ? <p role="alert">{error}</p> : <p>Loading…</p>}</div>;
  const zone = world.org.timeZone;
  const owner = inboxOf || world.owners[0]?.sub || "";
  const sitter = handOf || world.sitters[0]?.sub || "";
  const keep = (number: string, line: Line) => setSent((all) => ({ ...all, [number]: [...(all[number] ?? []), line] }));
  const phone = (key: string, who: string, sub: string, number: string) => (
    <Phone key={key} who={who} sub={sub} number={number} world={world} zone={zone} sent={sent[number] ?? none} onSent={(l) => keep(number, l)} lit={lit === number} onName={nameOf} />
  );
  const stage: Stage = {
    call,
    async text(from, to, body) {
      const { now } = await call<{ now: string }>("GET", "/local/clock");
      keep(from, { body, at: now, mine: true, to });
      await call("POST", `/local/phones/${encodeURIComponent(from)}/texts`, { to, body });
    },
    showSitter: (id) => setHandOf(world.sitters.find((s) => s.id === id)?.sub ?? ""),
    showPhone: setLit,
    sitters: world.sitters,
    owner,
  };
  const nameOf = (e164: string) => {
    const n = world.numbers.find((x) => x.e164 === e164);
    if (!n) return last4(e164);
    const s = world.sitters.find((x) => x.id === n.sitterId);
    const what = n.numberClass === "front_desk" ? "Front desk" : n.numberClass === "pool" ? "Pool" : (s?.name ?? "Sitter number");
    return `${what} ${e164.slice(-4)}${n.status === "active" ? "" : ` (${n.status})`}`;
  };
  return (
    <div class="local">
      <header class="local-top">
        <h1>
          {world.org.name} <span class="row-sub">on this machine</span>
        </h1>
        <Clock zone={zone} />
        <Flags />
        <span class="grow" />
        <a href="/auth/login?return=/messages">Sign in to the page itself</a>
        <a href="/local/stories">Stories</a>
      </header>
      <Day stage={stage} />
      <div class="local-main">
        <section class="phones" aria-label="Clients’ phones">
          <h2>Clients’ phones</h2>
          <div class="phone-grid">
            {world.clients.flatMap((c) => c.phones.map((p) => phone(p, c.name, c.pets.join(", "), p)))}
            {world.sitters.map((s) => (s.phone ? phone(s.phone, s.name, "sitter’s own phone", s.phone) : null))}
            {others.map((p) => phone(p, "A stranger", "", p))}
          </div>
          <form
            class="row-flex"
            onSubmit={(e) => {
              e.preventDefault();
              setOthers((o) => [...o, `+131055501${String(99 - o.length).padStart(2, "0")}`]);
            }}
          >
            <button>Add a stranger’s phone</button>
          </form>
        </section>
        <section class="hand" aria-label="A sitter’s phone">
          <h2>
            <select aria-label="Sitter" value={sitter} onChange={(e) => setHandOf(e.currentTarget.value)}>
              {world.sitters.map((s) => (
                <option key={s.sub} value={s.sub}>
                  {s.name}, sitter
                </option>
              ))}
            </select>
          </h2>
          <div class="handset">{sitter && <Mounted key={sitter} sub={sitter} kind="sitter" />}</div>
        </section>
        <section class="desk" aria-label="The inbox">
          <h2>
            <select aria-label="Inbox of" value={owner} onChange={(e) => setInboxOf(e.currentTarget.value)}>
              {world.owners.map((o) => (
                <option key={o.sub} value={o.sub}>
                  {o.name}, owner
                </option>
              ))}
              <option value="ops-1">Operator</option>
            </select>
          </h2>
          <div class="screen-frame">{owner && <Mounted key={owner} sub={owner} kind="owner" />}</div>
        </section>
      </div>
    </div>
  );
}

const root = document.getElementById("local");
if (root) render(<Local />, root);
