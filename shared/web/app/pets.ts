import type { Thread } from "./wire";

/** Biscuit & Rex, or nothing. */
export function petNames(pets: string[] | null | undefined): string {
  const p = pets ?? [];
  return p.length < 3 ? p.join(" & ") : p.slice(0, -1).join(", ") + " & " + p[p.length - 1];
}

export function unreadOf(t: Thread): number {
  return t.unread;
}
