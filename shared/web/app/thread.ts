// One conversation as it is loaded: the newest page kept true, older pages added above it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp, useLive, useListen } from "./app";
import type { Loaded } from "./app";
import type { Pending } from "./outbox";
import type { MessageEvent, ThreadPage } from "./wire";

export interface Conversation {
  page: Loaded<ThreadPage>;
  events: MessageEvent[]; // oldest first
  pending: Pending[];
  older: (() => Promise<void>) | null;
  unread: number; // when it was opened
}

export const threadPath = (id: string) => `/api/messages/threads/${encodeURIComponent(id)}`;

const windowEdge = (t: ThreadPage) => (t.window.nextChangeAt ? Date.parse(t.window.nextChangeAt) : null);

export function useConversation(id: string): Conversation {
  const { api, outbox, live } = useApp();
  useListen((f) => outbox.listen(f));
  const page = useLive<ThreadPage>(threadPath(id), 0, windowEdge);
  const [past, setPast] = useState<{ id: string; events: MessageEvent[]; cursor: string | null | undefined }>({ id, events: [], cursor: undefined });
  const kept = useRef<{ id: string; newest: MessageEvent[] }>({ id, newest: [] });
  const opened = useRef<{ id: string; unread: number } | null>(null);
  const data = page.data;

  if (data && opened.current?.id !== id) opened.current = { id, unread: data.unread };

  // What slides out of the newest page must not vanish from the screen.
  if (kept.current.id !== id) kept.current = { id, newest: [] };
  if (data) {
    const now = new Set((data.events ?? []).map((e) => e.id));
    const gone = kept.current.newest.filter((e) => !now.has(e.id));
    const overlaps = kept.current.newest.length > gone.length;
    kept.current.newest = [...(overlaps ? gone : []), ...(data.events ?? [])];
  }
  const mine = past.id === id ? past : { id, events: [], cursor: undefined };
  const newest = kept.current.newest;
  const events = useMemo(() => {
    const byId = new Map<string, MessageEvent>();
    for (const e of [...mine.events, ...newest]) byId.set(e.id, e);
    return [...byId.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  }, [mine.events, newest]);

  const pending = outbox.of(id);
  useEffect(() => {
    outbox.seen(id, events);
  }, [events, pending]);

  // Read is what was on a screen that somebody could look at.
  const unread = data?.unread ?? 0;
  useEffect(() => {
    if (!unread) return;
    const mark = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", mark);
      void api.post(threadPath(id) + "/read", {}).then(
        () => live.poke("/api/messages/threads"),
        () => undefined,
      );
    };
    document.addEventListener("visibilitychange", mark);
    mark();
    return () => document.removeEventListener("visibilitychange", mark);
  }, [id, unread]);

  const cursor = mine.cursor === undefined ? data?.cursor : mine.cursor;
  const older = cursor
    ? async () => {
        const more = await api.get<ThreadPage>(`${threadPath(id)}?cursor=${encodeURIComponent(cursor)}`).catch(() => null);
        if (more) setPast((p) => ({ id, events: [...(more.events ?? []), ...(p.id === id ? p.events : [])], cursor: more.cursor ?? null }));
      }
    : null;
  return { page, events, pending, older, unread: opened.current?.id === id ? opened.current.unread : 0 };
}
