import { formatMoney } from '../money.js';
import type { Payment, Refund } from '../shapes.js';
import { Fault, lookUp, notFound, type Context } from './context.js';
import type { Invoices } from './invoices.js';
import type { Ledger } from './ledger.js';
import type { StripeRefund, StripeSession } from './stripe-api.js';

/** A payment with what only the backend needs. */
export interface StoredPayment extends Payment {
  session: string | null;
  sessionUrl: string | null;
  intent: string | null;
  [field: string]: unknown;
}

export interface StoredRefund extends Refund {
  /** Stripe's id of it. */
  stripe: string | null;
  /** Also takes back what the payment was for. */
  credit: boolean;
  [field: string]: unknown;
}

export type NewPayment = Pick<
  Payment,
  'id' | 'user' | 'username' | 'amount' | 'currency' | 'method' | 'note' | 'invoice'
>;

/** Payments and refunds, and what they do to the ledger. Nothing here waits: each change is one write with its effect. */
export class Payments {
  constructor(
    readonly context: Pick<Context, 'db' | 'now'>,
    readonly ledger: Ledger,
    readonly invoices: Invoices,
  ) {
    context.db.registerCollections([
      { name: 'payments', indexes: ['user', 'status', 'invoice', 'session', 'intent'] },
      { name: 'refunds', indexes: ['payment', 'status', 'stripe'] },
    ]);
  }

  get(id: string | null | undefined): StoredPayment | null {
    return lookUp<StoredPayment>(this.context, 'payments', id);
  }

  require(id: string): StoredPayment {
    const payment = this.get(id);
    if (!payment) throw notFound('payment', id);
    return payment;
  }

  find(query: Partial<Pick<StoredPayment, 'user' | 'status' | 'invoice' | 'intent' | 'session'>>): StoredPayment[] {
    return this.context.db.find<StoredPayment>('payments', query);
  }

  /** Notes that money may come. */
  open(payment: NewPayment): StoredPayment {
    const createdAt = this.context.now();
    const state = {
      status: 'pending',
      createdAt,
      paidAt: null,
      session: null,
      sessionUrl: null,
      intent: null,
    } as const;
    return this.context.db.insert<StoredPayment>('payments', { ...payment, ...state });
  }

  change(id: string, patch: Partial<StoredPayment>): void {
    this.context.db.update('payments', id, patch);
  }

  /** Money that an admin received by other ways. The id comes from the form, so that sending it twice books it once. */
  recordManual(payment: Omit<NewPayment, 'method'>): StoredPayment {
    const known = this.get(payment.id);
    if (known) return known;
    this.open({ ...payment, method: 'manual' });
    return this.#succeed(payment.id, payment.amount, payment.currency);
  }

  /** Brings a payment to what Stripe says of its session, in whatever order and however often that is heard. */
  applySession(session: StripeSession): StoredPayment | null {
    const payment = this.get(session.client_reference_id ?? session.metadata?.payment);
    // Somebody else's session on the same Stripe account, or one that this panel did not open for this payment.
    if (!payment || payment.method !== 'stripe' || (payment.session && payment.session !== session.id)) return null;
    const { id, status } = payment;
    if (session.payment_status === 'paid') {
      if (status !== 'succeeded') this.change(id, { session: session.id, intent: session.payment_intent });
      return this.#succeed(
        id,
        session.amount_total ?? payment.amount,
        (session.currency ?? payment.currency).toUpperCase(),
      );
    }
    if (status === 'pending' && session.status === 'expired') this.change(id, { status: 'expired' });
    return this.get(id);
  }

  fail(id: string): void {
    if (this.get(id)?.status === 'pending') this.change(id, { status: 'failed' });
  }

  refundable(payment: Payment): number {
    if (payment.status !== 'succeeded') return 0;
    const refunds = this.refundsOf(payment.id).filter(({ status }) => status !== 'failed');
    return payment.amount - refunds.reduce((sum, { amount }) => sum + amount, 0);
  }

  refundsOf(payment: string): StoredRefund[] {
    return this.context.db.find<StoredRefund>('refunds', { payment });
  }

  pendingRefunds(): StoredRefund[] {
    return this.context.db.find<StoredRefund>('refunds', { status: 'pending' });
  }

  /** Notes a refund before anybody is asked to make it. One by hand is made by then. */
  openRefund(input: { id: string; payment: string; amount: number; reason: string; credit: boolean }): StoredRefund {
    const known = this.context.db.get<StoredRefund>('refunds', input.id);
    if (known) return known;
    const payment = this.require(input.payment);
    const most = this.refundable(payment);
    if (input.amount > most) {
      const left = formatMoney(most, payment.currency, 'en-US');
      throw new Fault(409, 'REFUND_TOO_LARGE', `At most ${left} of this payment can be refunded.`);
    }
    const { user, currency, method } = payment;
    const createdAt = this.context.now();
    const refund = { ...input, user, currency, createdAt, status: 'pending', stripe: null };
    const stored = this.context.db.insert<StoredRefund>('refunds', refund);
    if (method === 'manual') this.#finishRefund(stored, 'succeeded', null);
    return this.context.db.get<StoredRefund>('refunds', input.id)!;
  }

  /** Brings a refund to what Stripe says of it. One that was made at Stripe itself, or that a crash forgot, is noted. */
  applyRefund(told: StripeRefund): void {
    const payment = this.find({ intent: told.payment_intent ?? '' })[0];
    if (!payment || !told.payment_intent) return;
    const refund = this.#refundFor(told, payment);
    if (told.status === 'succeeded') this.#finishRefund(refund, 'succeeded', told.id);
    else if (told.status === 'failed' || told.status === 'canceled') this.#finishRefund(refund, 'failed', told.id);
    else this.context.db.update('refunds', refund.id, { stripe: told.id });
  }

  failRefund(id: string): void {
    const refund = this.context.db.get<StoredRefund>('refunds', id);
    if (refund) this.#finishRefund(refund, 'failed', refund.stripe);
  }

  #refundFor(told: StripeRefund, payment: StoredPayment): StoredRefund {
    const { db } = this.context;
    const known =
      lookUp<StoredRefund>(this.context, 'refunds', told.metadata?.refund) ??
      db.findOne<StoredRefund>('refunds', { stripe: told.id });
    if (known) return known;
    const { user, currency } = payment;
    return db.insert<StoredRefund>('refunds', {
      id: told.metadata?.refund ?? told.id,
      payment: payment.id,
      user,
      amount: told.amount,
      currency,
      status: 'pending',
      reason: 'Made at Stripe',
      createdAt: this.context.now(),
      stripe: told.id,
      credit: false,
    });
  }

  #succeed(id: string, amount: number, currency: string): StoredPayment {
    const payment = this.require(id);
    const { user, method, invoice } = payment;
    const text = method === 'stripe' ? 'Payment by Stripe' : payment.note || 'Payment';
    const entry = {
      id: `payment:${id}`,
      user,
      amount,
      currency,
      kind: 'payment',
      contra: method,
      text,
      payment: id,
    } as const;
    if (!this.ledger.book({ ...entry, ...(invoice && { invoice }) })) return payment;
    this.change(id, { status: 'succeeded', paidAt: this.context.now(), amount, currency });
    this.invoices.settle(user, currency, invoice ?? undefined);
    return this.require(id);
  }

  #finishRefund(refund: StoredRefund, status: 'succeeded' | 'failed', stripe: string | null): void {
    const { id, amount, user, currency, payment, credit, reason } = refund;
    const contra = this.require(payment).method;
    const common = { user, currency, payment };
    if (status === 'succeeded') {
      const text = reason ? `Refund: ${reason}` : 'Refund';
      this.ledger.book({ ...common, id: `refund:${id}`, amount: -amount, kind: 'refund', contra, text });
      if (credit)
        this.ledger.book({
          ...common,
          id: `credit:${id}`,
          amount,
          kind: 'credit',
          contra: 'revenue',
          text: 'Charge taken back with a refund',
        });
    } else if (this.ledger.has(`refund:${id}`)) {
      // A bank may send a refund back days after it succeeded.
      this.ledger.book({ ...common, id: `refund-failed:${id}`, amount, kind: 'refund', contra, text: 'Refund failed' });
      if (credit)
        this.ledger.book({
          ...common,
          id: `credit-back:${id}`,
          amount: -amount,
          kind: 'credit',
          contra: 'revenue',
          text: 'Charge stands: its refund failed',
        });
    }
    this.context.db.update('refunds', id, { status, stripe });
    this.invoices.settle(user, currency);
  }
}
