// What shows that something came in while nobody was looking.
import { common as S } from "./strings.en";

export function showUnread(n: number): void {
  document.title = n > 0 ? `(${n}) ${S.messages}` : S.messages;
  const badge = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
  void (n > 0 ? badge.setAppBadge?.(n) : badge.clearAppBadge?.())?.catch(() => undefined);
}
