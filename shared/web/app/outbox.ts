// Messages on their way: shown at once, sent under one key however often it is
// tried, and given back to the composer when the server says no.
import type { Api } from "./api";
import { Refused, SignedOut } from "./api";
import type { Drafts } from "./drafts";
import type { Picture } from "./pictures";
import type { MessageEvent, Problem, Sent } from "./wire";

export interface Pending {
  key: string;
  threadId: string;
  text: string;
  visibility?: "all" | "owner";
  at: string;
  state: "sending" | "accepted" | "failed";
  eventId?: string;
  pictures: Picture[];
  media?: string[]; // the pictures' names once the server has them all
}

/** What comes back to the composer. */
export interface Returned {
  text: string;
  pictures: Picture[];
}

export class Outbox {
  private pending: Pending[] = [];
  private shown = new Map<string, Pending[]>();
  private known = new Map<string, Set<string>>(); // the events that were there before the oldest message under way
  private listeners = new Set<() => void>();

  constructor(
    private api: Api,
    private drafts: Drafts,
    private now: () => number,
    private pauses: readonly number[],
    private sent: (threadId: string) => void,
  ) {
    addEventListener("online", () => {
      for (const p of this.pending) if (p.state === "failed") void this.try(p);
    });
    addEventListener("beforeunload", (e) => {
      if (this.pending.some((p) => p.state !== "accepted")) e.preventDefault();
    });
  }

  /** The same array as long as nothing changes. */
  of(threadId: string): Pending[] {
    const now = this.pending.filter((p) => p.threadId === threadId);
    const was = this.shown.get(threadId) ?? [];
    if (now.length === was.length && now.every((p, i) => p === was[i])) return was;
    this.shown.set(threadId, now);
    return now;
  }

  /** Answers the refusal, or null when the message was taken or still may be. */
  send(threadId: string, text: string, pictures: Picture[] = [], visibility?: "all" | "owner"): Promise<Problem | null> {
    const p: Pending = { key: crypto.randomUUID(), threadId, text, pictures, at: new Date(this.now()).toISOString(), state: "sending" };
    if (visibility) p.visibility = visibility;
    this.pending = [...this.pending, p];
    return this.try(p);
  }

  retry(key: string): Promise<Problem | null> {
    const p = this.pending.find((q) => q.key === key);
    return p ? this.try(p) : Promise.resolve(null);
  }

  /** Out of the list; what it was goes back to whoever wants to edit it. */
  take(key: string): Returned {
    const p = this.pending.find((q) => q.key === key);
    this.pending = this.pending.filter((q) => q.key !== key);
    this.tell();
    return { text: p?.text ?? "", pictures: p?.pictures ?? [] };
  }

  /** The thread has these events now: what is among them needs no bubble of its own. */
  seen(threadId: string, events: MessageEvent[]): void {
    const before = this.known.get(threadId) ?? new Set();
    const fresh = events.filter((e) => e.direction === "outbound" && !before.has(e.id));
    const taken = new Set(this.pending.map((p) => p.eventId));
    const left = this.pending.filter((p) => {
      if (p.threadId !== threadId) return true;
      // Where the answer was lost the event itself is the answer: one that was not
      // there before, with the same words, for each message.
      const mine = p.eventId ? events.find((e) => e.id === p.eventId) : fresh.find((e) => e.text === p.text && (e.media ?? []).length === p.pictures.length && !taken.has(e.id));
      if (mine) taken.add(mine.id);
      return !mine;
    });
    if (!left.some((p) => p.threadId === threadId)) this.known.set(threadId, new Set(events.map((e) => e.id)));
    if (left.length === this.pending.length) return;
    this.pending = left;
    this.tell();
  }

  forget(threadId: string): void {
    this.pending = this.pending.filter((p) => p.threadId !== threadId);
    this.tell();
  }

  listen(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  private async try(p: Pending, again = this.pauses): Promise<Problem | null> {
    this.change(p.key, { state: "sending" });
    try {
      if (!this.pending.some((q) => q.key === p.key)) return null; // the thread has it already, or it was taken back
      // Named once and for all: the key stands for one body, and an upload that is
      // repeated would have another name.
      let media = this.pending.find((q) => q.key === p.key)?.media;
      if (!media && p.pictures.length) {
        media = [];
        for (const picture of p.pictures) media.push((await this.api.post<{ media: string }>("/api/messages/media", picture, { patience: 90_000 })).media);
        this.change(p.key, { media });
      }
      const body = { threadId: p.threadId, text: p.text, ...(media ? { media } : {}), ...(p.visibility ? { visibility: p.visibility } : {}) };
      const answer = await this.api.post<Sent>("/api/messages/send", body, { key: p.key });
      this.change(p.key, { state: "accepted", eventId: answer.eventId });
      this.sent(p.threadId);
      return null;
    } catch (e) {
      if (e instanceof Refused) {
        this.take(p.key);
        return e.problem;
      }
      // Signing in again leaves the page, and only drafts survive that.
      if (e instanceof SignedOut && !this.drafts.get(p.threadId)) this.drafts.set(p.threadId, this.take(p.key).text);
      else if (again.length && navigator.onLine && !(e instanceof SignedOut)) {
        // Perhaps only the answer was lost. The key makes it safe to ask once more.
        await new Promise((r) => setTimeout(r, again[0]));
        return this.try(p, again.slice(1));
      } else this.change(p.key, { state: "failed" });
      return null;
    }
  }

  private change(key: string, to: Partial<Pending>): void {
    this.pending = this.pending.map((p) => (p.key === key ? { ...p, ...to } : p));
    this.tell();
  }

  private tell(): void {
    for (const l of this.listeners) l();
  }
}
