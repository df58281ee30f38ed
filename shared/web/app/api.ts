// Talks to the API: the token, which lives in memory alone, the errors, the keys
// that make a repeated request safe.
import type { Env } from "./env";
import type { Problem } from "./wire";

/** Refused is an answer of the server that says no. Repeating it will not help. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.title || problem.code);
  }
}

/** Unreachable is no answer, or one that says nothing about the request: it may be repeated with the same key. */
export class Unreachable extends Error {}

/** SignedOut means that only signing in again helps. */
export class SignedOut extends Error {}

export interface Answer<T> {
  data: T | null; // null: not modified
  etag: string | null;
}

export interface Ask {
  method?: string;
  body?: unknown;
  key?: string; // Idempotency-Key
  etag?: string | null;
  signal?: AbortSignal;
  patience?: number; // ms, where the usual is too short
}

const patience = 15_000; // ms: carriers and phones are slow, but a person should not wait longer

export class Api {
  role: string | null = null; // as the last token says
  name = "";
  private token: string | null = null;
  private staleAt = 0;
  private renewing: Promise<string> | null = null;

  constructor(
    private env: Env,
    private signedOut: () => void,
  ) {}

  async get<T>(path: string, ask: Ask = {}): Promise<T> {
    return (await this.request<T>(path, ask)).data as T;
  }

  async post<T>(path: string, body: unknown, ask: Ask = {}): Promise<T> {
    return (await this.request<T>(path, { method: "POST", body, ...ask })).data as T;
  }

  async request<T>(path: string, ask: Ask): Promise<Answer<T>> {
    let res = await this.attempt(path, ask, await this.bearer(false));
    if (res.status === 401) res = await this.attempt(path, ask, await this.bearer(true));
    if (res.status === 401) {
      this.signedOut();
      throw new SignedOut();
    }
    this.env.heard(res.headers.get("Snout-Now"));
    if (res.status === 304) return { data: null, etag: ask.etag ?? null };
    const body = await this.json(res);
    if (res.ok) return { data: body as T, etag: res.headers.get("ETag") };
    if (res.status >= 500 || res.status === 408 || res.status === 429) throw new Unreachable(String(res.status));
    const problem = (body ?? {}) as Partial<Problem>;
    throw new Refused({ ...problem, status: res.status, code: problem.code ?? "UNKNOWN" });
  }

  /** End the session here and at the issuer. */
  async signOut(): Promise<string> {
    const res = await this.raw("/auth/logout", { method: "POST" });
    this.token = null;
    return ((await this.json(res)) as { next?: string } | null)?.next ?? "/messages";
  }

  private attempt(path: string, ask: Ask, token: string): Promise<Response> {
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    if (ask.key) headers["Idempotency-Key"] = ask.key;
    if (ask.etag) headers["If-None-Match"] = ask.etag;
    if (ask.body !== undefined) headers["Content-Type"] = "application/json";
    const init: RequestInit = { method: ask.method ?? "GET", headers, cache: "no-store", credentials: "same-origin" };
    if (ask.body !== undefined) init.body = JSON.stringify(ask.body);
    if (ask.signal) init.signal = ask.signal;
    return this.raw(path, init, ask.patience);
  }

  /** One renewal serves all that wait for it. */
  private async bearer(renew: boolean): Promise<string> {
    if (!renew && this.token && this.env.now() < this.staleAt) return this.token;
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renew(): Promise<string> {
    if (!this.env.session) {
      this.signedOut();
      throw new SignedOut();
    }
    const res = await this.raw("/auth/token", { method: "POST", credentials: "same-origin" });
    if (res.status === 401) {
      this.signedOut();
      throw new SignedOut();
    }
    const body = (await this.json(res)) as { token?: string; expiresAt?: string; role?: string } | null;
    if (!res.ok || !body?.token) throw new Unreachable("token");
    this.token = body.token;
    this.role = body.role ?? null;
    this.name = nameIn(body.token);
    // The server's clock is not known before its first answer, so the token's
    // own span counts, not its end.
    const span = spanOf(body.token);
    this.staleAt = this.env.now() + Math.max(span * 1000 - 60_000, span * 500);
    return body.token;
  }

  private async raw(path: string, init: RequestInit, wait = patience): Promise<Response> {
    const limit = AbortSignal.timeout(wait);
    try {
      return await this.env.fetch(path, { ...init, signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit });
    } catch (e) {
      throw init.signal?.aborted ? e : new Unreachable(path);
    }
  }

  private async json(res: Response): Promise<unknown> {
    try {
      return await res.json();
    } catch {
      return null;
    }
  }
}

function payload(token: string): Record<string, unknown> {
  try {
    const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(part), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function nameIn(token: string): string {
  const name = payload(token)["name"];
  return typeof name === "string" ? name : "";
}

function spanOf(token: string): number {
  const { exp, iat } = payload(token) as { exp?: number; iat?: number };
  return exp && iat && exp > iat ? exp - iat : 300;
}

/** What to tell a person about a failure that no screen words better. */
export function sayError(e: unknown, offline: string): string {
  if (e instanceof Refused) return e.problem.detail || e.problem.title || offline;
  return offline;
}
