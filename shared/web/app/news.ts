// What came in where nobody is looking: said once to a screen reader, and shown by
// the device to whoever asked for that.
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "./app";
import { petNames, unreadOf } from "./pets";
import { common as S } from "./strings.en";
import type { Thread } from "./wire";

const key = "snout-notify";

/** Whether this device shows notifications for the page, as far as its owner wants. */
export function notifying(): boolean {
  return typeof Notification === "function" && Notification.permission === "granted" && localStorage.getItem(key) === "1";
}

/** Answers whether it is on now: the browser has a say too. */
export async function putNotifying(on: boolean): Promise<boolean> {
  if (!on) localStorage.removeItem(key);
  else if (typeof Notification === "function" && (await Notification.requestPermission()) === "granted") localStorage.setItem(key, "1");
  return notifying();
}

const soundKey = "snout-sound";

/** Whether this device is heard when something comes in. */
export function sounding(): boolean {
  return localStorage.getItem(soundKey) === "1";
}

export function putSounding(on: boolean): void {
  if (on) localStorage.setItem(soundKey, "1");
  else localStorage.removeItem(soundKey);
  if (on) chime(); // so that one knows what to listen for; and a browser lets a page be heard only after it was touched
}

let air: AudioContext | null = null;

/** Two soft tones, made here: there is no file to load. */
function chime(): void {
  if (typeof AudioContext !== "function") return;
  air ??= new AudioContext();
  const c = air;
  void c.resume().then(() => {
    for (const [i, hertz] of [660, 880].entries()) {
      const at = c.currentTime + i * 0.14;
      const tone = c.createOscillator();
      const volume = c.createGain();
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.15, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
      tone.connect(volume).connect(c.destination);
      tone.start(at);
      tone.stop(at + 0.32);
    }
  }, () => undefined);
}

/** Whether anybody wants to be told while the page cannot be seen. */
export function listening(): boolean {
  return notifying() || sounding();
}

export function useNews(threads: Thread[] | null, open: string | null): void {
  const { say, router } = useApp();
  const known = useRef<Map<string, number> | null>(null);
  useEffect(() => {
    if (!threads) return;
    const was = known.current;
    known.current = new Map(threads.map((t) => [t.id, unreadOf(t)]));
    if (!was) return;
    const more = threads.filter((t) => unreadOf(t) > (was.get(t.id) ?? 0) && (t.id !== open || document.hidden));
    const n = more.reduce((sum, t) => sum + unreadOf(t) - (was.get(t.id) ?? 0), 0);
    if (!n) return;
    say(S.announced(n, more.map((t) => t.clientName || S.somebody).join(", ")));
    if (sounding()) chime();
    if (!document.hidden || !notifying()) return;
    for (const t of more.slice(0, 3)) {
      // Lock screens are read by others: whose booking, and not a word of what was written.
      const note = new Notification(S.messages, { body: S.notice(petNames(t.pets) || t.clientName || S.somebody), tag: t.id });
      note.onclick = () => {
        window.focus();
        router.go(`/messages/t/${encodeURIComponent(t.id)}`);
        note.close();
      };
    }
  }, [threads]);
}
