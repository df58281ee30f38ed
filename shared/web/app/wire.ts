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
  lastFrom?: "client" | "owner" | "sitter" | "system" | "";
  unread: number;
  flagged?: boolean;
  window: WindowLine;
  // for owners only
  clientId?: string | null;
  clientPhone?: string;
  numberClass?: NumberClass;
  number?: string;
  needsReply?: boolean;
  failed?: boolean;
  blocked?: boolean;
  done?: boolean;
  openReason?: string | null;
}

export interface Suggested {
  bookingId: string;
  clientName: string;
  sitterId?: string | null;
  sitterName?: string | null;
  service: string;
  startAt: string;
  endAt: string;
  clientTold: boolean;
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

export interface MessageEvent {
  id: string;
  kind?: "text" | "note" | "ask";
  direction: "inbound" | "outbound";
  author: { role: string; name: string };
  text: string;
  media?: { url: string; type: string }[] | null;
  at: string;
  status: DeliveryStatus;
  statusText?: string;
  visibility?: "all" | "owner";
  late?: boolean;
  routing?: Routing | null;
  blocked?: boolean;
  flagged?: boolean;
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
  reason?: string;
}

export interface ThreadPage extends Thread {
  windows?: AssignmentWindow[] | null;
  assignmentHistory?: AssignmentChange[] | null;
  linkedThreads?: string[] | null;
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
  health?: string;
  lastUsedAt?: string | null;
  threads?: number;
}

export interface Decision {
  timestamp: string;
  threadId: string;
  numberClass: string;
  routingTarget: string;
  routingReason: string;
  rule: number;
  sender: string;
  recipient: string;
  trace?: Rule[] | null;
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

export type Settings = Record<string, unknown>;
