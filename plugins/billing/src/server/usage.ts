import type { HookServer } from '@sodium/sdk';
import { formatMoney } from '../money.js';
import { DAY_MS, dayName, HOUR_MS, monthBeside, monthName, monthOf } from '../periods.js';
import type { Cycle, InvoiceLine, Subscription } from '../shapes.js';
import type { Context } from './context.js';
import { groupBy } from './group-by.js';
import type { Invoices } from './invoices.js';
import type { Ledger } from './ledger.js';
import type { CustomerInfo } from './subscriptions.js';

/** The hours of one day in which one server ran under one subscription; an hour is a bit, so it counts once. */
export interface UsageDay {
  id: string;
  server: string;
  serverName: string;
  user: string;
  subscription: string;
  cycle: Cycle;
  /** `2026-03-14`, in UTC. */
  day: string;
  hours: number;
  /** Per hour; 0 under a monthly plan, where hours are counted for the record. */
  price: number;
  currency: string;
  booked: boolean;
  invoice: string | null;
  [field: string]: unknown;
}

const KEPT_DAYS = 400;

export function countHours(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}

const costOf = ({ hours, price }: UsageDay): number => countHours(hours) * price;

/** Meters what servers use. A window is one server and one hour: however often it is reported, it is charged once. */
export class Usage {
  /** The newest window seen of each server, so that most reports touch no document. */
  readonly #seen = new Map<string, string>();

  constructor(
    readonly context: Pick<Context, 'db' | 'now'>,
    readonly ledger: Ledger,
    readonly invoices: Invoices,
  ) {
    context.db.registerCollections([{ name: 'usage', indexes: ['user', 'server', 'day', 'booked'] }]);
  }

  record(server: HookServer, subscription: Subscription): void {
    const now = this.context.now();
    const window = `${Math.floor(now / HOUR_MS)}:${subscription.id}`;
    if (this.#seen.get(server.id) === window) return;
    const day = dayName(now);
    const bit = 1 << new Date(now).getUTCHours();
    const sameDay = this.context.db.find<UsageDay>('usage', { server: server.id, day });
    // The hour may have been charged under the plan that the user had before.
    if (!sameDay.some(({ hours }) => (hours & bit) !== 0)) this.#mark(server, subscription, day, bit);
    this.#seen.set(server.id, window);
  }

  forget(server: string): void {
    this.#seen.delete(server);
  }

  /** What was used and is not in the ledger yet. */
  accrued(user: string, currency: string): number {
    const open = this.context.db.find<UsageDay>('usage', { user, booked: false, currency });
    return open.reduce((sum, day) => sum + costOf(day), 0);
  }

  accruedByCurrency(user: string): Map<string, number> {
    const sums = new Map<string, number>();
    for (const day of this.context.db.find<UsageDay>('usage', { user, booked: false }))
      sums.set(day.currency, (sums.get(day.currency) ?? 0) + costOf(day));
    return sums;
  }

  /** Of a server since a day, oldest first. */
  of(server: string, since: string): UsageDay[] {
    return this.context.db.find<UsageDay>('usage', { server, day: { $gte: since } }, { sort: { day: 1 } });
  }

  /** Books the days that are over, each one once. */
  bookDays(): void {
    const today = dayName(this.context.now());
    for (const day of this.context.db.find<UsageDay>('usage', { booked: false })) {
      if (day.day >= today) continue;
      const amount = -costOf(day);
      const { user, currency, server } = day;
      const text = `${day.serverName}: ${countHours(day.hours)} hours on ${day.day}`;
      if (amount !== 0)
        this.ledger.book({
          id: `usage:${day.id}`,
          user,
          amount,
          currency,
          kind: 'usage',
          contra: 'revenue',
          text,
          server,
        });
      this.context.db.update('usage', day.id, { booked: true });
    }
  }

  /** Users with hours of past months that no invoice lists. */
  toInvoice(): string[] {
    return [...new Set(this.#uninvoiced().map(({ user }) => user))];
  }

  /** One invoice for each past month and currency. */
  invoiceMonths(customer: CustomerInfo): void {
    const groups = groupBy(
      this.#uninvoiced().filter(({ user }) => user === customer.id),
      ({ day, currency }) => `${day.slice(0, 7)}:${currency}`,
    );
    for (const [group, days] of groups) {
      const invoice = this.invoices.issue({
        key: `usage:${customer.id}:${group}`,
        customer,
        currency: days[0]!.currency,
        lines: linesOf(days),
        period: monthOf(Date.parse(days[0]!.day)),
        booked: true,
      });
      for (const { id } of days) this.context.db.update('usage', id, { invoice: invoice?.id ?? 'none' });
    }
  }

  prune(): void {
    const oldest = dayName(this.context.now() - KEPT_DAYS * DAY_MS);
    for (const { id } of this.context.db.find<UsageDay>('usage', { booked: true, day: { $lt: oldest } }))
      this.context.db.delete('usage', id);
  }

  #uninvoiced(): UsageDay[] {
    const thisMonth = monthName(this.context.now());
    const found = this.context.db.find<UsageDay>('usage', { booked: true, invoice: null, price: { $gt: 0 } });
    return found.filter(({ day }) => day.slice(0, 7) < thisMonth);
  }

  #mark(server: HookServer, subscription: Subscription, day: string, bit: number): void {
    const { db } = this.context;
    const id = `${server.id}:${day}:${subscription.id}`;
    const known = db.get<UsageDay>('usage', id);
    if (known) {
      db.update('usage', id, { hours: known.hours | bit, serverName: server.name });
      return;
    }
    const { user, cycle, price, currency } = subscription;
    db.insert('usage', {
      id,
      server: server.id,
      serverName: server.name,
      user,
      subscription: subscription.id,
      cycle,
      day,
      hours: bit,
      price: cycle === 'hourly' ? price : 0,
      currency,
      booked: false,
      invoice: null,
    });
  }
}

/** One line for each server and price. */
function linesOf(days: readonly UsageDay[]): InvoiceLine[] {
  const groups = groupBy(days, ({ server, price }) => `${server}:${price}`);
  return [...groups.values()].map((group) => {
    const { serverName, price, currency } = group.at(-1)!;
    const quantity = group.reduce((sum, { hours }) => sum + countHours(hours), 0);
    const text = `Server “${serverName}”, hours at ${formatMoney(price, currency, 'en-US')}`;
    return { text, quantity, unitPrice: price, amount: quantity * price };
  });
}

/** From which day on a server's tab looks: the month before the current one. */
export const usageSince = (now: number): string => dayName(monthBeside(now, -1).start);
