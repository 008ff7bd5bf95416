import * as z from 'zod';
import type { Context } from './context.js';

const API_VERSION = '2024-06-20';
const DEFAULT_BASE = 'https://api.stripe.com';

/** An expanded object or its id. */
const reference = z
  .union([z.string(), z.looseObject({ id: z.string() })])
  .nullish()
  .transform((value) => (typeof value === 'object' && value !== null ? value.id : (value ?? null)));
const metadata = z.record(z.string(), z.string()).nullish();

export const sessionSchema = z.looseObject({
  id: z.string(),
  url: z.string().nullish(),
  status: z.enum(['open', 'complete', 'expired']).nullish(),
  payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
  amount_total: z.int().nullish(),
  currency: z.string().nullish(),
  client_reference_id: z.string().nullish(),
  payment_intent: reference,
  metadata,
});
export type StripeSession = z.infer<typeof sessionSchema>;

export const refundSchema = z.looseObject({
  id: z.string(),
  amount: z.int().min(0),
  currency: z.string(),
  status: z.string().nullish(),
  payment_intent: reference,
  failure_reason: z.string().nullish(),
  metadata,
});
export type StripeRefund = z.infer<typeof refundSchema>;

const sessionListSchema = z.looseObject({ data: z.array(sessionSchema) });
const refundListSchema = z.looseObject({ data: z.array(refundSchema) });
const errorSchema = z.looseObject({
  error: z.looseObject({ message: z.string().optional(), code: z.string().optional(), type: z.string().optional() }),
});

/** Stripe answered, and refused. Without one of these nobody knows whether a request had an effect. */
export class StripeRefusal extends Error {
  override readonly name = 'StripeRefusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** Asking again with the same key may lead to another answer. */
  get mayPass(): boolean {
    return this.status === 409 || this.status === 429 || this.status >= 500;
  }
}

export interface CheckoutRequest {
  payment: string;
  amount: number;
  currency: string;
  title: string;
  email: string;
  successUrl: string;
  cancelUrl: string;
}

/** The few calls of Stripe's HTTP API that are needed. Every one that changes something carries an idempotency key. */
export class StripeApi {
  constructor(readonly context: Pick<Context, 'config'>) {}

  get configured(): boolean {
    return Boolean(this.context.config.get('stripe_key'));
  }

  async createSession(request: CheckoutRequest): Promise<StripeSession> {
    const form = {
      mode: 'payment',
      client_reference_id: request.payment,
      customer_email: request.email,
      success_url: request.successUrl,
      cancel_url: request.cancelUrl,
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': request.currency.toLowerCase(),
      'line_items[0][price_data][unit_amount]': String(request.amount),
      'line_items[0][price_data][product_data][name]': request.title,
      'metadata[payment]': request.payment,
      'payment_intent_data[metadata][payment]': request.payment,
    };
    return sessionSchema.parse(await this.#post('/v1/checkout/sessions', form, `checkout-${request.payment}`));
  }

  async session(id: string): Promise<StripeSession> {
    return sessionSchema.parse(await this.#get(`/v1/checkout/sessions/${encodeURIComponent(id)}`));
  }

  /** The session that a payment was made in, for what speaks of the payment alone. */
  async sessionOf(intent: string): Promise<StripeSession | null> {
    const path = `/v1/checkout/sessions?limit=1&payment_intent=${encodeURIComponent(intent)}`;
    return sessionListSchema.parse(await this.#get(path)).data[0] ?? null;
  }

  async expireSession(id: string): Promise<StripeSession> {
    const path = `/v1/checkout/sessions/${encodeURIComponent(id)}/expire`;
    return sessionSchema.parse(await this.#post(path, {}, `expire-${id}`));
  }

  async createRefund(refund: { id: string; intent: string; amount: number }): Promise<StripeRefund> {
    const form = { payment_intent: refund.intent, amount: String(refund.amount), 'metadata[refund]': refund.id };
    return refundSchema.parse(await this.#post('/v1/refunds', form, `refund-${refund.id}`));
  }

  async refund(id: string): Promise<StripeRefund> {
    return refundSchema.parse(await this.#get(`/v1/refunds/${encodeURIComponent(id)}`));
  }

  async refundsOf(intent: string): Promise<StripeRefund[]> {
    const path = `/v1/refunds?limit=100&payment_intent=${encodeURIComponent(intent)}`;
    return refundListSchema.parse(await this.#get(path)).data;
  }

  #get(path: string): Promise<unknown> {
    return this.#send(path, { method: 'GET', headers: {} });
  }

  #post(path: string, form: Record<string, string>, idempotencyKey: string): Promise<unknown> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': idempotencyKey };
    return this.#send(path, { method: 'POST', headers, body: new URLSearchParams(form).toString() });
  }

  async #send(
    path: string,
    init: { method: string; headers: Record<string, string>; body?: string },
  ): Promise<unknown> {
    const { config } = this.context;
    const base = (config.get<string>('stripe_api_base') || DEFAULT_BASE).replace(/\/+$/, '');
    const authorization = `Bearer ${config.get<string>('stripe_key')}`;
    const headers = { ...init.headers, authorization, 'stripe-version': API_VERSION, accept: 'application/json' };
    // A redirect would carry the key elsewhere.
    const response = await fetch(base + path, { ...init, headers, redirect: 'error' });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok) return body;
    const { data } = errorSchema.safeParse(body);
    const message = data?.error.message ?? `Stripe answered with status ${response.status}.`;
    throw new StripeRefusal(response.status, data?.error.code ?? data?.error.type ?? 'unknown', message);
  }
}
