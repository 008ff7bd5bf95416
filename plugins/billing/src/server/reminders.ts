import { formatMoney } from '../money.js';
import { DAY_MS } from '../periods.js';
import type { InvoiceRow } from '../shapes.js';
import type { Context } from './context.js';
import type { Invoices } from './invoices.js';
import type { Suspensions } from './suspensions.js';

type ReminderKind = 'invoice-due-soon' | 'invoice-overdue' | 'servers-suspended';

/** A reminder is made once for each occasion. Its delivery to the admin's address is tried until it succeeds. */
export interface Reminder {
  id: string;
  kind: ReminderKind;
  user: string;
  text: string;
  at: number;
  delivery: 'none' | 'waiting' | 'sent' | 'given-up';
  attempts: number;
  [field: string]: unknown;
}

const MOST_ATTEMPTS = 24;
const KEPT_DAYS = 90;
const SENT_AT_ONCE = 20;

export class Reminders {
  constructor(
    readonly context: Context,
    readonly parts: { invoices: Invoices; suspensions: Suspensions },
  ) {
    context.db.registerCollections([{ name: 'reminders', indexes: ['user', 'delivery'] }]);
  }

  /** Makes the reminders that are due. */
  review(): void {
    const now = this.context.now();
    for (const invoice of this.parts.invoices.open()) {
      if (invoice.due === 0) continue;
      if (now >= invoice.dueAt) this.#remind('invoice-overdue', invoice);
      else if (now >= invoice.dueAt - DAY_MS) this.#remind('invoice-due-soon', invoice);
    }
    for (const { id, user, at } of this.context.db.find<{ id: string; user: string; at: number }>('suspensions', {
      applied: true,
    }))
      this.#make(
        `servers-suspended:${id}:${at}`,
        'servers-suspended',
        user,
        'One of your servers is suspended until you have paid.',
      );
  }

  /** Sends what waits. What fails is tried again with the next run. */
  async deliver(): Promise<void> {
    const address = this.context.config.get<string | undefined>('reminder_webhook');
    if (!address) return;
    const waiting = this.context.db.find<Reminder>('reminders', { delivery: 'waiting' }, { limit: SENT_AT_ONCE });
    for (const reminder of waiting) {
      const sent = await this.#send(address, reminder);
      const attempts = reminder.attempts + 1;
      const delivery = sent ? 'sent' : attempts >= MOST_ATTEMPTS ? 'given-up' : 'waiting';
      this.context.db.update('reminders', reminder.id, { delivery, attempts });
    }
  }

  prune(): void {
    const oldest = this.context.now() - KEPT_DAYS * DAY_MS;
    for (const { id } of this.context.db.find<Reminder>('reminders', {
      at: { $lt: oldest },
      delivery: { $ne: 'waiting' },
    }))
      this.context.db.delete('reminders', id);
  }

  async #send(address: string, { id, kind, user, text, at }: Reminder): Promise<boolean> {
    try {
      const to = await this.context.users.get(user);
      const who = { id: user, username: to?.username ?? null, email: to?.email ?? null };
      const body = JSON.stringify({ id, kind, text, at: new Date(at).toISOString(), user: who });
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': id },
        body,
      });
      if (!response.ok) this.context.logger.warn(`The address for reminders answered with status ${response.status}.`);
      return response.ok;
    } catch (error) {
      this.context.logger.warn(`A reminder was not sent: ${(error as Error).message}`);
      return false;
    }
  }

  #remind(kind: ReminderKind, { id, user, due, currency, dueAt }: InvoiceRow): void {
    const amount = formatMoney(due, currency, 'en-US');
    const day = new Date(dueAt).toISOString().slice(0, 10);
    const text =
      kind === 'invoice-overdue'
        ? `Invoice ${id} is overdue: ${amount} were due on ${day}.`
        : `Invoice ${id} is due on ${day}: ${amount}.`;
    this.#make(`${kind}:${id}`, kind, user, text);
  }

  #make(id: string, kind: ReminderKind, user: string, text: string): void {
    const { db, config, now } = this.context;
    if (db.get('reminders', id)) return;
    const delivery = config.get('reminder_webhook') ? 'waiting' : 'none';
    db.insert('reminders', { id, kind, user, text, at: now(), delivery, attempts: 0 });
  }
}
