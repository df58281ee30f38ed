// What the page asks of the world around it. The storybook hands in another one,
// so that every screen can be seen without a server.

export interface Env {
  fetch(path: string, init: RequestInit): Promise<Response>;
  path(): string; // path and query of the screen shown
  go(path: string, replace: boolean): void;
  leave(url: string): void; // out of the page, for signing in and out
  onNavigate(f: () => void): void;
  now(): number; // the server's clock, in milliseconds, as far as it is known
  heard(serverNow: string | null): void; // what an answer said about it
}

export function browserEnv(): Env {
  // On one machine the server's clock can be moved by hand; in the cloud this
  // corrects a phone whose clock is wrong.
  let offset = 0;
  return {
    fetch: (path, init) => fetch(path, init),
    path: () => location.pathname + location.search,
    go(path, replace) {
      if (replace) history.replaceState(null, "", path);
      else history.pushState(null, "", path);
    },
    leave: (url) => location.assign(url),
    onNavigate: (f) => addEventListener("popstate", f),
    now: () => Date.now() + offset,
    heard(serverNow) {
      const t = serverNow ? Date.parse(serverNow) : NaN;
      if (!Number.isNaN(t)) offset = t - Date.now();
    },
  };
}
