// What somebody was typing, one text for each conversation, until the tab is
// closed or they sign out. Nothing else of a conversation is kept on the device.

const prefix = "snout-draft:";

export class Drafts {
  private listeners = new Set<() => void>();

  constructor(private store: Storage) {}

  get(id: string): string {
    return this.store.getItem(prefix + id) ?? "";
  }

  set(id: string, text: string): void {
    const had = this.store.getItem(prefix + id) !== null;
    try {
      if (text) this.store.setItem(prefix + id, text);
      else this.store.removeItem(prefix + id);
    } catch {
      return; // a full or forbidden store loses the draft on reload, not the typing
    }
    if (had !== !!text) for (const l of this.listeners) l();
  }

  clear(): void {
    for (const key of Object.keys(this.store)) if (key.startsWith(prefix)) this.store.removeItem(key);
  }

  listen(f: () => void): () => void {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }
}
