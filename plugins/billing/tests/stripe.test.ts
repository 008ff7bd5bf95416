import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import Stripe from 'stripe';
import {
  addPlan,
  balance,
  deliver,
  HOUR,
  invoices,
  ledger,
  openBilling,
  SECRET,
  type OpenBilling,
} from './open-billing.js';

let billing: OpenBilling;

beforeAll(async () => {
  billing = await openBilling();
  await addPlan(billing, { price: 1000 });
}, 120_000);
afterAll(() => billing?.[Symbol.asyncDispose]());

async function checkout(target: object, user = 'ann'): Promise<{ payment: string; session: string }> {
  const { plugin, stripe } = billing;
  const { status, body, text } = await plugin.post('/checkout', target, { user });
  expect(status, text).toBe(201);
  const session = [...stripe.sessions.values()].find(
    ({ client_reference_id }) => client_reference_id === body.payment,
  )!;
  expect(body.url).toBe(session.url);
  return { payment: body.payment, session: String(session.id) };
}

const sessionEvent = (type: string, id: string): { id: string; payload: string } =>
  billing.stripe.event(`checkout.session.${type}`, { id, object: 'checkout.session', payment_status: 'unpaid' });

describe('a delivery', () => {
  const signer = new Stripe('sk_test_unused');
  const event = (): string => billing.stripe.event('customer.created', { id: 'cus_1' }).payload;
  const header = (payload: string, secret: string): string =>
    signer.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(billing.now() / 1000) });

  test('is accepted with any of several signatures, and refused without a good one', async () => {
    const payload = event();
    const [time, old] = header(payload, 'whsec_old').split(',');
    const good = header(payload, SECRET).split(',')[1];
    expect((await deliver(billing, payload, { header: `${time},${old},v0=abc,${good}` })).body.result).toBe('ignored');
    for (const bad of [
      `${time},${old}`,
      `${time},${good!.slice(0, -1)}`,
      `${time},v0${good!.slice(2)}`,
      good!,
      't=x',
      '',
    ]) {
      const answer = await deliver(billing, event(), { header: bad });
      expect([bad, answer.status, answer.body.error.code]).toEqual([bad, 400, 'INVALID_SIGNATURE']);
    }
  });

  test('is refused when its body was changed, and 300 seconds after it was signed', async () => {
    const payload = event();
    expect((await deliver(billing, `${payload} `, { header: header(payload, SECRET) })).status).toBe(400);
    expect((await deliver(billing, payload, { at: billing.now() - 302_000 })).status).toBe(400);
    expect((await deliver(billing, payload, { at: billing.now() + 302_000 })).status).toBe(400);
    expect((await deliver(billing, payload, { at: billing.now() - 295_000 })).status).toBe(200);
  });
});

test('an invoice is paid once: one page, any number of deliveries, in any order', async () => {
  const { plugin, stripe } = billing;
  const [plan] = (await plugin.get('/plans')).body.items;
  await plugin.post('/subscription', { plan: plan.id });
  const [invoice] = await invoices(billing);
  const { session } = await checkout({ kind: 'invoice', invoice: invoice!.id });
  const again = await plugin.post('/checkout', { kind: 'invoice', invoice: invoice!.id });
  expect([...stripe.sessions.keys()]).toEqual([session]);
  expect(again.body.url).toBe(stripe.sessions.get(session)!.url);

  // Heard too early: what counts is the state of the session, not what the event says.
  await deliver(billing, sessionEvent('completed', session).payload);
  expect(await balance(billing)).toBe(-1000);
  stripe.pay(session);
  const { payload } = sessionEvent('completed', session);
  const answers = await Promise.all([1, 2, 3, 4].map(() => deliver(billing, payload)));
  expect(answers.map(({ body }) => body.result).sort()).toEqual(['applied', 'known', 'known', 'known']);
  await deliver(billing, sessionEvent('async_payment_succeeded', session).payload);
  await deliver(billing, sessionEvent('expired', session).payload);
  expect((await ledger(billing)).filter(({ kind }) => kind === 'payment')).toHaveLength(1);
  expect(await balance(billing)).toBe(0);
  expect((await invoices(billing))[0]).toMatchObject({ status: 'paid' });
  expect((await plugin.post('/checkout', { kind: 'invoice', invoice: invoice!.id })).status).toBe(409);
  expect(stripe.calls.filter(({ method }) => method === 'POST').every(({ key }) => key)).toBe(true);
});

test('an event whose object cannot be asked for is not applied, so that Stripe tries again', async () => {
  const { stripe } = billing;
  const { session } = await checkout({ kind: 'topup', amount: 700 });
  stripe.pay(session);
  const { id, payload } = sessionEvent('completed', session);
  stripe.broken = 'before';
  expect((await deliver(billing, payload)).status).toBeGreaterThanOrEqual(500);
  expect(await billing.plugin.documents('stripe_events', { id })).toEqual([]);
  stripe.broken = null;
  await billing.plugin.kill();
  expect((await deliver(billing, payload)).body.result).toBe('applied');
  expect(await balance(billing)).toBe(700);
});

test('what no webhook told is found by asking, and shown to the user who comes back', async () => {
  const { plugin, stripe } = billing;
  const first = await checkout({ kind: 'topup', amount: 100 });
  stripe.pay(first.session);
  expect((await plugin.get(`/payments/${first.payment}`)).body.status).toBe('succeeded');
  const second = await checkout({ kind: 'topup', amount: 200 });
  stripe.pay(second.session);
  await plugin.runCron('reconcile');
  expect(await balance(billing)).toBe(1000);
  expect((await plugin.get(`/payments/${second.payment}`, { user: 'root' })).status).toBe(404);
});

test('a refund is made once, whatever breaks on the way, and may be heard of before its payment', async () => {
  const { plugin, stripe } = billing;
  const { payment, session } = await checkout({ kind: 'topup', amount: 5000 });
  stripe.pay(session);
  const intent = String(stripe.sessions.get(session)!.payment_intent);

  // In Stripe's dashboard, heard of before the payment.
  const byHand = stripe.refundByHand(intent, 500);
  const heard = await deliver(billing, stripe.event('refund.created', byHand).payload);
  expect(heard.body, JSON.stringify([heard.body, plugin.logs])).toMatchObject({ result: 'applied' });
  expect(await balance(billing)).toBe(1000 + 5000 - 500);
  await deliver(billing, stripe.event('charge.refunded', { id: 'ch_1', payment_intent: intent }).payload);
  expect(await balance(billing)).toBe(5500);

  // By the admin: Stripe does it, but its answer is lost.
  const refund = { id: crypto.randomUUID(), payment, amount: 2000, reason: 'Downtime' };
  stripe.broken = 'after';
  expect((await plugin.post('/admin/refunds', refund, { user: 'root' })).status).toBe(502);
  stripe.broken = null;
  await plugin.kill();
  expect((await plugin.post('/admin/refunds', refund, { user: 'root' })).body).toMatchObject({ status: 'succeeded' });
  await plugin.runCron('reconcile');
  expect(stripe.refunds.size).toBe(2);
  expect(await balance(billing)).toBe(3500);

  // Days later the bank sends it back.
  const made = [...stripe.refunds.values()].at(-1)!;
  made.status = 'failed';
  await deliver(billing, stripe.event('refund.failed', made).payload);
  await deliver(billing, stripe.event('refund.updated', made).payload);
  expect(await balance(billing)).toBe(5500);

  const tooMuch = await plugin.post(
    '/admin/refunds',
    { ...refund, id: crypto.randomUUID(), amount: 4501 },
    { user: 'root' },
  );
  expect(tooMuch.body.error.code).toBe('REFUND_TOO_LARGE');
});

test('what Stripe refuses is told to the user, and the key is told to nobody', async () => {
  const { plugin, stripe } = billing;
  const refused = await plugin.post('/checkout', { kind: 'topup', amount: 10 });
  expect([refused.status, refused.body.error.code]).toEqual([502, 'STRIPE_FAILED']);
  expect(refused.body.error.message).toMatch(/at least \$0\.50/);
  await billing.advance(HOUR);
  await plugin.runCron('reconcile');
  expect(await plugin.documents('payments', { status: 'pending' })).toEqual([]);
  await plugin.setConfig({ stripe_key: 'sk_test_of_somebody_else' });
  const unknown = await plugin.post('/checkout', { kind: 'topup', amount: 1000 });
  expect(unknown.body.error.message).toMatch(/does not accept this panel’s key\. An administrator/);
  expect(JSON.stringify(plugin.logs)).toContain('Invalid API Key.');
  const said = JSON.stringify([plugin.logs, refused.body, unknown.body]);
  expect(said).not.toContain(stripe.key);
  expect(said).not.toContain(SECRET);
});
