// A small world that answers like the API, for looking at every state of the
// screens. The phones are of the range that is reserved for fiction.
import type { Alert, AssignmentWindow, Booking, BusinessNumber, Client, Decision, Diagnostics, Me, MessageEvent, NumberClass, Rule, Settings, Sitter, Suggested, Thread, ThreadList, ThreadPage, WindowLine } from "../../app/wire";

export const now = "2025-01-07T17:43:20Z"; // Tuesday, 9:43 AM in Los Angeles
export const zone = "America/Los_Angeles";

export const me: Record<"owner" | "sitter" | "ops", Me> = {
  owner: { role: "owner", sitterId: null, orgName: "Snout Pet Care", timeZone: zone, messagingEnabled: true, sitterMessagesEnabled: true },
  sitter: { role: "sitter", sitterId: "sitter-1", orgName: "Snout Pet Care", timeZone: zone, messagingEnabled: true, sitterMessagesEnabled: true, notify: false },
  ops: { role: "ops", sitterId: null, orgName: "", timeZone: zone, messagingEnabled: true, sitterMessagesEnabled: true },
};

const active: WindowLine = { state: "active", startAt: "2025-01-07T16:00:00Z", endAt: "2025-01-08T02:30:00Z", text: "Active Window: 8:00 AM – 6:30 PM", nextChangeAt: "2025-01-08T02:30:00.001Z" };
const upcoming: WindowLine = { state: "upcoming", startAt: "2025-01-08T16:00:00Z", endAt: "2025-01-08T19:00:00Z", text: "Next window: Wed, Jan 8 – 8:00 AM", nextChangeAt: "2025-01-08T16:00:00Z" };
const none: WindowLine = { state: "none", startAt: null, endAt: null, text: "No active window – messaging disabled", nextChangeAt: null };
export const windows = { active, upcoming, none };

const base: Thread = {
  id: "t-dana", kind: "service", clientId: "c-dana", clientName: "Dana Whitfield", clientPhone: "+15555550101", pets: ["Biscuit"], numberClass: "sitter", number: "+15555550142",
  sitterId: "sitter-1", sitterName: "Sam Patel", bookingIds: ["b-1"], lastMessage: "Is Biscuit eating ok?", lastMessageAt: "2025-01-07T17:41:00Z", lastDirection: "inbound", lastAuthor: "Dana Whitfield", unread: 2, flagged: false,
  needsReply: true, failed: 0, open: 0, window: active,
};

export const threads: Thread[] = [
  base,
  { ...base, id: "t-marcus", clientId: "c-marcus", clientName: "Marcus Lee", clientPhone: "+15555550102", pets: ["Rex"], sitterId: "sitter-2", sitterName: "Ivy Chen", number: "+15555550143", lastMessage: "Key is in the lockbox", lastMessageAt: "2025-01-07T17:12:00Z", lastDirection: "outbound", lastAuthor: "Olivia", lastFrom: "owner", unread: 0, needsReply: false, window: upcoming, bookingIds: ["b-2"] },
  { ...base, id: "t-priya", clientId: "c-priya", clientName: "Priya Nair", clientPhone: "+15555550103", pets: ["Luna", "Mochi"], sitterId: null, sitterName: null, numberClass: "pool", number: "+15555550150", lastMessage: "See you at 5", lastMessageAt: "2025-01-06T23:10:00Z", lastDirection: "outbound", lastAuthor: "Olivia", lastFrom: "owner", unread: 0, needsReply: false, failed: 1, window: none, bookingIds: [] },
  { ...base, id: "t-overlap", clientId: "c-omar", clientName: "Omar Haddad", clientPhone: "+15555550104", pets: ["Ziggy"], numberClass: "pool", number: "+15555550151", lastMessage: "Who has the key now?", lastMessageAt: "2025-01-07T17:30:00Z", unread: 1, open: 1, openReason: "Overlapping assignment windows", choices: [{ sitterId: "sitter-1", sitterName: "Sam Patel" }, { sitterId: "sitter-2", sitterName: "Ivy Chen" }], bookingIds: ["b-4", "b-5"] },
  { ...base, id: "t-late", clientId: "c-june", clientName: "June Park", clientPhone: "+15555550105", pets: ["Olive"], lastMessage: "Could you come an hour earlier tomorrow?", lastMessageAt: "2025-01-07T15:02:00Z", unread: 1, window: upcoming, open: 1, openReason: "No active assignment window, next Wed, Jan 8 – 8:00 AM", bookingIds: ["b-6"] },
  { ...base, id: "t-guest", kind: "guest", clientId: null, clientName: "+15555550199", clientPhone: "+15555550199", pets: [], sitterId: null, sitterName: null, numberClass: "pool", number: "+15555550150", lastMessage: "Hi, do you walk two dogs at once?", lastMessageAt: "2025-01-07T14:20:00Z", unread: 1, window: none, open: 1, openReason: "Pool number mismatch", bookingIds: [] },
  { ...base, id: "t-front", kind: "front_desk", clientId: "c-ana", clientName: "Ana María Gutiérrez-Villanueva de la Torre", clientPhone: "+15555550106", pets: ["Don Quijote", "Sancho", "Dulcinea"], sitterId: null, sitterName: null, numberClass: "front_desk", number: "+15555550140", lastMessage: "Thank you so much for the lovely photos from yesterday, he looks so happy!", lastMessageAt: "2025-01-05T19:20:00Z", unread: 0, needsReply: true, window: none, bookingIds: [] },
  { ...base, id: "t-blocked", clientId: "c-lena", clientName: "Lena Vogel", clientPhone: "+15555550107", pets: ["Kaiser"], lastMessage: "All good here, enjoy the trip!", lastMessageAt: "2025-01-04T22:00:00Z", lastDirection: "outbound", lastAuthor: "Sam Patel", unread: 0, needsReply: false, flagged: true, bookingIds: ["b-7"] },
];

export const suggested: Suggested[] = [
  { bookingId: "b-9", clientName: "Theo Martin", sitterId: "sitter-3", sitterName: "Noor Aziz", service: "Dog Walking", startAt: "2025-01-08T20:00:00Z", endAt: "2025-01-08T21:00:00Z", clientTold: false },
];

export const alerts: Alert[] = [
  { id: "a-1", kind: "anti_poaching", severity: "high", text: "Sam Patel tried to share contact details with Lena Vogel, the second time in 30 days.", threadId: "t-blocked", at: "2025-01-07T17:20:00Z", open: true },
  { id: "a-2", kind: "pool_exhausted", severity: "critical", text: "No pool number is free for Theo Martin’s booking.", threadId: null, at: "2025-01-07T16:02:00Z", open: true },
  { id: "a-3", kind: "ask", severity: "info", text: "Ivy Chen asks: may I let Rex off the leash at the beach?", threadId: "t-marcus", at: "2025-01-07T15:45:00Z", open: true },
  { id: "a-4", kind: "consent_wish", severity: "high", text: "This may ask for no more texts: “please stop texting this number”. If it does, record it: nothing goes out to this phone any more, from any number, until they text START.", threadId: "t-front", at: "2025-01-07T15:10:00Z", open: true },
];

const find = (id: string) => threads.find((t) => t.id === id) as Thread;
threads.sort((a, b) => ((a.lastMessageAt ?? "") < (b.lastMessageAt ?? "") ? 1 : -1)); // as the server does

export const lists: Record<string, ThreadList> = {
  conversations: { threads, suggested, cursor: "more" },
  owner_inbox: { threads: threads.filter((t) => t.openReason), alerts, cursor: null },
  billing: { threads: [{ ...base, id: "t-bill", kind: "billing", clientName: "Marcus Lee", pets: ["Rex"], numberClass: "front_desk", number: "+15555550140", sitterId: null, sitterName: null, lastMessage: "Paid, thank you!", lastMessageAt: "2025-01-06T20:00:00Z", unread: 1, window: none }], cursor: null },
};

const trace: Rule[] = [
  { rule: 2, fact: "The number belongs to an org and is not inactive", result: "next" },
  { rule: 3, fact: "The text is not a keyword", result: "next" },
  { rule: 4, fact: "Messaging is on", result: "next" },
  { rule: 5, fact: "The number is not quarantined", result: "next" },
  { rule: 6, fact: "Not a pool number", result: "next" },
  { rule: 7, fact: "A client has the sender’s phone", result: "next" },
  { rule: 8, fact: "A service thread", result: "next" },
  { rule: 9, fact: "No window is active at 7:02 AM; the next is Wed, Jan 8 – 8:00 AM", result: "owner_inbox" },
];

// A photo that needs no server: sky, grass and a leash, more or less.
const leash =
  "data:image/svg+xml;base64," +
  btoa(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320" height="200"><rect width="320" height="200" fill="#9cc7e8"/><rect y="120" width="320" height="80" fill="#6f9a4e"/><path d="M40 150c60-90 110 60 150-20s70-60 90-20" fill="none" stroke="#7a3b1d" stroke-width="9" stroke-linecap="round"/><circle cx="282" cy="112" r="12" fill="none" stroke="#c9b04a" stroke-width="7"/></svg>',
  );

let n = 0;
const ev = (at: string, part: Partial<MessageEvent>): MessageEvent => ({
  id: `e-${String(++n).padStart(4, "0")}`, direction: "inbound", author: { role: "client", name: "Dana Whitfield" }, text: "", media: [], at, status: "received", visibility: "all", blocked: false, flagged: false, ...part,
});
const sam = { role: "sitter", name: "Sam Patel" };
const olivia = { role: "owner", name: "Olivia Reyes" };
const toSitter = { routingTarget: "sitter", routingReason: "Active assignment window", rule: 12, trace };

export const talk: MessageEvent[] = [
  ev("2025-01-05T17:02:00Z", { direction: "outbound", author: { role: "system", name: "Snout" }, text: "Hi Dana! Sam Patel is coming for Biscuit on Tue, Jan 7, from 9:00 AM. Just reply here.", status: "delivered" }),
  ev("2025-01-05T17:10:00Z", { text: "Great, thank you! The gate code is the same as last time.", routing: { routingTarget: "owner_inbox", routingReason: "No active assignment window, next Tue, Jan 7 – 8:00 AM", rule: 9, trace }, visibility: "owner" }),
  ev("2025-01-05T17:15:00Z", { direction: "note", author: olivia, text: "Gate code is in the profile. Biscuit must not get chicken.", status: "", visibility: "owner" }),
  ev("2025-01-06T18:30:00Z", { direction: "outbound", author: olivia, text: "Thanks Dana, noted. See you tomorrow!", status: "delivered" }),
  ev("2025-01-07T16:58:00Z", { direction: "outbound", author: sam, text: "On my way", status: "delivered" }),
  ev("2025-01-07T17:05:00Z", { direction: "outbound", author: sam, text: "Arrived. Biscuit says hello 🐶", status: "delivered" }),
  ev("2025-01-07T17:06:30Z", { text: "Aww! Here is where his leash is:", media: [{ url: leash, type: "image/png" }], routing: toSitter }),
  ev("2025-01-07T17:20:00Z", { direction: "outbound", author: sam, text: "By the way you can text me directly, five five five 0 1 0 8", status: "blocked", statusText: "Stopped: possible contact exchange", matches: [{ family: "spelled_digits", start: 37, end: 59 }], blocked: true, visibility: "owner" }),
  ev("2025-01-07T17:22:00Z", { direction: "note", author: sam, text: "Biscuit has a small scratch on the paw. Should I tell the client or the vet first?", status: "", visibility: "all" }),
  ev("2025-01-07T17:25:00Z", { direction: "outbound", author: olivia, text: "See you at 5", status: "undelivered", statusText: "The phone is switched off or out of reach (30003).", visibility: "all" }),
  ev("2025-01-07T17:39:00Z", { text: "Is Biscuit eating ok?", routing: toSitter }),
  ev("2025-01-07T17:41:00Z", { text: "And did he take his pill? My mom’s number is +1 555 555 0177 if anything happens, see https://vet.example/emergency", flagged: true, seenBySitter: "And did he take his pill? My mom’s number is (contact details removed) if anything happens, see https://vet.example/emergency", routing: toSitter }),
];

export const withPictures: MessageEvent[] = [
  ev("2025-01-07T17:30:00Z", { text: "", media: [{ url: leash, type: "image/png" }] }),
  ev("2025-01-07T17:31:00Z", { direction: "outbound", author: sam, text: "Fast asleep", media: [{ url: leash, type: "image/png" }, { url: leash, type: "image/png" }], status: "delivered" }),
  ev("2025-01-07T17:32:00Z", { text: "Two more:", media: [{ type: "image/jpeg" }, { type: "image/jpeg", gone: true }] }),
];

const windowsOf: AssignmentWindow[] = [
  { bookingId: "b-1", sitterId: "sitter-1", sitterName: "Sam Patel", startAt: "2025-01-07T16:00:00Z", endAt: "2025-01-08T02:30:00Z" },
  { bookingId: "b-1", sitterId: "sitter-1", sitterName: "Sam Patel", startAt: "2025-01-09T16:00:00Z", endAt: "2025-01-10T02:30:00Z" },
];

export const pageOf = (t: Thread, events: MessageEvent[], more: Partial<ThreadPage> = {}): ThreadPage => ({
  ...t, events, cursor: null, windows: t.kind === "service" ? windowsOf : [], assignmentHistory: [], linkedThreads: [], ...more,
});

export const danaPage = pageOf(base, talk, {
  cursor: "older",
  assignmentHistory: [
    { at: "2025-01-05T17:00:00Z", from: null, to: "sitter-1", toName: "Sam Patel", reason: "Weekly booking" },
    { at: "2025-01-02T10:00:00Z", from: "sitter-2", fromName: "Ivy Chen", to: null, reason: "Holiday" },
  ],
  linkedThreads: ["t-old"],
});

const overlap = find("t-overlap");
export const overlapPage = pageOf(
  overlap,
  [
    ev("2025-01-07T16:10:00Z", { direction: "outbound", author: { role: "system", name: "Snout" }, text: "Hi Omar! Today Sam Patel hands over to Ivy Chen at 10:00 AM.", status: "delivered", purpose: "coming" }),
    ev("2025-01-07T17:30:00Z", { author: { role: "client", name: "Omar Haddad" }, text: "Who has the key now?", visibility: "owner", routing: { routingTarget: "owner_inbox", routingReason: "Overlapping assignment windows: Sam Patel and Ivy Chen", rule: 10, trace } }),
  ],
  { windows: [{ ...(windowsOf[0] as AssignmentWindow) }, { bookingId: "b-5", sitterId: "sitter-2", sitterName: "Ivy Chen", startAt: "2025-01-07T17:00:00Z", endAt: "2025-01-09T02:30:00Z" }] },
);

export const guestPage = pageOf(find("t-guest"), [
  ev("2025-01-07T14:20:00Z", { author: { role: "client", name: "" }, text: "Hi, do you walk two dogs at once?", visibility: "owner", routing: { routingTarget: "owner_inbox", routingReason: "Pool number mismatch", rule: 6, trace } }),
  ev("2025-01-07T14:20:02Z", { direction: "outbound", author: { role: "system", name: "Snout" }, text: "Hi! This number is for a booking. Please text our front desk.", status: "sent", visibility: "owner", purpose: "auto" }),
]);

export const nasty: MessageEvent[] = [
  ev("2025-01-07T17:00:00Z", { text: "<script>alert(1)</script><img src=x onerror=alert(2)> \"'><svg onload=alert(3)>" }),
  ev("2025-01-07T17:01:00Z", { text: "שלום, האם ביסקוויט אכל היום? תודה רבה! (abc) 123" }),
  ev("2025-01-07T17:02:00Z", { text: "مرحبا، كيف حال الكلب؟" }),
  ev("2025-01-07T17:03:00Z", { text: "👨‍👩‍👧‍👦🐕‍🦺🏳️‍🌈 ok 👍🏽" }),
  ev("2025-01-07T17:04:00Z", { text: "A".repeat(400) + " " + "long words and more words ".repeat(46) }),
  ev("2025-01-07T17:05:00Z", { direction: "outbound", author: { role: "owner", name: "</script><b>Olivia" }, text: "line one\n\n   indented\ttab\njavascript:alert(1) http://a.example/?q=<b>&x=\"y\"", status: "delivered" }),
];

/** What a sitter gets: the same world with everything private gone. */
export const forSitter = (t: Thread): Thread => ({
  id: t.id, kind: t.kind, clientName: t.clientName.replace(/ (\S)\S*$/, " $1."), pets: t.pets, bookingIds: t.bookingIds,
  lastMessage: t.lastMessage, lastMessageAt: t.lastMessageAt, lastFrom: "client", lastAuthor: t.clientName.replace(/ (\S)\S*$/, " $1."), unread: t.unread, window: t.window,
});

export const sitterThreads: Thread[] = [
  forSitter(base),
  { ...forSitter(find("t-marcus")), clientName: "Marcus L.", lastMessage: "" , lastMessageAt: null },
  { ...forSitter(find("t-late")), window: { ...upcoming, startAt: "2025-01-10T16:00:00Z", text: "Next window: Fri, Jan 10 – 8:00 AM" }, unread: 0, lastMessage: "All done, she ate everything", lastFrom: "sitter", lastAuthor: "Sam Patel" },
];

export const sitterTalk: MessageEvent[] = talk
  .filter((e) => e.visibility !== "owner")
  .map((e) => {
    const { routing: _, ...rest } = e;
    return { ...rest, flagged: false, author: e.author.role === "client" ? { role: "client", name: "Dana W." } : e.author.role === "owner" ? { role: "owner", name: "Office" } : e.author, text: e.text.replace(/\+1 555 555 0177/, "(contact details removed)"), status: e.status === "undelivered" ? "delivered" : e.status };
  });

export const sitterPage = (w: WindowLine): ThreadPage => ({ ...forSitter({ ...base, window: w }), events: sitterTalk, cursor: null });

export const sitters: Sitter[] = [
  { id: "sitter-1", name: "Sam Patel", active: true, number: "+15555550142", locked: true },
  { id: "sitter-2", name: "Ivy Chen", active: true, number: "+15555550143", locked: false },
  { id: "sitter-3", name: "Noor Aziz", active: true, number: null, locked: false },
  { id: "sitter-4", name: "Rosa Lind", active: false, number: null, locked: false },
];

export const clients: Client[] = [
  { id: "c-dana", name: "Dana Whitfield", phones: ["+15555550101", "+15555550111"], recurring: true, plan: "weekly", pets: ["Biscuit"], timeZone: null, optedOut: false },
  { id: "c-marcus", name: "Marcus Lee", phones: ["+15555550102"], recurring: true, plan: null, pets: ["Rex"], timeZone: null, optedOut: false },
  { id: "c-priya", name: "Priya Nair", phones: ["+15555550103"], recurring: false, plan: null, pets: ["Luna", "Mochi"], timeZone: null, optedOut: true },
];

const booking = (id: string, clientId: string, sitterId: string | null, service: string, startAt: string, endAt: string, more: Partial<Booking> = {}): Booking => ({ id, clientId, sitterId, service, startAt, endAt, visits: [], recurrence: null, status: "confirmed", pets: [], version: 1, ...more });

export const bookings: Booking[] = [
  booking("b-1", "c-dana", "sitter-1", "Dog Walking", "2025-01-07T17:00:00Z", "2025-01-08T01:30:00Z", { recurrence: "weekly", pets: ["Biscuit"], visits: [{ startAt: "2025-01-07T17:00:00Z", endAt: "2025-01-08T01:30:00Z" }, { startAt: "2025-01-09T17:00:00Z", endAt: "2025-01-10T01:30:00Z" }] }),
  booking("b-2", "c-marcus", "sitter-2", "Drop-ins", "2025-01-08T17:00:00Z", "2025-01-08T18:00:00Z", { pets: ["Rex"] }),
  booking("b-3", "c-priya", null, "Housesitting", "2025-01-11T17:00:00Z", "2025-01-14T18:00:00Z", { status: "pending", pets: ["Luna", "Mochi"] }),
];

const number = (id: string, e164: string, numberClass: NumberClass, more: Partial<BusinessNumber> = {}): BusinessNumber => ({ id, e164, numberClass, status: "active", sitterId: null, health: { failures7d: 0 }, lastUsedAt: "2025-01-07T17:41:00Z", threads: 3, ...more });

export const numbers: BusinessNumber[] = [
  number("n-1", "+15555550140", "front_desk", { threads: 41 }),
  number("n-2", "+15555550142", "sitter", { sitterId: "sitter-1", threads: 12 }),
  number("n-3", "+15555550143", "sitter", { sitterId: "sitter-2", threads: 9 }),
  number("n-4", "+15555550150", "pool"),
  number("n-5", "+15555550151", "pool", { lastUsedAt: null, threads: 0 }),
  number("n-6", "+15555550152", "pool", { status: "quarantined", health: { failures7d: 3 } }),
];

const canned = ["Thanks, we’ll get back to you today!", "Your invoice is on its way.", "Could you send us a photo of the lockbox?"];
me.owner.canned = canned;
me.owner.name = "Olivia Reyes";
me.sitter.name = "Sam Patel";

export const settings: Settings = {
  name: "Snout Pet Care",
  timeZone: zone,
  buffers: { "Drop-ins": { beforeMinutes: 60, afterMinutes: 60 }, Housesitting: { beforeMinutes: 120, afterMinutes: 120 } },
  cooldownDays: 30,
  quarantineDays: 90,
  escalateMinutes: 30,
  quietHours: { from: "21:00", to: "08:00" },
  officeHours: null,
  texts: { mismatch: "Hi! This number is for a booking. Please text our front desk.", coming: "Hi {client}! {sitter} is coming for {pets} on {when}. Just reply here.", handoff: "Hi {client}! {from} hands over to {to} {when}.", afterHours: null },
  holdClientSwaps: false,
  ownLinks: ["snout.example"],
  ownNumbers: [],
  canned,
  ownerPhone: null,
};

const decision = (minutesAgo: number, target: string, reason: string, rule: number, cls = "sitter"): Decision => ({
  timestamp: new Date(Date.parse(now) - minutesAgo * 60_000).toISOString(), threadId: `t-${(minutesAgo * 7919).toString(36)}`, numberClass: cls, routingTarget: target, routingReason: reason, rule, sender: "+1555****0101", recipient: "+1555****0142",
});

const decisions: Decision[] = Array.from({ length: 50 }, (_, i) => {
  const m = 2 + i * 27;
  switch (i % 7) {
    case 1:
      return decision(m, "owner_inbox", "No active assignment window, next Wed, Jan 8 – 8:00 AM", 9);
    case 3:
      return decision(m, "owner_inbox", "Pool number mismatch", 6, "pool");
    case 5:
      return i % 2 ? decision(m, "owner_inbox", "Overlapping assignment windows", 10, "pool") : decision(m, "owner", "Front desk conversation", 8, "front_desk");
    default:
      return decision(m, "sitter", "Active assignment window", 12);
  }
});

const hours = (some: Record<number, number>) => Array.from({ length: 24 }, (_, i) => some[i] ?? 0);

export const diagnostics: Diagnostics = {
  summary: {
    threadsByNumberClass: [
      { numberClass: "front_desk", count: 41 },
      { numberClass: "sitter", count: 22 },
      { numberClass: "pool", count: 9 },
    ],
    antiPoachingBlocked: 2, ownerInboxRouted: 31, ownerInboxRoutedOperational: 7, sitterNoActiveWindow: 4,
    assignmentWindows: { active: 3, upcoming: 18 },
    outbound: { queued: 1, sent: 4, delivered: 212, failed: 1, unknown: 0 },
    held: 0,
  },
  routingDecisions: { count: 50, decisions },
  trends: {
    from: "2025-01-06T18:00:00Z",
    ownerInboxRoutedOperational: hours({ 1: 1, 9: 2, 14: 1, 20: 2, 23: 1 }),
    antiPoachingBlocked: hours({ 12: 1, 22: 1 }),
    ownerInboxRouted: hours({ 1: 2, 3: 1, 9: 4, 10: 1, 14: 3, 15: 2, 20: 5, 22: 1, 23: 2 }),
    outboundFailed: hours({ 15: 2, 17: -1 }),
    held: hours({ 6: 3, 7: -3 }),
    assignmentWindowsActive: [0, 1, 2, 4, 3, 3, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3], sitterNoActiveWindow: [7, 6, 5, 3, 4, 4, 5, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 5, 4],
  },
  health: { carrier: { failures7d: 3, unconfirmed: 0 }, stream: { countedUpTo: "2025-01-07T17:41:00Z" }, outbox: { waiting: 1 } },
  featureFlags: { ENABLE_MESSAGING_V1: true, ENABLE_PROACTIVE_THREAD_CREATION: true, ENABLE_SITTER_MESSAGES_V1: false, SITTER_MESSAGES_ALLOWLIST: "sitter-1" },
  generatedAt: now, stage: "staging", version: "0.1.0",
};

export const noDiagnostics: Diagnostics = {
  ...diagnostics,
  summary: { threadsByNumberClass: diagnostics.summary.threadsByNumberClass.map((c) => ({ ...c, count: 0 })), antiPoachingBlocked: 0, ownerInboxRouted: 0, ownerInboxRoutedOperational: 0, sitterNoActiveWindow: 0, assignmentWindows: { active: 0, upcoming: 0 }, outbound: { queued: 0, sent: 0, delivered: 0, failed: 0, unknown: 0 }, held: 0 },
  routingDecisions: { count: 0, decisions: [] },
  trends: { from: diagnostics.trends.from, ownerInboxRoutedOperational: hours({}), antiPoachingBlocked: hours({}), ownerInboxRouted: hours({}), outboundFailed: hours({}), held: hours({}), assignmentWindowsActive: hours({}), sitterNoActiveWindow: hours({}) },
  health: { carrier: { failures7d: 0, unconfirmed: 0 }, stream: { countedUpTo: null }, outbox: { waiting: 0 } },
};

export const many: Thread[] = Array.from({ length: 500 }, (_, i) => ({ ...(threads[i % threads.length] as Thread), id: `t-${i}`, clientName: `Client ${String(i).padStart(3, "0")}`, lastMessageAt: new Date(Date.parse(now) - i * 600_000).toISOString(), open: 0 }));
