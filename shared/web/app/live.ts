// Keeps what is on screen true. Everything that lives by asking again goes
// through subscribe(), so that a push from the server can one day replace the
// clockwork without any screen knowing.
import type { Api } from "./api";
import { Refused, SignedOut } from "./api";
import type { Env } from "./env";

export interface Snapshot<T> {
  data: T | null;
  error: unknown; // of the last try; data stays what it was
  okAt: number; // when the server last answered, 0: never
}

interface Watch {
  path: string;
  changeAt: (data: unknown) => number | null;
  snapshot: Snapshot<unknown>;
  etag: string | null;
  askedAt: number;
  asking: boolean;
  again: boolean;
  failures: number;
  listeners: Map<() => void, number>; // and how many ms each would have between two asks, at least
}

const active = 2_500; // and the answer's own way: what happens is on screen within three seconds
const idle = 15_000;
const idleAfter = 300_000; // an inbox is looked at without being touched
const away = 30_000; // while nobody can see the page, for whoever wants to be told

export class Live {
  private watches = new Map<string, Watch>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private touched = 0;
  private stopped = false;

  constructor(
    private api: Api,
    private env: Env,
    private whileHidden: () => boolean = () => false,
  ) {
    const touch = () => {
      const wasIdle = performance.now() - this.touched > idleAfter;
      this.touched = performance.now();
      if (wasIdle) this.plan();
    };
    this.touched = performance.now();
    for (const kind of ["pointerdown", "keydown", "scroll", "pointermove"]) addEventListener(kind, touch, { passive: true, capture: true });
    const wake = () => {
      touch();
      if (document.hidden) this.plan();
      else this.poke();
    };
    addEventListener("focus", wake);
    addEventListener("online", wake);
    addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", wake);
  }

  /** What is known without asking: it counts as asked for now. */
  seed(path: string, data: unknown, etag: string | null): void {
    const w = this.watch(path);
    w.snapshot = { data, error: null, okAt: this.env.now() };
    w.etag = etag;
    w.askedAt = performance.now();
  }

  /** What is known of a path now. */
  peek<T>(path: string): Snapshot<T> | null {
    return (this.watches.get(path)?.snapshot as Snapshot<T> | undefined) ?? null;
  }

  /** What is known of a path is no longer true: whoever looks next asks first. */
  forget(path: string): void {
    if (!this.watches.get(path)?.listeners.size) this.watches.delete(path);
  }

  /** Tell me when the answer of this path changes, or asking for it fails. */
  subscribe<T>(path: string, listener: (s: Snapshot<T>) => void, every = 0, changeAt?: (data: T) => number | null): () => void {
    const mine = this.watch(path);
    if (changeAt) mine.changeAt = changeAt as (data: unknown) => number | null; // another listener may have said
    const tell = () => listener(mine.snapshot as Snapshot<T>);
    mine.listeners.set(tell, every);
    if (mine.snapshot.okAt) tell();
    if (this.due(mine, performance.now()) <= performance.now()) void this.ask(mine);
    else this.plan();
    return () => {
      mine.listeners.delete(tell);
      // Kept a little while: going back and forth between two threads should show at once what was there.
      setTimeout(() => {
        if (mine.listeners.size === 0 && this.watches.get(path) === mine) this.watches.delete(path);
      }, 30_000);
    };
  }

  /** Ask now: something was done that changes the answers. */
  poke(prefix = ""): void {
    for (const w of this.watches.values()) if (w.listeners.size && w.path.startsWith(prefix)) void this.ask(w);
  }

  /** The freshest moment at which the server answered anything. */
  freshAt(): number {
    return Math.max(0, ...[...this.watches.values()].filter((w) => w.listeners.size).map((w) => w.snapshot.okAt));
  }

  failing(): boolean {
    return [...this.watches.values()].some((w) => w.listeners.size > 0 && w.failures > 0);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.watches.clear();
  }

  private watch(path: string): Watch {
    let w = this.watches.get(path);
    if (!w) {
      w = {
        path,
        changeAt: () => null,
        snapshot: { data: null, error: null, okAt: 0 },
        etag: null,
        askedAt: -Infinity,
        asking: false,
        again: false,
        failures: 0,
        listeners: new Map(),
      };
      this.watches.set(path, w);
    }
    return w;
  }

  private async ask(w: Watch): Promise<void> {
    if (w.asking) {
      w.again = true; // what is under way may have been answered before the change
      return;
    }
    w.asking = true;
    w.askedAt = performance.now();
    const was = w.snapshot;
    try {
      const answer = await this.api.request<unknown>(w.path, { etag: w.etag });
      w.failures = 0;
      w.etag = answer.etag;
      // The same again, from an answer without a tag: nothing on screen need be drawn anew.
      const same = answer.data === null || (was.data !== null && JSON.stringify(answer.data) === JSON.stringify(was.data));
      w.snapshot = { data: same ? was.data : answer.data, error: null, okAt: this.env.now() };
      if (!same || was.error || !was.okAt) this.tell(w);
    } catch (e) {
      if (e instanceof SignedOut) return;
      w.failures = e instanceof Refused ? 0 : w.failures + 1;
      if (e instanceof Refused) {
        w.etag = null;
        // Something was switched off: what is shown hangs on who one is now.
        if (e.problem.code.endsWith("MESSAGES_DISABLED") || e.problem.code === "MESSAGING_DISABLED") this.poke("/api/messages/me");
      }
      w.snapshot = { data: was.data, error: e, okAt: was.okAt };
      this.tell(w);
    } finally {
      w.asking = false;
      if (w.again) {
        w.again = false;
        void this.ask(w);
      }
      this.plan();
    }
  }

  private tell(w: Watch): void {
    for (const l of [...w.listeners.keys()]) l();
  }

  private plan(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    const now = performance.now();
    let soonest = Infinity;
    for (const w of this.watches.values()) if (w.listeners.size && !w.asking) soonest = Math.min(soonest, this.due(w, now));
    if (soonest === Infinity || this.asleep()) return;
    this.timer = setTimeout(() => this.run(), Math.max(0, soonest - now));
  }

  private run(): void {
    if (this.asleep()) return; // coming back asks at once
    const now = performance.now();
    for (const w of [...this.watches.values()]) if (w.listeners.size && !w.asking && this.due(w, now) <= now + 5) void this.ask(w);
    this.plan();
  }

  private asleep(): boolean {
    return document.hidden && !this.whileHidden();
  }

  private due(w: Watch, now: number): number {
    const pace = Math.max(document.hidden ? away : now - this.touched > idleAfter ? idle : active, Math.min(...w.listeners.values()));
    const backoff = w.failures ? Math.min(active * 2 ** w.failures, 60_000) * (0.75 + Math.random() / 2) : 0;
    const regular = w.askedAt + Math.max(pace, backoff);
    const edge = w.snapshot.data === null ? null : w.changeAt(w.snapshot.data);
    if (edge === null || backoff) return regular;
    const atEdge = now + (edge - this.env.now()) + 50;
    return Math.max(w.askedAt + 500, Math.min(regular, atEdge)); // an edge that does not come true must not become a storm
  }
}
