/** What the plugin's routes answer: the one description for the backend and the pages. */
export type Cycle = 'monthly' | 'hourly';

export interface Plan {
  id: string;
  name: string;
  description: string;
  cycle: Cycle;
  /** Per calendar month, or per server and started hour. */
  price: number;
  currency: string;
  /** 0: any number. */
  maxServers: number;
  /** What servers made under it may use at most. 0: no limit of the plan's. */
  memoryMb: number;
  /** Nobody can choose it any more; who has it keeps it. */
  archived: boolean;
}

export interface Subscription {
  id: string;
  user: string;
  plan: string;
  planName: string;
  cycle: Cycle;
  /** As it was when the plan was chosen: a later change of the plan does not reach into it. */
  price: number;
  currency: string;
  maxServers: number;
  memoryMb: number;
  status: 'active' | 'ended';
  startedAt: number;
  periodStart: number;
  periodEnd: number;
  /** Ends with its period. */
  ending: boolean;
  endedAt: number | null;
}

export interface InvoiceLine {
  text: string;
  quantity: number;
  unitPrice: number;
  amount: number;
}

export type InvoiceStatus = 'open' | 'paid' | 'void';

export interface Invoice {
  /** The number, as printed. */
  id: string;
  number: number;
  user: string;
  username: string;
  email: string;
  currency: string;
  lines: InvoiceLine[];
  total: number;
  status: InvoiceStatus;
  issuedAt: number;
  dueAt: number;
  paidAt: number | null;
  period: { start: number; end: number };
}

/** An invoice with what is missing of it after the user's credit. */
export type InvoiceRow = Invoice & { due: number };

export type EntryKind = 'charge' | 'usage' | 'proration' | 'payment' | 'refund' | 'credit' | 'adjustment' | 'void';

/** One line of the ledger. It is written once and never changed. */
export interface Entry {
  id: string;
  at: number;
  user: string;
  /** Positive: to the user's good. */
  amount: number;
  currency: string;
  kind: EntryKind;
  /** The other side of the booking: it has the same amount with the opposite sign. */
  contra: 'revenue' | 'stripe' | 'manual' | 'goodwill';
  text: string;
  invoice?: string;
  payment?: string;
  server?: string;
}

export type PaymentStatus = 'pending' | 'succeeded' | 'failed' | 'expired';

export interface Payment {
  id: string;
  user: string;
  username: string;
  amount: number;
  currency: string;
  method: 'stripe' | 'manual';
  status: PaymentStatus;
  note: string;
  createdAt: number;
  paidAt: number | null;
  invoice: string | null;
}

export interface Refund {
  id: string;
  payment: string;
  user: string;
  amount: number;
  currency: string;
  status: 'pending' | 'succeeded' | 'failed';
  reason: string;
  createdAt: number;
}

export interface Notice {
  id: string;
  tone: 'info' | 'warning' | 'danger';
  text: string;
  link?: { href: string; label: string };
}

export interface Summary {
  currency: string;
  balance: number;
  /** Of today, charged at the end of the day. */
  accrued: number;
  available: number;
  subscription: Subscription | null;
  servers: number;
  openInvoices: number;
  due: number;
  notices: Notice[];
  /** Whether payments by Stripe are possible. */
  online: boolean;
}

export interface ServerUsage {
  /** That Billing has suspended it, and what its owner can do about it. */
  notice: Notice | null;
  server: { id: string; name: string };
  currency: string;
  cycle: Cycle | null;
  price: number;
  days: { day: string; hours: number; cost: number }[];
  /** Of the current month. */
  hours: number;
  cost: number;
  /** At the pace of the hours so far; of a monthly plan its price. */
  forecast: number;
}

export interface Revenue {
  currency: string;
  months: { month: string; charged: number; received: number; refunded: number }[];
  /** What active plans bring in each month, without those by the hour. */
  recurring: number;
  outstanding: number;
  credit: number;
  subscribers: number;
  byPlan: { name: string; subscribers: number; cycle: Cycle; price: number; currency: string }[];
}

export interface Customer {
  id: string;
  username: string;
  email: string;
  balance: number;
  currency: string;
  planName: string | null;
}

/** A line of the ledger as the admin sees it. */
export type Transaction = Entry & { username: string; refundable: number };
