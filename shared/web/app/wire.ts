// The shapes of the API's answers, as far as the page reads them. A field that
// only owners get is optional here, because a sitter's answer does not have it.

export type Role = "owner" | "sitter" | "ops";
export type Box = "conversations" | "owner_inbox" | "billing";
export type WindowState = "active" | "upcoming" | "none";

export interface Me {
  role: Role;
  sitterId?: string | null;
  orgName: string;
  timeZone: string;
  messagingEnabled: boolean;
  sitterMessagesEnabled: boolean;
  name?: string;
  ops?: boolean;
  canned?: string[]; // the owner's
  notify?: boolean; // a sitter's whose phone the office knows: whether it is told
}

export interface WindowLine {
  state: WindowState;
  startAt?: string | null;
  endAt?: string | null;
  text: string;
  nextChangeAt?: string | null;
}

export interface Thread {
  id: string;
  kind: "service" | "front_desk" | "billing" | "guest";
  clientName: string;
  pets: string[] | null;
  sitterId?: string | null;
  sitterName?: string | null;
  bookingIds: string[] | null;
  lastMessage: string;
  lastMessageAt?: string | null;
  unread: number;
  window: WindowLine;
  lastFrom?: string; // whose the last message is; empty where it is not known
  lastAuthor?: string;
  // for owners only
  clientId?: string | null;
  clientPhone?: string;
  numberClass?: NumberClass;
  number?: string;
  lastDirection?: Direction | "";
  flagged?: boolean;
  failed?: number; // messages not delivered
  needsReply?: boolean;
  open?: number; // what was routed to the owner and is not done
  openReason?: string;
  choices?: { sitterId: string; sitterName: string }[]; // in an overlap
}

export type Direction = "inbound" | "outbound" | "note";

export interface Suggested {
  bookingId: string;
  clientName: string;
  sitterId?: string | null;
  sitterName?: string | null;
  service: string;
  startAt: string;
  endAt: string;
  clientTold: boolean;
  noNumber?: boolean;
}

export interface Alert {
  id: string;
  kind: string;
  severity: "info" | "high" | "critical";
  text: string;
  threadId?: string | null;
  at: string;
  open: boolean;
}

export interface ThreadList {
  threads: Thread[] | null;
  suggested?: Suggested[] | null;
  alerts?: Alert[] | null;
  cursor?: string | null;
}

export interface Rule {
  rule: number;
  fact: string;
  result: string;
}

export interface Routing {
  routingTarget: string;
  routingReason: string;
  rule: number;
  trace?: Rule[] | null;
}

export type DeliveryStatus = "queued" | "sending" | "sent" | "delivered" | "failed" | "undelivered" | "unknown" | "blocked" | "received" | "";

export interface Match {
  family: string;
  start: number;
  end: number;
}

/** Without a link: it is still being fetched, or gone for good. */
export interface Media {
  url?: string;
  type: string;
  gone?: boolean;
}

export interface MessageEvent {
  id: string;
  direction: Direction;
  author: { role: string; name: string };
  text: string;
  media?: Media[] | null;
  at: string;
  status: DeliveryStatus;
  statusText?: string;
  visibility?: "all" | "owner";
  late?: boolean;
  routing?: Routing | null;
  blocked?: boolean;
  flagged?: boolean;
  matches?: Match[] | null;
  seenBySitter?: string;
  forwardedTo?: string[];
  open?: boolean;
  releasedBecause?: string;
  purpose?: string; // why the system wrote it
}

export interface AssignmentWindow {
  bookingId: string;
  sitterId: string;
  sitterName?: string;
  startAt: string;
  endAt: string;
}

export interface AssignmentChange {
  at: string;
  by?: string;
  from?: string | null;
  to?: string | null;
  fromName?: string | null;
  toName?: string | null;
  reason?: string;
}

export interface ThreadPage extends Thread {
  windows?: AssignmentWindow[] | null;
  assignmentHistory?: AssignmentChange[] | null;
  linkedThreads?: string[] | null;
  exceptions?: string[] | null;
  clientPhones?: string[] | null;
  optedOut?: boolean;
  carrierBlocked?: boolean;
  events: MessageEvent[] | null;
  cursor?: string | null;
}

export interface Sent {
  eventId: string;
  status: DeliveryStatus;
  threadId?: string;
}

export interface Visit {
  id?: string;
  startAt: string;
  endAt: string;
}

export interface Booking {
  id: string;
  clientId: string;
  sitterId: string | null;
  service: string;
  startAt: string;
  endAt: string;
  visits?: Visit[] | null;
  recurrence?: string | null;
  meetAndGreet?: string | null;
  status: string;
  pets?: string[] | null;
  version?: number;
}

export interface Client {
  id: string;
  name: string;
  phones: string[] | null;
  recurring: boolean;
  plan?: string | null;
  pets: string[] | null;
  timeZone?: string | null;
  optedOut?: boolean;
}

export interface Sitter {
  id: string;
  name: string;
  active: boolean;
  number?: string | null;
  locked?: boolean;
}

export type NumberClass = "front_desk" | "sitter" | "pool";

export interface BusinessNumber {
  id: string;
  e164: string;
  numberClass: NumberClass;
  status: "active" | "quarantined" | "inactive";
  sitterId?: string | null;
  health?: { failures7d: number };
  reason?: string | null;
  until?: string | null;
  lastUsedAt?: string | null;
  threads?: number;
}

export interface Impact {
  threads: number;
  clients: number;
  open: number;
  activeWindows: number;
  upcomingWindows: number;
}

export interface Decision {
  timestamp: string;
  threadId: string | null;
  numberClass: string;
  routingTarget: string;
  routingReason: string;
  rule: number;
  sender: string;
  recipient: string;
}

export interface Diagnostics {
  summary: {
    threadsByNumberClass: { numberClass: NumberClass; count: number }[];
    antiPoachingBlocked: number;
    ownerInboxRouted: number;
    ownerInboxRoutedOperational: number;
    sitterNoActiveWindow: number;
    assignmentWindows: { active: number; upcoming: number };
    outbound: { queued: number; sent: number; delivered: number; failed: number; unknown: number };
    held: number;
    unroutable?: number;
  };
  routingDecisions: { count: number; decisions: Decision[] | null };
  featureFlags: Record<string, boolean | string>;
  trends: { from: string; antiPoachingBlocked: number[]; ownerInboxRouted: number[]; ownerInboxRoutedOperational: number[]; outboundFailed: number[]; held: number[]; assignmentWindowsActive: number[]; sitterNoActiveWindow: number[] };
  health: { carrier: { failures7d: number; unconfirmed: number }; stream: { countedUpTo: string | null }; outbox: { waiting: number } };
  generatedAt: string;
  stage: string;
  version: string;
}

export interface Explanation {
  routingTarget: string;
  routingReason: string;
  rule: number;
  threadId: string | null;
  trace: Rule[] | null;
}

export interface Problem {
  status: number;
  code: string;
  title?: string;
  detail?: string;
  field?: string;
  nextWindow?: { startAt: string; endAt: string } | null;
}

export interface Hours {
  from: string;
  to: string;
}

export interface Settings {
  name: string;
  timeZone: string;
  buffers: Record<string, { beforeMinutes: number; afterMinutes: number }>;
  cooldownDays: number;
  quarantineDays: number;
  escalateMinutes: number;
  quietHours: Hours;
  officeHours: Hours | null;
  texts: Record<string, string | null>;
  holdClientSwaps: boolean;
  ownLinks: string[];
  ownNumbers: string[];
  canned: string[];
  ownerPhone: string | null;
}
