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
