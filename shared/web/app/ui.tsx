// The small pieces that screens are made of.
import type { ComponentChildren, TargetedEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp, useTick } from "./app";
import { Refused, sayError } from "./api";
import { common as S } from "./strings.en";
import type { Match } from "./wire";

type Icons = "send" | "back" | "search" | "more" | "warn" | "shield" | "check" | "clock" | "info" | "down" | "note" | "close" | "plus" | "photo" | "caret";

const strokes: Record<Icons, string> = {
  send: "M4 12 20 4l-5 16-4-6z",
  back: "m14 5-7 7 7 7",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 5 5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  warn: "M12 4 2.5 20h19zM12 10v4m0 3h.01",
  shield: "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6z",
  check: "m5 13 4 4L19 7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 5v4l3 2",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 8v6m0-9h.01",
  down: "M12 5v14m-6-6 6 6 6-6",
  note: "M5 4h14v10l-5 6H5zM14 20v-6h5",
  close: "m6 6 12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  photo: "M4 6h16v13H4zM4 16l5-5 4 4 3-3 4 4M9 9.5h.01",
  caret: "m7 10 5 5 5-5",
};

export function Icon({ name }: { name: Icons }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={strokes[name]} />
    </svg>
  );
}

export function Chip({ tone = "off", icon, children }: { tone?: "on" | "off" | "warn" | "bad"; icon?: Icons; children: ComponentChildren }) {
  return (
    <span class={`chip ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** A time, with the whole of it for whoever points at it. */
export function Time({ at, text }: { at: string; text: string }) {
  const { when } = useApp();
  return (
    <time dateTime={at} title={when.full(at)}>
      {text}
    </time>
  );
}

/** Grey bars, but only once waiting is long enough to be noticed. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const t = setTimeout(() => show(true), 150);
    return () => clearTimeout(t);
  }, []);
  if (!shown) return null;
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** What to show while there is nothing to show yet: waiting, or why it failed. */
export function Pending({ error, retry, rows = 4 }: { error: unknown; retry: () => void; rows?: number }) {
  if (!error) return <Skeleton rows={rows} />;
  return (
    <div class="empty" role="alert">
      <p>{sayError(error, S.cannotLoad)}</p>
      <button onClick={retry}>{S.tryAgain}</button>
    </div>
  );
}

/** How old what is on screen is; says so loudly when it can no longer be refreshed. */
export function Freshness() {
  const { live, env, when } = useApp();
  useTick(1000);
  const at = live.freshAt();
  const offline = !navigator.onLine;
  if (offline || live.failing()) {
    return (
      <span class="fresh stale">
        <span role="status">{offline ? S.offline : S.reconnecting}</span>
        {at > 0 && <span class="wide-only"> {S.lastUpdated(when.clock(new Date(at).toISOString()))}</span>}
        {!offline && <button class="link" onClick={() => live.poke()}>{S.tryAgain}</button>}
      </span>
    );
  }
  const s = at ? Math.max(0, Math.round((env.now() - at) / 1000)) : 0;
  return (
    <span class="fresh">
      <span class="dot" aria-hidden="true" /> {at > 0 && <span class="wide-only">{S.updated}</span>} {at ? S.ago(s) : S.loading}
    </span>
  );
}

export function Dialog({ title, onClose, children, wide }: { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean }) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const d = ref.current;
    const back = document.activeElement;
    if (d && !d.open) d.showModal();
    // The first thing to fill in, else what most people came to press.
    d?.querySelector<HTMLElement>("form input, form select, form textarea, form .primary")?.focus();
    return () => {
      if (back instanceof HTMLElement && back.isConnected) back.focus();
    };
  }, []);
  return (
    <dialog ref={ref} class={wide ? "wide" : ""} aria-labelledby={id} onClose={onClose} onClick={(e) => e.target === ref.current && onClose()}>
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <button class="quiet icon-button" aria-label={S.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** A form in a dialog whose one button does something on the server. */
export function ActionDialog(props: {
  title: string;
  action: string;
  danger?: boolean;
  children: ComponentChildren;
  run: (form: FormData) => Promise<unknown>;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const submit = async (e: TargetedEvent<HTMLFormElement>) => {
    e.preventDefault();
    setBusy(true);
    setError("");
    try {
      await props.run(new FormData(e.currentTarget));
      props.onClose();
    } catch (err) {
      setError(sayError(err, S.notDone));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form class="stack" onSubmit={submit}>
        {props.children}
        {error && <p class="error" role="alert">{error}</p>}
        <div class="buttons">
          <button type="button" class="quiet" onClick={props.onClose}>
            {S.cancel}
          </button>
          <button class={props.danger ? "danger" : "primary"} disabled={busy}>
            {props.action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A table that becomes a stack of cards where there is no room for columns. */
export function Table(props: { label: string; head: string[]; rows: { key: string; cells: ComponentChildren[]; under?: ComponentChildren }[] }) {
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={props.label}>
      <table class="cards-table">
        <thead>
          <tr>
            {props.head.map((h) => (
              <th key={h} scope="col">
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((r) => (
            <>
              <tr key={r.key}>
                {r.cells.map((c, i) =>
                  i === 0 ? (
                    <th key={i} scope="row">
                      {c}
                    </th>
                  ) : (
                    <td key={i} data-label={props.head[i]}>
                      <div>{c}</div>
                    </td>
                  ),
                )}
              </tr>
              {r.under && (
                <tr key={r.key + "+"}>
                  <td colSpan={r.cells.length}>{r.under}</td>
                </tr>
              )}
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Field(props: { label: string; hint?: string | undefined; children: (id: string, hint: string | undefined) => ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      {props.children(id, props.hint ? id + "h" : undefined)}
      {props.hint && (
        <p class="hint" id={id + "h"}>
          {props.hint}
        </p>
      )}
    </div>
  );
}

export function TextField(props: { label: string; name: string; value?: string; required?: boolean; type?: string; hint?: string; rows?: number; max?: number; onInput?: (v: string) => void }) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, hint) =>
        props.rows ? (
          <textarea id={id} name={props.name} rows={props.rows} defaultValue={props.value ?? ""} required={props.required ?? false} maxLength={props.max ?? 1600} aria-describedby={hint} onInput={(e) => props.onInput?.(e.currentTarget.value)} />
        ) : (
          <input id={id} name={props.name} type={(props.type ?? "text") as "text"} defaultValue={props.value ?? ""} required={props.required ?? false} aria-describedby={hint} autocomplete="off" onInput={(e) => props.onInput?.(e.currentTarget.value)} />
        )
      }
    </Field>
  );
}

export function SelectField(props: { label: string; name: string; value?: string; options: { value: string; text: string }[]; hint?: string; onChange?: (v: string) => void }) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id, hint) => (
        <select id={id} name={props.name} aria-describedby={hint} onChange={(e) => props.onChange?.(e.currentTarget.value)}>
          {props.options.map((o) => (
            <option key={o.value} value={o.value} selected={o.value === (props.value ?? "")}>
              {o.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A button that opens a short list; closes like people expect it to. */
export function Menu({ label, children, text }: { label: string; text?: ComponentChildren; children: ComponentChildren }) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const shut = (e: Event) => {
      const d = ref.current;
      if (!d?.open) return;
      if (e instanceof KeyboardEvent) {
        if (e.key !== "Escape") return;
        e.stopPropagation();
        d.querySelector("summary")?.focus();
      } else if (d.contains(e.target as Node) && !(e.target as Element).closest(".menu-panel a, .menu-panel button")) return;
      // A click inside runs first: closing must not take its target away.
      setTimeout(() => (d.open = false));
    };
    document.addEventListener("click", shut);
    document.addEventListener("keydown", shut, true);
    return () => {
      document.removeEventListener("click", shut);
      document.removeEventListener("keydown", shut, true);
    };
  }, []);
  return (
    <details class="menu" ref={ref}>
      {text ? (
        <summary>
          <span class="sr">{label}: </span>
          {text}
          <Icon name="caret" />
        </summary>
      ) : (
        <summary aria-label={label}>
          <Icon name="more" />
        </summary>
      )}
      <div class="menu-panel">{children}</div>
    </details>
  );
}

/** Runs something on the server, and tells when it failed. */
export function useAction(): { busy: boolean; error: string; run: (f: () => Promise<unknown>) => Promise<void>; clear: () => void } {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  return {
    busy,
    error,
    clear: () => setError(""),
    run: async (f) => {
      setBusy(true);
      setError("");
      try {
        await f();
      } catch (e) {
        setError(sayError(e, S.notDone));
      }
      setBusy(false);
    },
  };
}

export function isGone(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404;
}

/** Text as it was written: never markup, links made as nodes; what screening saw stands out. */
export function Words({ text, marks }: { text: string; marks?: Match[] | null | undefined }) {
  if (marks?.length) return <Marked text={text} marks={marks} />;
  const parts = text.split(/(https?:\/\/[^\s<>"']+)/);
  return (
    <>
      {parts.map((p, i) =>
        i % 2 ? (
          <a key={i} href={p} target="_blank" rel="noopener noreferrer nofollow">
            {p}
          </a>
        ) : (
          p
        ),
      )}
    </>
  );
}

/** Marks count in bytes of UTF-8, as the server does. */
function Marked({ text, marks }: { text: string; marks: Match[] }) {
  const bytes = new TextEncoder().encode(text);
  const part = (from: number, to: number) => new TextDecoder().decode(bytes.slice(from, to));
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const m of [...marks].sort((a, b) => a.start - b.start)) {
    if (m.start < at || m.end <= m.start || m.end > bytes.length) continue; // over another one, or of another text
    out.push(part(at, m.start), <mark>{part(m.start, m.end)}</mark>);
    at = m.end;
  }
  return (
    <>
      {out}
      {part(at, bytes.length)}
    </>
  );
}

/** Who comes back to the list is put where they left it. */
export function useWayBack(inside: { current: HTMLElement | null }, open: string | null): void {
  const was = useRef(open);
  useLayoutEffect(() => {
    const left = was.current;
    was.current = open;
    if (!left || open) return;
    const rows = [...(inside.current?.querySelectorAll<HTMLElement>("a.row, a.suggested") ?? [])];
    rows.find((r) => (r.getAttribute("href") ?? "").split("?")[0]?.endsWith("/" + encodeURIComponent(left)))?.focus();
  }, [open]);
}

/** Whether the conversation has taken the list's place, as on a phone. */
export function onePane(inside: HTMLElement | null): boolean {
  const back = inside?.closest("header")?.querySelector(".back");
  return !!back && back.getClientRects().length > 0;
}
