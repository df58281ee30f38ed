// Where a message is written. What was typed survives everything but sending it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app";
import { capacity, countSegments } from "./segments";
import { common as S } from "./strings.en";
import type { Returned } from "./outbox";
import { morePictures, pictureOf, preview } from "./pictures";
import type { Picture } from "./pictures";
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
  pictures?: boolean; // may go along
  returned?: (Returned & { n: number }) | null; // what came back to be edited
  onSend: (text: string, pictures: Picture[]) => void;
}

export function Composer(p: ComposerProps) {
  const { drafts } = useApp();
  const [text, setText] = useState(() => drafts.get(p.draftId));
  const [pictures, setPictures] = useState<Picture[]>([]);
  const [unreadable, setUnreadable] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const id = useId();
  const closed = p.closed !== undefined && p.closed !== null;
  const touch = typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

  const change = (to: string) => {
    setText(to);
    drafts.set(p.draftId, to);
  };

  useEffect(() => setText(drafts.get(p.draftId)), [p.draftId]);

  const attach = async (files: File[]) => {
    const read = await Promise.all(files.map(pictureOf));
    setUnreadable(read.some((r) => !r));
    setPictures((have) => morePictures(have, read.filter((r): r is Picture => !!r)));
    area.current?.focus();
  };

  // A refused or taken-back text comes back in front of whatever was begun since, before
  // anybody can see what is said about it.
  useLayoutEffect(() => {
    if (!p.returned) return;
    const now = drafts.get(p.draftId);
    change(now && now !== p.returned.text ? `${p.returned.text}\n${now}` : p.returned.text);
    const back = p.returned.pictures;
    if (back.length) setPictures((have) => morePictures(back, have));
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
    if ((!t && !pictures.length) || closed || over) return;
    change("");
    setPictures([]);
    setUnreadable(false);
    p.onSend(t, pictures);
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
      {!closed && (pictures.length > 0 || unreadable) && (
        <div class="attached">
          {pictures.map((q, i) => (
            <span key={q.data.length + q.data.slice(-24)} class="attached-one">
              <img src={preview(q)} alt={S.chosen(i + 1)} />
              <button type="button" class="icon-button" aria-label={S.takeOut(i + 1)} onClick={() => setPictures((have) => have.filter((x) => x !== q))}>
                <Icon name="close" />
              </button>
            </span>
          ))}
          {unreadable && (
            <p class="error" role="alert">
              {S.unreadable}
            </p>
          )}
        </div>
      )}
      <div class="write">
        {p.pictures && (
          <>
            <input
              ref={chooser}
              type="file"
              hidden
              accept="image/*"
              multiple
              onChange={(e) => {
                const files = [...(e.currentTarget.files ?? [])];
                e.currentTarget.value = "";
                void attach(files);
              }}
            />
            <button type="button" class="icon-button attach" disabled={closed} aria-label={S.addPhoto} title={S.addPhoto} onClick={() => chooser.current?.click()}>
              <Icon name="photo" />
            </button>
          </>
        )}
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
          onPaste={(e) => {
            const files = [...(e.clipboardData?.files ?? [])].filter((f) => f.type.startsWith("image/"));
            if (!p.pictures || !files.length) return;
            e.preventDefault();
            void attach(files);
          }}
        />
        <button class="primary send" disabled={closed || (!text.trim() && !pictures.length) || over} aria-label={p.action ?? S.send}>
          <Icon name={p.tone === "note" ? "note" : "send"} />
          <span class="send-word">{p.action ?? S.send}</span>
        </button>
      </div>
      {!closed && (
        <div class="under">
          {p.tools?.(insert)}
          {p.counted !== false && <Counter text={text} price={pictures.length ? undefined : p.price} />}
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
      <span aria-hidden="true" class={over || c.parts >= 3 ? "bad" : ""}>
        {summary}
      </span>
      {c.odd && !over && (
        <span class="hint" aria-hidden="true">
          {S.odd(c.odd)}
        </span>
      )}
      {c.parts >= 3 && !over && <span class="hint">{S.longText}</span>}
      <span class="sr" aria-live="polite">
        {spoken}
      </span>
    </span>
  );
}
