/** What is told. `alert` comes from other plugins. */
export const KINDS = ['create', 'delete', 'start', 'stop', 'crash', 'login', 'alert'] as const;
export type Kind = (typeof KINDS)[number];

export const KIND_LABELS: Record<Kind, string> = {
  create: 'Server created',
  delete: 'Server deleted',
  start: 'Server started',
  stop: 'Server stopped',
  crash: 'Server crashed',
  login: 'Admin login',
  alert: 'Alert of a plugin',
};

/** How an event becomes a message, and whom it calls. */
export interface Rule {
  title: string;
  body: string;
  /** Ids of Discord, as text: they are larger than numbers can be. */
  roles: string[];
  users: string[];
}

/** The part of Discord's embed that is used here. */
export interface Embed {
  title: string;
  description: string;
  color: number;
  timestamp: string;
  footer?: { text: string };
}

export interface RuleView extends Rule {
  kind: Kind;
  enabled: boolean;
  placeholders: string[];
  changed: boolean;
}

export interface DeadLetter {
  id: string;
  kind: Kind;
  at: number;
  about: string;
  error: string;
}

export interface SentMessage {
  id: string;
  at: number;
  text: string;
  events: number;
}

/** What the admin tab shows of the delivery. The address itself never leaves the server. */
export interface Overview {
  configured: boolean;
  disabled: { reason: string; at: number } | null;
  waitingUntil: number | null;
  waitingReason: string | null;
  quietUntil: number | null;
  quietMode: 'off' | 'hold' | 'drop';
  problem: string | null;
  waiting: number;
  dead: DeadLetter[];
  deadTotal: number;
  sent: SentMessage[];
  counts: { sent: number; dropped: number };
}
