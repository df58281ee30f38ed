// How messaging is doing: every figure, where texts went, and the switches.
import { useRef, useState } from "preact/hooks";
import { useApp, useLive, useUrl } from "../app";
import { common as C, diagnostics as S, owner as O } from "../strings.en";
import { ActionDialog, Chip, Pending, Table, TextField, useAction } from "../ui";
import type { Decision, Diagnostics, Explanation, ThreadList, ThreadPage } from "../wire";
import { Bars, Spark, Stacked, TrendTable } from "./charts";
import { phone } from "./start";
import { Trace, Verdict } from "./why";

export function DiagnosticsScreen() {
  const { me } = useApp();
  const url = useUrl();
  // An operator belongs to no business, so they say which one they look at.
  const org = url.searchParams.get("org") ?? "";
  if (me.role !== "ops") return <Figures query="" />;
  return org ? <Figures key={org} query={`?org=${encodeURIComponent(org)}`} /> : <NoOrg />;
}

function NoOrg() {
  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{O.tabs.diagnostics}</h1>
      </div>
      <OrgForm />
      <div class="two-col">
        <Flags />
      </div>
    </main>
  );
}

function OrgForm({ org = "" }: { org?: string }) {
  const { router } = useApp();
  return (
    <form
      class="row-flex org-form"
      onSubmit={(e) => {
        e.preventDefault();
        router.go(`/messages/diagnostics?org=${encodeURIComponent(String(new FormData(e.currentTarget).get("org")).trim())}`);
      }}
    >
      <TextField label={S.org} name="org" value={org} required />
      <button>{S.orgGo}</button>
    </form>
  );
}

function Figures({ query }: { query: string }) {
  const { when, me } = useApp();
  const live = useLive<Diagnostics>("/api/messages/diagnostics" + query, 15_000);
  const seen = useRef<Seen[]>([]);
  const d = live.data;
  if (d) watch(seen.current, d);
  const [asTable, setAsTable] = useState(false);
  if (!d)
    return (
      <main class="screen">
        <h1 class="sr">{O.tabs.diagnostics}</h1>
        {query && <OrgForm />}
        <Pending error={live.error} retry={live.refresh} rows={6} />
      </main>
    );
  const s = d.summary;
  const t = d.trends;
  const first = seen.current[0] as Seen;
  const own = (of: (x: Seen) => number) => ({ values: seen.current.map(of), kind: "level" as const, what: S.sinceOpened(when.clock(first.at)) });
  const day = (values: number[]) => ({ values, kind: "hours" as const, what: S.lastDay });
  const stood = (values: number[]) => ({ values, kind: "level" as const, what: S.stood });
  const sent = Object.values(s.outbound).reduce((a, b) => a + b, 0);
  const decisions = d.routingDecisions.decisions ?? [];
  return (
    <main class="screen">
      <div class="screen-head">
        <h1>{O.tabs.diagnostics}</h1>
        {query && <OrgForm org={new URLSearchParams(query).get("org") ?? ""} />}
        <p class="hint">
          {S.asOf(when.seconds(d.generatedAt))} · {S.stage(d.stage, d.version)}
        </p>
      </div>
      <section aria-label={S.figures} class="tiles">
        <Tile name={S.signal} value={s.ownerInboxRoutedOperational} trend={day(t.ownerInboxRoutedOperational)} why={S.signalWhy} signal />
        <Tile name={S.blocked} value={s.antiPoachingBlocked} trend={day(t.antiPoachingBlocked)} />
        <Tile name={S.routed} value={s.ownerInboxRouted} trend={day(t.ownerInboxRouted)} />
        <Tile name={S.noWindow} value={s.sitterNoActiveWindow} trend={stood(t.sitterNoActiveWindow)} href={me.role === "owner" ? "/messages?win=none" : undefined} />
        <Tile name={S.failed} value={s.outbound.failed} trend={day(t.outboundFailed)} href={me.role === "owner" ? "/messages?f=failed" : undefined} />
        <Tile name={S.held} value={s.held} trend={day(t.held)} />
        <Tile name={S.windowsTitle} value={s.assignmentWindows.active} more={S.windows(s.assignmentWindows.upcoming)} trend={stood(t.assignmentWindowsActive)} />
        <Tile name={S.out.all} value={sent} trend={own((x) => x.sent)} />
        {s.unroutable !== undefined && <Tile name={S.unroutable} value={s.unroutable} trend={own((x) => x.unroutable)} />}
      </section>
      <section class="card">
        <div class="row-flex">
          <h2 class="grow">{S.trends}</h2>
          <button class="quiet small" aria-expanded={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? S.hideTable : S.table}
          </button>
        </div>
        <p class="hint">{S.trendsWhy}</p>
        {asTable && (
          <TrendTable
            title={S.trends}
            columns={t.held.map((_, i) => when.clock(new Date(Date.parse(t.from) + i * 3600e3).toISOString()))}
            series={[
              { name: S.signalShort, values: t.ownerInboxRoutedOperational },
              { name: S.blocked, values: t.antiPoachingBlocked },
              { name: S.routed, values: t.ownerInboxRouted },
              { name: S.failed, values: t.outboundFailed },
              { name: S.held, values: t.held },
              { name: S.windowsActive, values: t.assignmentWindowsActive },
              { name: S.noWindowShort, values: t.sitterNoActiveWindow },
            ]}
          />
        )}
      </section>
      <Health d={d} />
      <section class="two-col">
        <Bars title={S.byClass} rows={s.threadsByNumberClass.map((c) => ({ name: O.classes[c.numberClass] ?? c.numberClass, value: c.count }))} />
        <Bars title={S.outbound} rows={(["queued", "sent", "delivered", "failed", "unknown"] as const).map((k) => ({ name: S.out[k], value: s.outbound[k] }))} />
      </section>
      <ByHour decisions={decisions} generatedAt={d.generatedAt} />
      <Decisions decisions={decisions} />
      <div class="two-col">
        <Flags />
        <Explain query={query} />
      </div>
    </main>
  );
}

/** What the page has seen of the figures whose past is kept nowhere. */
interface Seen {
  at: string;
  sent: number;
  unroutable: number;
}

const seenAtMost = 120;

function watch(seen: Seen[], d: Diagnostics): void {
  if (seen.at(-1)?.at === d.generatedAt) return;
  const s = d.summary;
  seen.push({ at: d.generatedAt, sent: Object.values(s.outbound).reduce((a, b) => a + b, 0), unroutable: s.unroutable ?? 0 });
  // A page that is open all day keeps its beginning and thins out the middle.
  if (seen.length > seenAtMost) seen.splice(0, seen.length, ...seen.filter((_, i) => i === 0 || i === seen.length - 1 || i % 2 === 0));
}

interface TileTrend {
  values: number[];
  kind: "hours" | "level"; // how much was added in each hour, or how it stood each time it was looked at
  what: string;
}

function Tile({ name, value, trend, why, more, signal, href }: { name: string; value: number; trend: TileTrend; why?: string; more?: string; signal?: boolean; href?: string | undefined }) {
  const v = trend.values;
  const change = trend.kind === "hours" ? v.reduce((a, b) => a + b, 0) : (v.at(-1) ?? 0) - (v[0] ?? 0);
  return (
    <div class={`card tile ${signal ? "signal" : ""}`}>
      <h2>{href ? <a href={href}>{name}</a> : name}</h2>
      <p class="value">
        {value}
        {more && <span class="value-more"> {more}</span>}
      </p>
      <Spark title={`${name}. ${trend.what}: ${S.change(change)}`} values={v} kind={trend.kind} />
      <p class="hint">
        {change !== 0 ? <strong class="num">{S.change(change)} </strong> : S.noChange}
        {trend.what}
      </p>
      {why && <p class="hint">{why}</p>}
    </div>
  );
}

const busyOutbox = 20; // messages that wait at one time on a good day

/** Whether what works behind the page keeps up, in words that need no manual. */
function Health({ d }: { d: Diagnostics }) {
  const { when, live } = useApp();
  const h = d.health;
  // A text that the list shows, and that these figures do not hold though a minute has gone by.
  const texts = (live.peek<ThreadList>("/api/messages/threads?box=conversations")?.data?.threads ?? []).filter((t) => t.lastDirection === "inbound" && t.lastMessageAt);
  const newest = texts.map((t) => t.lastMessageAt as string).sort().at(-1);
  const counted = h.stream.countedUpTo ? Date.parse(h.stream.countedUpTo) : -Infinity;
  const behind = newest && Date.parse(newest) > counted + 1000 && Date.parse(newest) + 60_000 < Date.parse(d.generatedAt) ? newest : null;
  const exact = (t: string) => `${when.date(t)}, ${when.seconds(t)}`;
  const rows = [
    { name: S.carrier, good: h.carrier.failures7d === 0 && h.carrier.unconfirmed === 0, text: S.carrierState(h.carrier.failures7d, h.carrier.unconfirmed) },
    { name: S.stream, good: !behind, text: behind ? S.streamBehind(exact(behind)) : h.stream.countedUpTo ? S.streamState(exact(h.stream.countedUpTo)) : S.streamNew },
    { name: S.outbox, good: h.outbox.waiting <= busyOutbox, text: S.outboxState(h.outbox.waiting) },
  ];
  return (
    <section class="card health">
      <h2>{S.health}</h2>
      <dl class="facts">
        {rows.map((r) => (
          <>
            <dt key={r.name}>{r.name}</dt>
            <dd key={r.name + "d"}>
              <Chip tone={r.good ? "on" : "warn"} icon={r.good ? "check" : "warn"}>
                {r.good ? S.good : S.look}
              </Chip>{" "}
              {r.text}
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}

const kindOf = (d: Decision) => (d.routingTarget === "owner_inbox" ? d.routingReason.split(/[:(,–—]/)[0]?.trim() || d.routingTarget : (O.routedTo[d.routingTarget] ?? d.routingTarget));

function ByHour({ decisions, generatedAt }: { decisions: Decision[]; generatedAt: string }) {
  const { when } = useApp();
  if (!decisions.length) return null;
  const end = Math.floor(Date.parse(generatedAt) / 3600e3);
  const names = [...new Set(decisions.map(kindOf))].sort().slice(0, 6);
  const columns = Array.from({ length: 24 }, (_, i) => when.clock(new Date((end - 23 + i) * 3600e3).toISOString()));
  const series = names.map((name) => ({
    name,
    values: columns.map((_, i) => decisions.filter((d) => kindOf(d) === name && Math.floor(Date.parse(d.timestamp) / 3600e3) === end - 23 + i).length),
  }));
  return <Stacked title={S.perHour} note={S.perHourOf(decisions.length)} columns={columns} series={series} />;
}

function Decisions({ decisions }: { decisions: Decision[] }) {
  const { when, me, say } = useApp();
  const copy = (d: Decision) => {
    const line = [d.timestamp, d.threadId, d.routingTarget, d.routingReason, d.rule, d.sender, d.recipient].join("\t");
    void navigator.clipboard.writeText(line).then(() => say(S.copied));
  };
  const [target, setTarget] = useState("");
  const [reason, setReason] = useState("");
  const [open, setOpen] = useState("");
  const shown = decisions.filter((d) => (!target || d.routingTarget === target) && (!reason || d.routingReason === reason));
  const all = (of: (d: Decision) => string) => [...new Set(decisions.map(of))].sort();
  return (
    <section>
      <div class="row-flex">
        <h2 class="grow">{S.decisions(decisions.length)}</h2>
        <div class="filters">
          <select aria-label={S.target} onChange={(e) => setTarget(e.currentTarget.value)}>
            <option value="">{S.anyTarget}</option>
            {all((d) => d.routingTarget).map((t) => (
              <option key={t} value={t}>
                {O.routedTo[t] ?? t}
              </option>
            ))}
          </select>
          <select aria-label={S.reason} onChange={(e) => setReason(e.currentTarget.value)}>
            <option value="">{S.anyReason}</option>
            {all((d) => d.routingReason).map((t) => (
              <option key={t} value={t}>
                {t}
              </option>
            ))}
          </select>
        </div>
      </div>
      {shown.length === 0 ? (
        <p class="hint">{decisions.length ? S.noneMatch : S.noDecisions}</p>
      ) : (
        <Table
          label={S.decisions(decisions.length)}
          head={[S.time, S.thread, S.target, S.reason, S.rule, S.from, S.to, S.trace]}
          rows={shown.map((d, i) => {
            const key = d.timestamp + d.threadId + i;
            return {
              key,
              cells: [
                <time class="nowrap" dateTime={d.timestamp} title={when.full(d.timestamp)}>
                  {when.brief(d.timestamp)} {when.seconds(d.timestamp)}
                </time>,
                d.threadId ? me.role === "owner" ? <a href={`/messages/t/${encodeURIComponent(d.threadId)}`}>{d.threadId.slice(-8)}</a> : d.threadId.slice(-8) : "–",
                O.routedTo[d.routingTarget] ?? d.routingTarget,
                d.routingReason,
                d.rule,
                <span class="nowrap num">{d.sender}</span>,
                <span class="nowrap num">{d.recipient}</span>,
                <span class="row-flex">
                  <button class="quiet small" aria-expanded={open === key} onClick={() => setOpen(open === key ? "" : key)}>
                    {S.trace}
                  </button>
                  <button class="quiet small" onClick={() => copy(d)}>
                    {S.copy}
                  </button>
                </span>,
              ],
              under: open === key && (
                <>
                  <Verdict target={d.routingTarget} reason={d.routingReason} rule={d.rule} />
                  <DecisionTrace d={d} />
                </>
              ),
            };
          })}
        />
      )}
    </section>
  );
}

/** The rules that were looked at are kept with the text itself, not with the figures. */
function DecisionTrace({ d }: { d: Decision }) {
  const { me } = useApp();
  const page = useLive<ThreadPage>(d.threadId && me.role === "owner" ? `/api/messages/threads/${encodeURIComponent(d.threadId)}` : null, 60_000);
  if (!d.threadId || me.role !== "owner") return <p class="hint">{O.traceNone}</p>;
  if (!page.data) return <Pending error={page.error} retry={page.refresh} rows={1} />;
  const at = Date.parse(d.timestamp);
  const event = (page.data.events ?? []).find((e) => e.routing?.rule === d.rule && Math.abs(Date.parse(e.at) - at) < 2000);
  return <Trace trace={event?.routing?.trace} fired={d.rule} />;
}

const order = ["ENABLE_MESSAGING_V1", "ENABLE_PROACTIVE_THREAD_CREATION", "ENABLE_SITTER_MESSAGES_V1"];
const isOn = (v: boolean | string | undefined) => v === true || v === "true";

function Flags() {
  const { api, me, live } = useApp();
  const now = useLive<Record<string, boolean | string>>("/api/flags", 15_000);
  const flags = now.data ?? {};
  const ops = me.role === "ops" || !!me.ops;
  const [asking, setAsking] = useState<{ name: string; to: string } | null>(null);
  const [editing, setEditing] = useState(false);
  const put = async (name: string, value: string) => {
    await api.request("/api/flags", { method: "PUT", body: { [name]: value } });
    live.poke("/api/");
  };
  const allow = String(flags["SITTER_MESSAGES_ALLOWLIST"] ?? "");
  return (
    <section class="card">
      <h2>{S.flags}</h2>
      {order.map((name) => {
        const on = isOn(flags[name]);
        return (
          <div key={name} class="row-flex">
            <span class="grow" id={name}>
              {S.flagText[name]}
              <br />
              <span class="hint">{name}</span>
            </span>
            {ops ? (
              <button role="switch" aria-checked={on} aria-labelledby={name} onClick={() => setAsking({ name, to: String(!on) })} />
            ) : (
              <Chip tone={on ? "on" : "off"}>{on ? S.on : S.off}</Chip>
            )}
          </div>
        );
      })}
      <div class="row-flex">
        <span class="grow">
          {S.allowlist}
          <br />
          <span class="hint">SITTER_MESSAGES_ALLOWLIST</span>
        </span>
        <Chip>{allow || "none"}</Chip>
        {ops && (
          <button class="small" onClick={() => setEditing(true)}>
            {C.edit}
          </button>
        )}
      </div>
      <p class="hint">{S.flagsWhy}</p>
      {asking && (
        <ActionDialog title={S.confirmFlag(S.flagText[asking.name] ?? asking.name, asking.to === "true")} action={S.doFlag(asking.to === "true")} danger onClose={() => setAsking(null)} run={() => put(asking.name, asking.to)}>
          <p>{S.confirmWhy}</p>
        </ActionDialog>
      )}
      {editing && (
        <ActionDialog title={S.allowlist} action={C.save} onClose={() => setEditing(false)} run={(f) => put("SITTER_MESSAGES_ALLOWLIST", String(f.get("list")).trim())}>
          <TextField label={S.allowlist} name="list" value={allow} hint={S.allowlistHint} />
        </ActionDialog>
      )}
    </section>
  );
}

function Explain({ query }: { query: string }) {
  const { api } = useApp();
  const act = useAction();
  const [result, setResult] = useState<Explanation | null>(null);
  return (
    <section class="card">
      <h2>{S.explainTitle}</h2>
      <p class="hint">{S.explainWhy}</p>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          const f = new FormData(e.currentTarget);
          void act.run(async () => setResult(await api.post<Explanation>("/api/messages/explain" + query, { from: phone(String(f.get("from"))), to: phone(String(f.get("to"))) })));
        }}
      >
        <div class="form-grid">
          <TextField label={S.explainFrom} name="from" type="tel" required />
          <TextField label={S.explainTo} name="to" type="tel" required />
        </div>
        <div>
          <button disabled={act.busy}>{S.explainGo}</button>
        </div>
        {act.error && (
          <p class="error" role="alert">
            {act.error}
          </p>
        )}
      </form>
      {result && (
        <div role="status">
          <Verdict target={result.routingTarget} reason={result.routingReason} rule={result.rule} />
          <Trace trace={result.trace} fired={result.rule} />
        </div>
      )}
    </section>
  );
}
