// Small pictures of figures, each with the same figures as a table.
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { diagnostics as S } from "../strings.en";

export interface Series {
  name: string;
  values: number[]; // one for each column
}

function Framed({ title, note, table, children }: { title: string; note?: string; table: ComponentChildren; children: ComponentChildren }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section class="card">
      <div class="row-flex">
        <h2 class="grow">{title}</h2>
        <button class="quiet small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? S.chart : S.table}
        </button>
      </div>
      {note && <p class="hint">{note}</p>}
      {asTable ? table : children}
    </section>
  );
}

/** The width that is there: drawn to it, letters keep their size. */
function useWidth(least: number): [{ current: HTMLDivElement | null }, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, set] = useState(least);
  const look = () => set(Math.max(least, Math.round(ref.current?.clientWidth ?? least)));
  useLayoutEffect(look, []);
  useEffect(() => {
    if (!ref.current) return;
    const o = new ResizeObserver(look);
    o.observe(ref.current);
    return () => o.disconnect();
  }, []);
  return [ref, width];
}

/** A small line or row of columns without axes: its figures stand beside it. */
export function Spark({ title, values, kind }: { title: string; values: number[]; kind: "hours" | "level" }) {
  const id = useId();
  const [w, h] = [120, 26];
  const high = Math.max(...values, 0);
  const low = Math.min(...values, 0);
  const y = (v: number) => 1 + (h - 2) * (1 - (v - low) / Math.max(1, high - low));
  const step = w / Math.max(1, kind === "hours" ? values.length : values.length - 1);
  return (
    <svg class="spark" viewBox={`0 0 ${w} ${h}`} role="img" aria-labelledby={id} preserveAspectRatio="none">
      <title id={id}>{title}</title>
      <line class="axis" x1="0" y1={y(0)} x2={w} y2={y(0)} />
      {kind === "hours" ? (
        values.map((v, i) => v !== 0 && <rect key={i} x={i * step + 0.6} width={step - 1.2} y={Math.min(y(v), y(0)) - 1} height={Math.abs(y(v) - y(0)) + 1} />)
      ) : values.length > 1 ? (
        <polyline points={values.map((v, i) => `${(i * step).toFixed(1)},${y(v).toFixed(1)}`).join(" ")} />
      ) : (
        <line class="level" x1="0" y1={y(values[0] ?? 0)} x2={w} y2={y(values[0] ?? 0)} />
      )}
    </svg>
  );
}

/** The figures of columns, as a table that scrolls by itself. */
export function TrendTable({ title, columns, series }: { title: string; columns: string[]; series: Series[] }) {
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{S.hour}</th>
            {series.map((s) => (
              <th key={s.name} scope="col" class="num">
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((c, i) => (
            <tr key={i}>
              <th scope="row">{c}</th>
              {series.map((s) => (
                <td key={s.name} class="num">
                  {s.values[i]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Bars({ title, rows }: { title: string; rows: { name: string; value: number }[] }) {
  const id = useId();
  const [ref, width] = useWidth(240);
  const top = Math.max(1, ...rows.map((r) => r.value));
  const [left, right, each] = [108, 44, 30];
  const height = rows.length * each;
  const long = (v: number) => (v / top) * (width - left - right);
  return (
    <Framed
      title={title}
      table={
        <table>
          <tbody>
            {rows.map((r) => (
              <tr key={r.name}>
                <th scope="row">{r.name}</th>
                <td class="num">{r.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    >
      <div ref={ref}>
        <svg class="chart bars" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={id}>
          <title id={id}>{`${title}: ${rows.map((r) => `${r.name} ${r.value}`).join(", ")}`}</title>
          {rows.map((r, i) => (
            <g key={r.name}>
              <text x="0" y={i * each + 20}>
                {r.name}
              </text>
              <rect x={left} y={i * each + 6} rx="3" height="18" width={Math.max(r.value ? 3 : 0, long(r.value))} />
              <text x={left + 8 + long(r.value)} y={i * each + 20}>
                {r.value}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </Framed>
  );
}

/** Columns of several series on top of each other; patterns as well as colours tell them apart. */
export function Stacked({ title, note, columns, series }: { title: string; note: string; columns: string[]; series: Series[] }) {
  const id = useId();
  const totals = columns.map((_, i) => series.reduce((n, s) => n + (s.values[i] ?? 0), 0));
  const top = Math.max(1, ...totals);
  const [ref, width] = useWidth(260);
  const [height, left] = [190, 26];
  const step = (width - left) / Math.max(1, columns.length);
  const y = (v: number) => 10 + (height - 36) * (1 - v / top);
  return (
    <Framed
      title={title}
      note={note}
      table={
        <TrendTable title={title} columns={columns} series={series} />
      }
    >
      <div ref={ref}>
        <svg class="chart" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={id}>
          <title id={id}>{`${title}. ${series.map((s) => `${s.name}: ${s.values.reduce((a, b) => a + b, 0)}`).join(", ")}`}</title>
          <Patterns n={series.length} />
          <line class="axis" x1={left} y1={y(0)} x2={width} y2={y(0)} />
          <line class="axis" x1={left} y1={y(top)} x2={width} y2={y(top)} />
          <text x="0" y={y(0)}>
            0
          </text>
          <text x="0" y={y(top) + 8}>
            {top}
          </text>
          {columns.map((c, i) => {
            let under = 0;
            return (
              <g key={i}>
                {series.map((s, k) => {
                  const v = s.values[i] ?? 0;
                  if (!v) return null;
                  const from = under;
                  under += v;
                  const box = { x: left + i * step + step * 0.12, y: y(under), width: step * 0.76, height: y(from) - y(under) };
                  return (
                    <g key={s.name}>
                      <rect class={`c${k % 6}`} {...box} />
                      {k > 0 && <rect fill={`url(#hatch${k % 6})`} {...box} />}
                    </g>
                  );
                })}
                {i % (width < 480 ? 8 : 4) === 0 && (
                  <text x={left + i * step} y={height - 8}>
                    {c}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      <p class="legend">
        {series.map((s, k) => (
          <span key={s.name}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <rect class={`c${k % 6}`} width="14" height="14" />
              {k > 0 && <rect fill={`url(#hatch${k % 6})`} width="14" height="14" />}
            </svg>{" "}
            {s.name}
          </span>
        ))}
      </p>
    </Framed>
  );
}

function Patterns({ n }: { n: number }) {
  return (
    <defs>
      {Array.from({ length: Math.min(6, n) }, (_, k) => (
        <pattern key={k} id={`hatch${k}`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform={`rotate(${k * 45})`}>
          <path d="M0 3h6" stroke="Canvas" stroke-opacity=".55" stroke-width={1 + (k % 2)} />
        </pattern>
      ))}
    </defs>
  );
}
