// What every screen can reach, and the hooks to reach it with.
import { createContext } from "preact";
import { useContext, useEffect, useReducer, useState } from "preact/hooks";
import type { Api } from "./api";
import type { Drafts } from "./drafts";
import type { Env } from "./env";
import type { Live, Snapshot } from "./live";
import type { Outbox } from "./outbox";
import type { Router } from "./router";
import type { When } from "./when";
import type { Me } from "./wire";

export interface App {
  env: Env;
  api: Api;
  live: Live;
  router: Router;
  drafts: Drafts;
  outbox: Outbox;
  me: Me;
  when: When;
  say(text: string): void; // to a screen reader, politely
  signOut(): void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("outside the app");
  return app;
}

export interface Loaded<T> extends Snapshot<T> {
  refresh(): void;
}

const nothing: Snapshot<never> = { data: null, error: null, okAt: 0 };

/** The answer of a path, kept true while the screen shows it. */
export function useLive<T>(path: string | null, every = 0, changeAt?: (data: T) => number | null): Loaded<T> {
  const { live } = useApp();
  const [state, set] = useState<{ path: string | null; snapshot: Snapshot<T> }>({ path: null, snapshot: nothing });
  useEffect(() => (path === null ? undefined : live.subscribe<T>(path, (snapshot) => set({ path, snapshot }), every, changeAt)), [live, path, every]);
  // What is known already is drawn at once, not after the first look at the empty screen.
  const snapshot = path === null ? nothing : state.path === path ? state.snapshot : (live.peek<T>(path) ?? nothing);
  return { ...snapshot, refresh: () => live.poke(path ?? "") };
}

export function useUrl(): URL {
  const { router } = useApp();
  useListen((f) => router.listen(f));
  return router.url;
}

/** Draw again whenever the source says so. */
export function useListen(listen: (f: () => void) => () => void): void {
  const [, again] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(() => listen(() => again()), []);
}

/** Draw again at this pace, for words such as "2 s ago". */
export function useTick(ms: number): void {
  const [, again] = useReducer<number, void>((n) => n + 1, 0);
  useEffect(() => {
    const t = setInterval(() => again(), ms);
    return () => clearInterval(t);
  }, [ms]);
}
