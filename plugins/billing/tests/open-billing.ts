import Stripe from 'stripe';
import { testPlugin, type RouteAnswer, type TestPlugin, type TestPluginOptions } from '@sodium/sdk/testing';
import type { Entry, Invoice, Plan } from '../src/shapes.js';
import { StripeServer } from './stripe-server.js';

export const SECRET = 'whsec_test_secret';
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The plugin in the real sandbox, with Stripe on this machine. */
export interface OpenBilling extends AsyncDisposable {
  plugin: TestPlugin;
  stripe: StripeServer;
  /** What the plugin's clock says, within a second. */
  now(): number;
  advance(ms: number): Promise<void>;
}

export async function openBilling(options: Partial<TestPluginOptions> = {}): Promise<OpenBilling> {
  const stripe = await StripeServer.open();
  const start = options.now ?? '2026-03-01T00:00:00Z';
  const plugin = await testPlugin({
    directory: new URL('..', import.meta.url),
    ...options,
    now: start,
    settings: {
      stripe_key: stripe.key,
      stripe_webhook_secret: SECRET,
      stripe_api_base: stripe.url,
      ...options.settings,
    },
  });
  await plugin.setTime(start);
  let offset = new Date(start).getTime() - Date.now();
  const advance = async (ms: number): Promise<void> => {
    offset += ms;
    await plugin.setTime(Date.now() + offset);
  };
  const dispose = async (): Promise<void> => {
    await plugin.dispose();
    await stripe.close();
  };
  return { plugin, stripe, now: () => Date.now() + offset, advance, [Symbol.asyncDispose]: dispose };
}

const signer = new Stripe('sk_test_unused');

/** Delivers an event, signed by Stripe's own library. */
export async function deliver(
  { plugin, now }: OpenBilling,
  payload: string,
  { secret = SECRET, at, header }: { secret?: string; at?: number; header?: string } = {},
): Promise<RouteAnswer> {
  const timestamp = Math.floor((at ?? now()) / 1000);
  const signature = header ?? signer.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const headers = { 'stripe-signature': signature, 'content-type': 'application/json' };
  return plugin.post('/webhooks/stripe', payload, { user: null, headers });
}

export async function addPlan({ plugin }: OpenBilling, plan: Partial<Plan> = {}): Promise<Plan> {
  const answer = await plugin.post('/admin/plans', { name: 'Small', price: 1000, ...plan }, { user: 'root' });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body as Plan;
}

export const manualPayment = (
  { plugin }: OpenBilling,
  user: string,
  amount: number,
  more: object = {},
): Promise<RouteAnswer> =>
  plugin.post('/admin/payments', { id: crypto.randomUUID(), user, amount, ...more }, { user: 'root' });

export const ledger = ({ plugin }: OpenBilling): Promise<Entry[]> =>
  plugin.documents('ledger') as unknown as Promise<Entry[]>;
export const invoices = ({ plugin }: OpenBilling): Promise<Invoice[]> =>
  plugin.documents('invoices') as unknown as Promise<Invoice[]>;

export async function balance({ plugin }: OpenBilling, user = 'ann'): Promise<number> {
  return (await plugin.get('/summary', { user })).body.balance;
}
