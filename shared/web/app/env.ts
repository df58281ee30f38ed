// What the page asks of the world around it. The storybook hands in another one,
// so that every screen can be seen without a server.

export interface Store {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
  keys(): string[];
}

export interface Env {
  fetch(path: string, init: RequestInit): Promise<Response>;
  path(): string; // path and query of the screen shown
  go(path: string, replace: boolean): void;
  leave(url: string): void; // out of the page, for signing in and out
  onNavigate(f: () => void): void;
  now(): number; // the server's clock, in milliseconds, as far as it is known
  heard(serverNow: string | null): void; // what an answer said about it
  session: boolean; // whether there is one as far as the server knew when it served the page
  first: First | null; // what the document brought along
  shows(url: string): boolean; // whether the page may show a picture from there
  pauses: readonly number[]; // ms before a message that got no answer is quietly tried again
  store: Store; // of this tab, gone when it is closed
}

/** What the server asked for in this person's name while it made the document. */
export interface First {
  now: string;
  role: string;
  answers: Record<string, { etag: string; data: unknown }>;
}

/** Read once, and taken out: what is taken away from the screen must not stay in the page. */
function firstOf(): First | null {
  const el = document.getElementById("first");
  if (!el) return null;
  el.remove();
  try {
    return JSON.parse(el.textContent ?? "") as First;
  } catch {
    return null; // the page asks for itself
  }
}

/** A store that lasts as long as the page. */
export function memoryStore(): Store {
  const m = new Map<string, string>();
  return { get: (k) => m.get(k) ?? null, set: (k, v) => void m.set(k, v), delete: (k) => void m.delete(k), keys: () => [...m.keys()] };
}

function tabStore(): Store {
  const s = sessionStorage;
  return { get: (k) => s.getItem(k), set: (k, v) => s.setItem(k, v), delete: (k) => s.removeItem(k), keys: () => Object.keys(s) };
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
    first: firstOf(),
    session: document.getElementById("app")?.dataset["session"] !== "none",
    pauses: [1_500, 4_000],
    store: tabStore(),
    shows(url) {
      // The policy lets in no others: asking for them would only be refused loudly.
      const at = document.getElementById("app")?.dataset["pictures"];
      const origin = new URL(url, location.href).origin;
      return origin === location.origin || (!!at && origin === at);
    },
    heard(serverNow) {
      const t = serverNow ? Date.parse(serverNow) : NaN;
      if (!Number.isNaN(t)) offset = t - Date.now();
    },
  };
}
