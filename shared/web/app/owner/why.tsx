// Why a text went where it went, rule by rule, and where it would go now.
import { useState } from "preact/hooks";
import { useApp } from "../app";
import { owner as S } from "../strings.en";
import { Dialog, useAction } from "../ui";
import type { Explanation, MessageEvent, Rule, ThreadPage } from "../wire";

export function Trace({ trace, fired }: { trace: Rule[] | null | undefined; fired: number }) {
  if (!trace?.length) return <p class="hint">{S.traceNone}</p>;
  return (
    <ol class="trace">
      {trace.map((t, i) => (
        <li key={i} class={t.rule === fired ? "fired" : ""}>
          <span class="num">{t.rule}</span>
          <span>{t.fact}</span>
          <span>{t.result === "next" ? S.traceNext : (S.routedTo[t.result] ?? t.result)}</span>
        </li>
      ))}
    </ol>
  );
}

export function Verdict({ target, reason, rule }: { target: string; reason: string; rule: number }) {
  return (
    <p>
      <strong>{S.routedTo[target] ?? target}</strong> — {reason} ({S.traceRule.toLowerCase()} {rule})
    </p>
  );
}

export function WhyDialog({ event, page, onClose }: { event: MessageEvent; page: ThreadPage; onClose: () => void }) {
  const { api } = useApp();
  const [now, setNow] = useState<Explanation | null>(null);
  const act = useAction();
  const r = event.routing;
  return (
    <Dialog title={S.traceTitle} onClose={onClose} wide>
      {r && (
        <>
          <Verdict target={r.routingTarget} reason={r.routingReason} rule={r.rule} />
          <Trace trace={r.trace} fired={r.rule} />
        </>
      )}
      {page.clientPhone && page.number && (
        <div class="stack">
          <div>
            <button disabled={act.busy} onClick={() => void act.run(async () => setNow(await api.post<Explanation>("/api/messages/explain", { from: page.clientPhone, to: page.number })))}>
              {S.traceNow}
            </button>
          </div>
          {act.error && (
            <p class="error" role="alert">
              {act.error}
            </p>
          )}
          {now && (
            <div role="status">
              <Verdict target={now.routingTarget} reason={now.routingReason} rule={now.rule} />
              <Trace trace={now.trace} fired={now.rule} />
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
