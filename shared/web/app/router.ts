// The address bar is the state that people share, reload and go back to.
import type { Env } from "./env";

export class Router {
  private listeners = new Set<() => void>();

  constructor(private env: Env) {
    env.onNavigate(() => this.tell());
  }

  get url(): URL {
    return new URL(this.env.path(), "http://page");
  }

  go(path: string, replace = false): void {
    if (path === this.env.path()) return;
    this.env.go(path, replace);
    this.tell();
  }

  listen(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  /** Follow the page's own links without leaving it; the browser keeps its ways with modifiers and new tabs. */
  readonly onClick = (e: MouseEvent): void => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = e.target instanceof Element ? e.target.closest("a") : null;
    const href = a?.getAttribute("href");
    if (!a || !href || a.target || !/^\/messages(?=$|[/?])/.test(href) || href.startsWith("/messages/about")) return;
    e.preventDefault();
    this.go(href);
  };

  private tell(): void {
    for (const f of this.listeners) f();
  }
}

/** The path with some of its query changed; null takes a key out. */
export function withQuery(url: URL, change: Record<string, string | null>, path = url.pathname): string {
  const q = new URLSearchParams(url.search);
  for (const [k, v] of Object.entries(change)) {
    if (v === null || v === "") q.delete(k);
    else q.set(k, v);
  }
  const s = q.toString();
  return s ? `${path}?${s}` : path;
}
