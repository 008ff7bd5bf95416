import { formatMoney } from '../money.js';
import { HOUR_MS } from '../periods.js';
import { currencyOf, Fault, type Context } from './context.js';
import type { Invoices } from './invoices.js';
import type { Payments, StoredPayment, StoredRefund } from './payments.js';
import { StripeRefusal, type StripeApi } from './stripe-api.js';
import type { CustomerInfo } from './subscriptions.js';

/** A payment without a session: the panel ended before Stripe had answered, so nobody can have paid it. */
const FORGOTTEN_MS = HOUR_MS;
/** Stripe's keys are forgotten after a day. */
const KEYS_KEPT_MS = 23 * HOUR_MS;
const CHECKED_AT_ONCE = 50;

export type CheckoutTarget = { kind: 'topup'; amount: number } | { kind: 'invoice'; invoice: string };

interface OpenPage {
  payment: string;
  url: string;
}

interface Quote {
  amount: number;
  currency: string;
  invoice: string | null;
  title: string;
}

/** Everything that talks with Stripe on its own account: opening payments, asking how they stand, paying back. */
export class Checkout {
  /** Invoices whose page is being opened: two requests at once must not open two. */
  readonly #opening = new Set<string>();

  constructor(
    readonly context: Pick<Context, 'db' | 'now' | 'config' | 'logger'>,
    readonly parts: { payments: Payments; invoices: Invoices; stripe: StripeApi },
  ) {}

  /** The address of Stripe's page to pay at. */
  async begin(customer: CustomerInfo, target: CheckoutTarget, origin: string): Promise<OpenPage> {
    const { stripe } = this.parts;
    if (!stripe.configured)
      throw new Fault(409, 'NO_ONLINE_PAYMENT', 'Payment by Stripe is not set up. Ask an administrator how to pay.');
    const { amount, currency, invoice, title } = this.#quote(customer, target);
    if (invoice === null) return this.#open(customer, { amount, currency, invoice, title }, origin);
    if (this.#opening.has(invoice))
      throw new Fault(
        409,
        'PAYMENT_OPENING',
        `The page to pay invoice ${invoice} is being opened. Try again in a moment.`,
      );
    this.#opening.add(invoice);
    try {
      return (
        (await this.#reuse(invoice, amount)) ??
        (await this.#open(customer, { amount, currency, invoice, title }, origin))
      );
    } finally {
      this.#opening.delete(invoice);
    }
  }

  async #open(customer: CustomerInfo, { amount, currency, invoice, title }: Quote, origin: string): Promise<OpenPage> {
    const { stripe, payments } = this.parts;
    const { id: user, username, email } = customer;
    const id = crypto.randomUUID();
    const payment = payments.open({ id, user, username, amount, currency, method: 'stripe', note: title, invoice });
    const back = `${origin}/billing?payment=${id}`;
    const session = await stripe
      .createSession({
        payment: payment.id,
        amount,
        currency,
        title,
        email,
        successUrl: back,
        cancelUrl: `${back}&cancelled=1`,
      })
      .catch((error: unknown) => this.#refused(payment.id, error));
    if (!session.url) throw new Fault(502, 'STRIPE_FAILED', 'Stripe answered without an address to pay at. Try again.');
    payments.change(id, { session: session.id, sessionUrl: session.url });
    return { payment: id, url: session.url };
  }

  /** Asks Stripe how a payment stands, for a user who came back before the webhook did. */
  async refresh(payment: StoredPayment): Promise<StoredPayment> {
    if (payment.status !== 'pending' || !payment.session) return payment;
    const session = await this.parts.stripe.session(payment.session);
    return this.parts.payments.applySession(session) ?? payment;
  }

  /** Ends the pages for invoices that have been paid in another way, so that nobody pays them again. */
  async closeObsolete(): Promise<void> {
    const { payments, invoices } = this.parts;
    for (const payment of payments.find({ status: 'pending' }))
      if (payment.session && payment.invoice && invoices.get(payment.invoice)?.status !== 'open')
        await this.#try(() => this.#expire(payment));
  }

  /** Makes up for webhooks that never came and for crashes in between. */
  async reconcile(): Promise<void> {
    if (!this.parts.stripe.configured) return;
    const { payments } = this.parts;
    const now = this.context.now();
    for (const payment of payments.find({ status: 'pending' }).slice(0, CHECKED_AT_ONCE)) {
      if (payment.session) await this.#try(() => this.refresh(payment));
      else if (payment.createdAt < now - FORGOTTEN_MS) payments.fail(payment.id);
    }
    for (const refund of payments.pendingRefunds().slice(0, CHECKED_AT_ONCE))
      await this.#try(() => this.sendRefund(refund));
    await this.closeObsolete();
  }

  /** Asks Stripe for a refund, or how it stands. Repeating it is harmless: the key is the refund's own. */
  async sendRefund(refund: StoredRefund): Promise<void> {
    const { payments, stripe } = this.parts;
    const { intent, method } = payments.require(refund.payment);
    if (method !== 'stripe' || refund.status !== 'pending' || !intent) return;
    if (refund.stripe) return payments.applyRefund(await stripe.refund(refund.stripe));
    if (refund.createdAt < this.context.now() - KEYS_KEPT_MS) {
      const made = (await stripe.refundsOf(intent)).find(({ metadata }) => metadata?.refund === refund.id);
      return made ? payments.applyRefund(made) : payments.failRefund(refund.id);
    }
    try {
      payments.applyRefund(await stripe.createRefund({ id: refund.id, intent, amount: refund.amount }));
    } catch (error) {
      if (error instanceof StripeRefusal && !error.mayPass) payments.failRefund(refund.id);
      throw asFault(error);
    }
  }

  #quote(customer: CustomerInfo, target: CheckoutTarget): Quote {
    if (target.kind === 'topup') {
      const currency = currencyOf(this.context);
      return {
        amount: target.amount,
        currency,
        invoice: null,
        title: `Credit of ${formatMoney(target.amount, currency, 'en-US')}`,
      };
    }
    const invoice = this.parts.invoices.require(target.invoice);
    if (invoice.user !== customer.id) throw new Fault(404, 'NOT_FOUND', `There is no invoice "${target.invoice}".`);
    const amount = this.parts.invoices.due(invoice);
    if (invoice.status !== 'open' || amount === 0)
      throw new Fault(409, 'INVOICE_NOT_OPEN', `Invoice ${invoice.id} is ${invoice.status} already.`);
    return { amount, currency: invoice.currency, invoice: invoice.id, title: `Invoice ${invoice.id}` };
  }

  /** One page for each invoice: a second one could be paid too. What cannot be closed stays the only one. */
  async #reuse(invoice: string, amount: number): Promise<OpenPage | null> {
    const { payments } = this.parts;
    try {
      for (const payment of payments.find({ invoice, status: 'pending' })) {
        if (!payment.session) continue;
        const { status } = await this.refresh(payment);
        if (status === 'pending' && payment.amount === amount && payment.sessionUrl)
          return { payment: payment.id, url: payment.sessionUrl };
        if (status === 'pending') await this.#expire(payment);
        if (payments.get(payment.id)?.status === 'succeeded')
          throw new Fault(409, 'INVOICE_PAID', `A payment for invoice ${invoice} has just arrived.`);
      }
      return null;
    } catch (error) {
      throw asFault(error);
    }
  }

  async #expire(payment: StoredPayment): Promise<void> {
    const { stripe, payments } = this.parts;
    const session = await stripe.expireSession(payment.session!).catch((error: unknown) => {
      // It was paid, or had ended, a moment ago.
      if (error instanceof StripeRefusal && error.status === 400) return stripe.session(payment.session!);
      throw error;
    });
    payments.applySession(session);
  }

  #refused(payment: string, error: unknown): never {
    if (error instanceof StripeRefusal && !error.mayPass) this.parts.payments.fail(payment);
    throw asFault(error);
  }

  async #try(task: () => Promise<unknown>): Promise<void> {
    await task().catch((error: Error) => {
      this.context.logger.warn(`Stripe: ${((error.cause ?? error) as Error).message}`);
    });
  }
}

/** What the caller of a route is told. What Stripe said is its cause, for admins: it may be about this panel's account. */
function asFault(error: unknown): Fault {
  return error instanceof Fault ? error : new Fault(502, 'STRIPE_FAILED', wordsFor(error), { cause: error });
}

function wordsFor(error: unknown): string {
  if (!(error instanceof StripeRefusal)) return 'Stripe cannot be reached. Try again in a minute.';
  if (error.status === 401 || error.status === 403)
    return 'Stripe does not accept this panel’s key. An administrator has to mend it in the settings of this plugin.';
  if (error.mayPass) return 'Stripe cannot answer just now. Try again in a minute.';
  return `Stripe refused: ${error.message}`;
}
