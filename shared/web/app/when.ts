// Times as people read them, always in the business's zone.

const locale = typeof navigator === "undefined" ? "en-US" : navigator.language.startsWith("en") ? navigator.language : "en-US";
const made = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let f = made.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
    made.set(key, f);
  }
  return f;
}

export class When {
  private abroad: boolean;

  constructor(
    readonly zone: string,
    private now: () => number,
  ) {
    this.abroad = Intl.DateTimeFormat().resolvedOptions().timeZone !== zone;
  }

  /** 9:41 AM; in the night in which an hour comes twice, with the zone that tells which. */
  clock(at: string): string {
    const t = Date.parse(at);
    const short = format(this.zone, { hour: "numeric", minute: "2-digit" });
    const text = short.format(t);
    const twice = [-3600e3, -1800e3, 1800e3, 3600e3].some((d) => short.format(t + d) === text);
    return twice ? format(this.zone, { hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(t) : text;
  }

  /** What a row of a list shows: a clock today, a weekday this week, else a date. */
  brief(at: string): string {
    const t = Date.parse(at);
    if (this.day(at) === this.dayOf(this.now())) return this.clock(at);
    const days = (this.now() - t) / 86_400e3;
    if (days >= 0 && days < 6) return format(this.zone, { weekday: "short" }).format(t);
    return format(this.zone, { month: "short", day: "numeric" }).format(t);
  }

  /** Wed, Jan 8 */
  date(at: string): string {
    return format(this.zone, { weekday: "short", month: "short", day: "numeric" }).format(Date.parse(at));
  }

  /** Wed, Jan 8 at 8:00 AM; the zone is named where it is not the reader's own. */
  dateTime(at: string): string {
    return `${this.date(at)} at ${this.clock(at)}${this.abroad ? " " + this.zoneName(at) : ""}`;
  }

  span(from: string, to: string): string {
    const start = `${this.date(from)}, ${this.clock(from)}`;
    return this.day(from) === this.day(to) ? `${start} – ${this.clock(to)}` : `${start} – ${this.date(to)}, ${this.clock(to)}`;
  }

  full(at: string): string {
    return format(this.zone, { dateStyle: "full", timeStyle: "long" }).format(Date.parse(at));
  }

  seconds(at: string): string {
    return format(this.zone, { hour: "numeric", minute: "2-digit", second: "2-digit" }).format(Date.parse(at));
  }

  /** Date and time in the business's zone, as date inputs and the API take them. */
  local(at: string): string {
    const parts = format(this.zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(Date.parse(at));
    const of = (kind: string) => parts.find((p) => p.type === kind)?.value ?? "";
    return `${this.day(at)}T${of("hour")}:${of("minute")}`;
  }

  /** The day a message belongs to, as a key. */
  day(at: string): string {
    return this.dayOf(Date.parse(at));
  }

  /** The day as its separator names it. */
  dayName(at: string): string {
    const key = this.day(at);
    if (key === this.dayOf(this.now())) return "Today";
    if (key === this.dayOf(this.now() - 86_400e3)) return "Yesterday";
    const sameYear = key.slice(0, 4) === this.dayOf(this.now()).slice(0, 4);
    return format(this.zone, { weekday: "long", month: "long", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) }).format(Date.parse(at));
  }

  zoneName(at: string): string {
    return format(this.zone, { timeZoneName: "short" }).formatToParts(Date.parse(at)).find((p) => p.type === "timeZoneName")?.value ?? "";
  }

  private dayOf(t: number): string {
    const parts = format(this.zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(t);
    const of = (kind: string) => parts.find((p) => p.type === kind)?.value ?? "";
    return `${of("year")}-${of("month")}-${of("day")}`;
  }
}
