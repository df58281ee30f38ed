// What somebody was typing, one text for each conversation, until the tab is
// closed or they sign out. Nothing else of a conversation is kept on the device.

import type { Store } from "./env";

const prefix = "snout-draft:";

export class Drafts {
  private listeners = new Set<() => void>();

  constructor(private store: Store) {}

  get(id: string): string {
    return this.store.get(prefix + id) ?? "";
  }

  set(id: string, text: string): void {
    const had = this.store.get(prefix + id) !== null;
    try {
      if (text) this.store.set(prefix + id, text);
      else this.store.delete(prefix + id);
    } catch {
      return; // a full or forbidden store loses the draft on reload, not the typing
    }
    if (had !== !!text) for (const l of this.listeners) l();
  }

  clear(): void {
    for (const key of this.store.keys()) if (key.startsWith(prefix)) this.store.delete(key);
  }

  listen(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }
}
