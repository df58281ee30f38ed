// Where a message is written. What was typed survives everything but sending it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app";
import { capacity, countSegments } from "./segments";
import { common as S } from "./strings.en";
import { Icon } from "./ui";

export const longest = 1600; // letters the carrier takes

export interface ComposerProps {
  draftId: string;
  label: string;
  placeholder?: string;
  action?: string;
  closed?: ComponentChildren; // why nothing can be written now
  banner?: ComponentChildren; // what happened to the last try
  quick?: string[]; // texts that one tap puts in
  tools?: (insert: (text: string) => void) => ComponentChildren;
  counted?: boolean;
  price?: number; // of one part, in dollars
  tone?: "note";
  returned?: { text: string; n: number } | null; // a text that came back to be edited
  onSend: (text: string) => void;
}

export function Composer(p: ComposerProps) {
  const { drafts } = useApp();
  const [text, setText] = useState(() => drafts.get(p.draftId));
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const closed = p.closed !== undefined && p.closed !== null;
  const touch = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

  const change = (to: string) => {
    setText(to);
    drafts.set(p.draftId, to);
  };

  useEffect(() => setText(drafts.get(p.draftId)), [p.draftId]);

  // A refused or taken-back text comes back in front of whatever was begun since.
  useEffect(() => {
    if (!p.returned) return;
    const now = drafts.get(p.draftId);
    change(now && now !== p.returned.text ? `${p.returned.text}\n${now}` : p.returned.text);
    area.current?.focus();
  }, [p.returned?.n]);

  useLayoutEffect(() => {
    const a = area.current;
    if (!a) return;
    a.style.height = "auto";
    a.style.height = `${a.scrollHeight + 2}px`;
  }, [text, closed]);

  const over = text.length > longest;
  const send = () => {
    const t = text.trim();
    if (!t || closed || over) return;
    change("");
    p.onSend(t);
    area.current?.focus();
  };

  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== "Enter" || e.isComposing) return;
    const always = e.ctrlKey || e.metaKey;
    if (!always && (e.shiftKey || touch)) return;
    e.preventDefault();
    send();
  };

  const insert = (t: string) => {
    change(text ? `${text.trimEnd()} ${t}` : t);
    area.current?.focus();
  };

  const described = [closed && id + "c", p.banner && id + "b"].filter(Boolean).join(" ");
  return (
    <form
      class={`composer ${p.tone ?? ""}`}
      onSubmit={(e) => {
        e.preventDefault();
        send();
      }}
    >
      {p.banner && (
        <div class="banner" id={id + "b"}>
          {p.banner}
        </div>
      )}
      {closed && (
        <div class="closed" id={id + "c"}>
          {p.closed}
        </div>
      )}
      {!closed && !!p.quick?.length && (
        <div class="quick" role="group" aria-label={S.quickReplies}>
          {p.quick.map((q) => (
            <button key={q} type="button" class="small" onClick={() => insert(q)}>
              {q}
            </button>
          ))}
        </div>
      )}
      <div class="write">
        <textarea
          ref={area}
          id={id}
          class="words-in"
          aria-label={p.label}
          placeholder={closed ? "" : (p.placeholder ?? "")}
          rows={1}
          dir="auto"
          value={text}
          disabled={closed}
          aria-describedby={described || undefined}
          enterkeyhint={touch ? "enter" : "send"}
          autocapitalize="sentences"
          onInput={(e) => change(e.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <button class="primary send" disabled={closed || !text.trim() || over} aria-label={p.action ?? S.send}>
          <Icon name={p.tone === "note" ? "note" : "send"} />
          <span class="send-word">{p.action ?? S.send}</span>
        </button>
      </div>
      {!closed && (
        <div class="under">
          {p.tools?.(insert)}
          {p.counted !== false && <Counter text={text} price={p.price} />}
          {!touch && <span class="hint keys">{S.ctrlEnter}</span>}
        </div>
      )}
    </form>
  );
}

function Counter({ text, price }: { text: string; price: number | undefined }) {
  const [spoken, speak] = useState("");
  const c = countSegments(text);
  const over = text.length > longest;
  const summary = over ? S.tooLong(text.length - longest) : `${S.count(c.units, capacity(c))} · ${S.texts(c.parts)}${price ? " · " + S.cost(c.parts * price) : ""}`;
  // A screen reader hears the count when the typing stops, not at every letter.
  useEffect(() => {
    if (!text) return speak("");
    const t = setTimeout(() => speak(over ? summary : S.spokenCount(c.units, capacity(c), c.parts)), 1000);
    return () => clearTimeout(t);
  }, [text]);
  if (!text) return null;
  return (
    <span class="counter">
      <span aria-hidden="true" class={over || c.parts > 3 ? "bad" : ""}>
        {summary}
      </span>
      {c.odd && !over && (
        <span class="hint" aria-hidden="true">
          {S.odd(c.odd)}
        </span>
      )}
      {c.parts > 3 && !over && <span class="hint">{S.longText}</span>}
      <span class="sr" aria-live="polite">
        {spoken}
      </span>
    </span>
  );
}
