import { expect } from 'vitest';
import type { StoredState } from '@sodium/sdk/testing';
import type { UsageDay } from '../src/server/usage.js';
import { countHours } from '../src/server/usage.js';
import type { StoredPayment, StoredRefund } from '../src/server/payments.js';
import type { Entry, Invoice, Subscription } from '../src/shapes.js';

/** Entries of the ledger that must be there once an event of Stripe is noted as applied, by the event's id. */
export type Heard = Map<string, readonly string[]>;
type StoredInvoice = Invoice & { key: string };

interface Books {
  entries: Map<string, Entry>;
  invoices: StoredInvoice[];
  usage: UsageDay[];
  payments: StoredPayment[];
  refunds: StoredRefund[];
  subscriptions: Subscription[];
  events: { id: string }[];
  counter: number;
}

/**
 * What belongs together is there together, in every state that a crash could leave. Returns what is not: a crash there
 * would have lost it or done it twice.
 */
export function faultsOf(state: StoredState, heard: Heard): string[] {
  const books = read(state);
  return [
    ...invoiceFaults(books),
    ...usageFaults(books),
    ...paymentFaults(books),
    ...refundFaults(books),
    ...subscriptionFaults(books),
    ...settlementFaults(books),
    ...books.events.flatMap(({ id }) =>
      (heard.get(id) ?? [])
        .filter((entry) => !books.entries.has(entry))
        .map((entry) => `the event ${id} is noted as applied without ${entry}`),
    ),
  ];
}

export function expectSound(state: StoredState, heard: Heard): void {
  const faults = faultsOf(state, heard);
  if (faults.length > 0) expect.fail(`A crash here would leave:\n${faults.join('\n')}`);
}

function read(state: StoredState): Books {
  const all = <T>(collection: string): T[] => state.documents(collection) as T[];
  return {
    entries: new Map(all<Entry>('ledger').map((entry) => [entry.id, entry])),
    invoices: all('invoices'),
    usage: all('usage'),
    payments: all('payments'),
    refunds: all('refunds'),
    subscriptions: all('subscriptions'),
    events: all('stripe_events'),
    counter: all<{ value: number }>('counters')[0]?.value ?? 0,
  };
}

function invoiceFaults({ invoices, entries, usage, counter }: Books): string[] {
  const faults = invoices.some(({ number }, i) => number !== i + 1) ? ['a gap in the numbers of invoices'] : [];
  if (counter !== invoices.length) faults.push(`the number ${counter} is taken, and ${invoices.length} invoices exist`);
  for (const { id, key, total, status } of invoices) {
    const charge = entries.get(`charge:${id}`)?.amount;
    if (key.startsWith('plan:') && charge !== -total) faults.push(`${id} of ${total} without its charge`);
    const listed = usage.filter((day) => day.invoice === id).reduce((sum, day) => sum + costOf(day), 0);
    if (key.startsWith('usage:') && listed !== total) faults.push(`${id} of ${total} lists ${listed}`);
    if (entries.has(`void:${id}`) !== (status === 'void')) faults.push(`${id} is ${status}, and the ledger disagrees`);
  }
  return faults;
}

const costOf = ({ hours, price }: UsageDay): number => countHours(hours) * price;

function usageFaults({ usage, entries }: Books): string[] {
  return usage
    .filter((day) => (entries.get(`usage:${day.id}`)?.amount ?? 0) !== (day.booked ? 0 - costOf(day) : 0))
    .map(({ id, booked }) => `usage ${id} is ${booked ? '' : 'not '}noted as booked, and the ledger disagrees`);
}

function paymentFaults({ payments, entries }: Books): string[] {
  return payments.flatMap(({ id, method, status, amount }) => {
    const booked = entries.get(`payment:${id}`)?.amount;
    if (method === 'manual' && status !== 'succeeded') return [`a payment by hand is ${status}`];
    return booked === (status === 'succeeded' ? amount : undefined) ? [] : [`payment ${id} is ${status}: ${booked}`];
  });
}

function refundFaults({ refunds, entries }: Books): string[] {
  return refunds
    .filter(({ id, status, amount, credit }) => {
      const [made, back] = [entries.get(`refund:${id}`), entries.get(`refund-failed:${id}`)];
      const [credited, taken] = [entries.has(`credit:${id}`), entries.has(`credit-back:${id}`)];
      if (credited !== (credit && made !== undefined) || taken !== (credit && back !== undefined)) return true;
      if (status === 'succeeded') return made?.amount !== -amount || back !== undefined;
      if (status === 'failed') return (made === undefined) !== (back === undefined);
      return made !== undefined;
    })
    .map(({ id, status }) => `refund ${id} is ${status}, and the ledger disagrees`);
}

function subscriptionFaults({ subscriptions, invoices, entries }: Books): string[] {
  const active = subscriptions.filter(({ status }) => status === 'active');
  const faults = new Set(active.map(({ user }) => user)).size < active.length ? ['somebody has two plans'] : [];
  for (const one of subscriptions.filter(({ cycle }) => cycle === 'monthly')) {
    const { id, user, price, startedAt, periodStart, periodEnd, endedAt } = one;
    const bill = invoices.find(({ key }) => key === `plan:${id}:${periodStart}`);
    const worth = (from: number): boolean => (price * (periodEnd - from)) / (periodEnd - periodStart) > 1;
    if (!bill && worth(Math.max(startedAt, periodStart))) faults.push(`the month of plan ${id} is not charged`);
    const changed = entries.has(`proration:${id}`);
    const early = endedAt !== null && bill?.status !== 'void' && worth(endedAt);
    if (early && !changed) faults.push(`plan ${id} ended early, and nothing came back`);
    const next = subscriptions.some((other) => other.user === user && Math.abs(other.startedAt - (endedAt ?? 0)) < 1000 && other !== one); // prettier-ignore
    if (changed && !next) faults.push(`plan ${id} was changed to nothing`);
  }
  return faults;
}

/** An open invoice that the money covers would be asked for again. */
function settlementFaults({ invoices, entries }: Books): string[] {
  const open = invoices.filter(({ status }) => status === 'open');
  return [...new Set(open.map(({ user }) => user))].flatMap((user) => {
    const own = open.filter((invoice) => invoice.user === user);
    const balance = [...entries.values()].reduce((sum, entry) => (entry.user === user ? sum + entry.amount : sum), 0);
    const funds = balance + own.reduce((sum, { total }) => sum + total, 0);
    return own[0]!.total > funds ? [] : [`${own[0]!.id} is open, and ${user} has the money for it`];
  });
}
