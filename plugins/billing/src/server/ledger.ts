import type { Entry } from '../shapes.js';
import type { Context } from './context.js';

const COLLECTION = 'ledger';

/**
 * Every movement of money, written once. An entry's id says what it is for (`payment:<id>`, `usage:<window>`), so that
 * the same thing cannot be booked twice, whatever is repeated or comes back after a crash. Balances are sums of it.
 */
export class Ledger {
  constructor(readonly context: Pick<Context, 'db' | 'now'>) {
    context.db.registerCollections([{ name: COLLECTION, indexes: ['user', 'invoice', 'payment'] }]);
  }

  /** False when it was booked before. */
  book(entry: Omit<Entry, 'at'>): boolean {
    if (!Number.isSafeInteger(entry.amount)) throw new Error(`The amount of "${entry.id}" is not a whole number.`);
    if (this.has(entry.id)) return false;
    this.context.db.insert(COLLECTION, { ...entry, at: this.context.now() });
    return true;
  }

  has(id: string): boolean {
    return this.context.db.get(COLLECTION, id) !== null;
  }

  of(user: string): Entry[] {
    return this.context.db.find<Entry & { [field: string]: unknown }>(COLLECTION, { user });
  }

  all(): Entry[] {
    return this.context.db.find<Entry & { [field: string]: unknown }>(COLLECTION);
  }

  /** By currency: what was booked in one is never counted in another. */
  balances(user: string): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { currency, amount } of this.of(user)) sums.set(currency, (sums.get(currency) ?? 0) + amount);
    return sums;
  }

  balance(user: string, currency: string): number {
    return this.balances(user).get(currency) ?? 0;
  }
}
