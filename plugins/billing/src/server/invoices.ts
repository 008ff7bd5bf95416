import { DAY_MS, type Period } from '../periods.js';
import type { Invoice, InvoiceLine, InvoiceRow } from '../shapes.js';
import { Fault, graceDaysOf, lookUp, notFound, type Context } from './context.js';
import type { Ledger } from './ledger.js';

type StoredInvoice = Invoice & { key: string; [field: string]: unknown };

export interface NewInvoice {
  /** What it is for. There is one invoice for each key, however often it is asked for. */
  key: string;
  customer: { id: string; username: string; email: string };
  currency: string;
  lines: InvoiceLine[];
  period: Period;
  /** Usage was booked day by day already; everything else is booked with its invoice. */
  booked: boolean;
}

/** Invoices have numbers without gaps: the counter and the invoice are written in the same tick. */
export class Invoices {
  constructor(
    readonly context: Pick<Context, 'db' | 'now' | 'config'>,
    readonly ledger: Ledger,
  ) {
    context.db.registerCollections([{ name: 'invoices', indexes: ['user', 'key', 'status'] }, 'counters']);
  }

  /** Null when there is nothing to pay, or when it was issued before. */
  issue({ key, customer, currency, lines, period, booked }: NewInvoice): Invoice | null {
    const { db, now } = this.context;
    const total = lines.reduce((sum, line) => sum + line.amount, 0);
    if (total <= 0 || db.findOne('invoices', { key })) return null;
    const number = this.#nextNumber();
    const issuedAt = now();
    const invoice = db.insert<StoredInvoice>('invoices', {
      id: `INV-${String(number).padStart(6, '0')}`,
      number,
      key,
      user: customer.id,
      username: customer.username,
      email: customer.email,
      currency,
      lines,
      total,
      status: 'open',
      issuedAt,
      dueAt: issuedAt + graceDaysOf(this.context) * DAY_MS,
      paidAt: null,
      period,
    });
    if (!booked) this.#book(invoice, 'charge', -total, `Invoice ${invoice.id}`);
    this.settle(customer.id, currency);
    return this.get(invoice.id);
  }

  get(id: string): Invoice | null {
    return lookUp<StoredInvoice>(this.context, 'invoices', id);
  }

  require(id: string): Invoice {
    const invoice = this.get(id);
    if (!invoice) throw notFound('invoice', id);
    return invoice;
  }

  /** What was charged under a key and still is. */
  chargedFor(key: string): number {
    const invoice = this.context.db.findOne<StoredInvoice>('invoices', { key });
    return invoice && invoice.status !== 'void' ? invoice.total : 0;
  }

  /** Newest first, each with what is missing of it. */
  of(user: string): InvoiceRow[] {
    const found = this.context.db.find<StoredInvoice>('invoices', { user }, { sort: { number: -1 } });
    return this.#withDue(found);
  }

  /** Those of everybody, newest first. */
  all(): InvoiceRow[] {
    return this.#withDue(this.context.db.find<StoredInvoice>('invoices', {}, { sort: { number: -1 } }));
  }

  open(): InvoiceRow[] {
    return this.#withDue(this.context.db.find<StoredInvoice>('invoices', { status: 'open' }));
  }

  openOf(user: string, currency: string): Invoice[] {
    const query = { user, status: 'open', currency };
    return this.context.db.find<StoredInvoice>('invoices', query, { sort: { number: 1 } });
  }

  due(invoice: Invoice): number {
    return this.#withDue([invoice as StoredInvoice])[0]!.due;
  }

  /**
   * Marks as paid what the user's money covers: the invoice that a payment is meant for, then the oldest. All open
   * invoices are in the balance already, so what is there to pay them with is the balance without them.
   */
  settle(user: string, currency: string, first?: string): void {
    const open = this.openOf(user, currency);
    let funds = this.#funds(user, currency, open);
    const inOrder = [...open.filter(({ id }) => id === first), ...open.filter(({ id }) => id !== first)];
    for (const { id, total } of inOrder) {
      // The one a payment is meant for may be short of it; a later one must not jump the queue.
      if (total > funds && id === first) continue;
      if (total > funds) return;
      funds -= total;
      this.context.db.update('invoices', id, { status: 'paid', paidAt: this.context.now() });
    }
  }

  /** Takes an open invoice back. It keeps its number; what it charged is booked back. */
  void(id: string): Invoice {
    const invoice = this.require(id);
    if (invoice.status !== 'open')
      throw new Fault(409, 'INVOICE_NOT_OPEN', `Invoice ${id} is ${invoice.status}. Only open invoices can be voided.`);
    this.context.db.update('invoices', id, { status: 'void' });
    this.#book(invoice, 'void', invoice.total, `Invoice ${id} was voided`);
    this.settle(invoice.user, invoice.currency);
    return this.require(id);
  }

  #book({ id, user, currency }: Invoice, kind: 'charge' | 'void', amount: number, text: string): void {
    this.ledger.book({ id: `${kind}:${id}`, user, amount, currency, kind, contra: 'revenue', text, invoice: id });
  }

  #nextNumber(): number {
    const { db } = this.context;
    const counter = db.get<{ id: string; value: number }>('counters', 'invoice');
    const value = (counter?.value ?? 0) + 1;
    if (counter) db.update('counters', 'invoice', { value });
    else db.insert('counters', { id: 'invoice', value });
    return value;
  }

  #funds(user: string, currency: string, open: readonly Invoice[]): number {
    return this.ledger.balance(user, currency) + open.reduce((sum, { total }) => sum + total, 0);
  }

  /** What credit there is counts for the oldest invoices first. */
  #withDue(invoices: readonly StoredInvoice[]): InvoiceRow[] {
    const known = new Map<string, Map<string, number>>();
    return invoices.map(({ key: _key, ...invoice }) => {
      if (invoice.status !== 'open') return { ...(invoice as Invoice), due: 0 };
      const account = `${invoice.user} ${invoice.currency}`;
      if (!known.has(account)) known.set(account, this.#dues(invoice.user, invoice.currency));
      return { ...(invoice as Invoice), due: known.get(account)!.get(invoice.id) ?? invoice.total };
    });
  }

  #dues(user: string, currency: string): Map<string, number> {
    const open = this.openOf(user, currency);
    let funds = Math.max(0, this.#funds(user, currency, open));
    return new Map(
      open.map(({ id, total }) => {
        const covered = Math.min(funds, total);
        funds -= covered;
        return [id, total - covered];
      }),
    );
  }
}
