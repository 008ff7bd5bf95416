import * as z from 'zod';
import { DAY_MS } from '../periods.js';
import { Fault, type Context } from './context.js';
import type { Payments } from './payments.js';
import { StripeRefusal, type StripeApi, type StripeRefund } from './stripe-api.js';
import { checkSignature } from './stripe-signature.js';

const eventSchema = z.looseObject({
  id: z.string().min(1).max(255),
  type: z.string().max(100),
  data: z.looseObject({ object: z.looseObject({ id: z.string().max(255), payment_intent: z.unknown().optional() }) }),
});
type StripeEvent = z.infer<typeof eventSchema>;

/** Stripe repeats deliveries for three days. What came later would be without effect all the same. */
const KEPT_DAYS = 30;
const KNOWN: Received = { result: 'known', users: [] };

/** Returns the users whose money it moved. */
type Effect = () => string[];

export interface Received {
  result: 'applied' | 'known' | 'ignored';
  users: string[];
}

/**
 * Deliveries of Stripe. They come late, twice and in any order, so a delivery only says what to look at: the object is
 * asked for anew, and its present state and the event's id are written together, without a wait in between.
 */
export class StripeEvents {
  constructor(
    readonly context: Pick<Context, 'db' | 'now' | 'config' | 'logger'>,
    readonly parts: { payments: Payments; stripe: StripeApi },
  ) {
    context.db.registerCollections(['stripe_events']);
  }

  /** Rejects with a fault for what is not Stripe's, and with another error when Stripe shall try again. */
  async receive(header: string | undefined, body: Uint8Array): Promise<Received> {
    const secret = this.context.config.get<string | undefined>('stripe_webhook_secret');
    if (!secret) throw new Fault(503, 'WEBHOOK_NOT_SET_UP', 'The signing secret of the webhook is not set.');
    const result = await checkSignature(header, body, secret, this.context.now());
    if (!result.ok) throw new Fault(400, 'INVALID_SIGNATURE', `The delivery was refused: ${result.reason}.`);
    const event = parseEvent(body);
    if (this.#applied(event.id)) return KNOWN;
    const effect = await this.#effectOf(event);
    // Two deliveries of one event may have come this far together.
    if (this.#applied(event.id)) return KNOWN;
    const users = effect?.() ?? [];
    this.context.db.insert('stripe_events', { id: event.id, type: event.type, at: this.context.now() });
    return { result: effect ? 'applied' : 'ignored', users };
  }

  prune(): void {
    const oldest = this.context.now() - KEPT_DAYS * DAY_MS;
    for (const { id } of this.context.db.find('stripe_events', { at: { $lt: oldest } }))
      this.context.db.delete('stripe_events', id);
  }

  #applied(id: string): boolean {
    return this.context.db.get('stripe_events', id) !== null;
  }

  async #effectOf({ type, data: { object } }: StripeEvent): Promise<Effect | null> {
    try {
      if (type.startsWith('checkout.session.')) return await this.#sessionEffect(type, object.id);
      if (/^(refund\.|charge\.refund\.)/.test(type)) return await this.#refundEffect(object.id);
      if (type === 'charge.refunded') return await this.#refundsEffect(object.payment_intent);
      return null;
    } catch (error) {
      if (!(error instanceof StripeRefusal) || error.status !== 404) throw error;
      this.context.logger.warn(
        `Stripe does not know the "${object.id}" of an event; the key and the webhook may be of different accounts.`,
      );
      return null;
    }
  }

  async #sessionEffect(type: string, id: string): Promise<Effect> {
    const session = await this.parts.stripe.session(id);
    return () => {
      const payment = this.parts.payments.applySession(session);
      // The session does not tell that a delayed payment failed; nothing but this event does.
      if (payment && type === 'checkout.session.async_payment_failed') this.parts.payments.fail(payment.id);
      return payment ? [payment.user] : [];
    };
  }

  async #refundEffect(id: string): Promise<Effect> {
    const refund = await this.parts.stripe.refund(id);
    return this.#apply(refund.payment_intent, [refund]);
  }

  async #refundsEffect(intent: unknown): Promise<Effect | null> {
    if (typeof intent !== 'string') return null;
    return this.#apply(intent, await this.parts.stripe.refundsOf(intent));
  }

  /** A refund may be heard of before its payment: then the payment is looked up too. */
  async #apply(intent: string | null, refunds: readonly StripeRefund[]): Promise<Effect> {
    const { payments, stripe } = this.parts;
    if (intent === null) return () => [];
    const unheard = payments.find({ intent }).length === 0;
    const session = unheard ? await stripe.sessionOf(intent) : null;
    return () => {
      if (session) payments.applySession(session);
      for (const refund of refunds) payments.applyRefund(refund);
      return payments.find({ intent }).map(({ user }) => user);
    };
  }
}

function parseEvent(body: Uint8Array): StripeEvent {
  try {
    return eventSchema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw new Fault(400, 'INVALID_EVENT', 'The delivery is signed, but is no event of Stripe.');
  }
}
