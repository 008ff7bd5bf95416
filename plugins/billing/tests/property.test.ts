import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WriteRecording } from '@sodium/sdk/testing';
import { countHours, type UsageDay } from '../src/server/usage.js';
import type { Cycle, Payment } from '../src/shapes.js';
import {
  addPlan,
  DAY,
  deliver,
  HOUR,
  invoices,
  ledger,
  manualPayment,
  openBilling,
  type OpenBilling,
} from './open-billing.js';
import { expectSound, type Heard } from './states.js';

const USERS = ['ann', 'ben'];
const RUNS = Number(process.env.BILLING_RUNS ?? 12);

interface Delivery {
  id: string;
  payload: string;
  /** The object at Stripe that it is about. */
  about: { [field: string]: unknown };
}

type Step =
  | { do: 'subscribe'; user: string; plan: number }
  | { do: 'cancel' | 'topup' | 'payInvoice' | 'payPage' | 'use' | 'manual' | 'refund'; user: string }
  | { do: 'event'; type: string; pick: number; again: boolean }
  | { do: 'pass'; hours: number }
  | { do: 'cron'; name: string }
  | { do: 'break'; how: 'before' | 'after' }
  | { do: 'kill'; once: 'asked' | 'written' }
  | { do: 'void' }
  | { do: 'byHand' | 'bounce'; pick: number }
  | { do: 'together'; steps: readonly Step[] };

const user = fc.constantFrom(...USERS);
const request: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('subscribe' as const), user, plan: fc.nat(2) }),
  fc.record({ do: fc.constantFrom('topup', 'payInvoice', 'payPage', 'payPage', 'manual', 'refund', 'cancel'), user }) as fc.Arbitrary<Step>, // prettier-ignore
  fc.record({
    do: fc.constant('event' as const),
    type: fc.constantFrom('checkout.session.completed', 'checkout.session.completed', 'checkout.session.expired', 'refund.created', 'charge.refunded'), // prettier-ignore
    pick: fc.nat(20),
    again: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('byHand' as const, 'bounce' as const), pick: fc.nat(20) }),
  fc.record({ do: fc.constant('cron' as const), name: fc.constantFrom('cycle', 'cycle', 'review', 'reconcile') }),
  fc.record({ do: fc.constant('void' as const) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: request },
  fc.record({ do: fc.constant('together' as const), steps: fc.array(request, { minLength: 2, maxLength: 3 }) }),
  fc.record({ do: fc.constant('use' as const), user }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(1, 25, 24 * 20) }),
  fc.record({ do: fc.constant('break' as const), how: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ do: fc.constant('kill' as const), once: fc.constantFrom('asked' as const, 'written' as const) }),
);

let billing: OpenBilling;
let plans: string[];
/** Delivered before: Stripe repeats itself. */
let sent: Delivery[];
/** Not accepted: Stripe will try again. */
let owed: Set<Delivery>;
let heard: Heard;
let writes: WriteRecording;
/** The hours in which somebody's server ran, with the cycle of the plan that they had when that was first seen. */
let hours: Map<string, Cycle>;
/** The pages that somebody was sent to. */
let seen: Set<unknown>;

beforeAll(async () => {
  const servers = USERS.map((owner) => ({ id: `server-${owner}`, name: owner, owner, state: 'running' as const }));
  const users = [...USERS.map((username) => ({ username })), { username: 'root', role: 'admin' as const }];
  billing = await openBilling({ users, servers });
  plans = [];
  for (const plan of [{ price: 999 }, { price: 2500 }, { price: 3, cycle: 'hourly' as const }])
    plans.push((await addPlan(billing, { ...plan, name: `Plan ${plan.price}` })).id);
  sent = [];
  owed = new Set();
  heard = new Map();
  hours = new Map();
  writes = await billing.plugin.recordWrites();
  seen = new Set();
}, 120_000);
afterAll(() => billing?.[Symbol.asyncDispose]());

async function take(action: Step): Promise<void> {
  const { plugin, stripe } = billing;
  switch (action.do) {
    case 'subscribe':
      return void (await plugin.post('/subscription', { plan: plans[action.plan] }, action));
    case 'cancel':
      return void (await plugin.delete('/subscription', action));
    case 'topup':
      return openPage({ kind: 'topup', amount: 1234 }, action.user);
    case 'payInvoice': {
      const open = (await plugin.get('/invoices', action)).body.items.find(({ due }: { due: number }) => due > 0);
      return open && openPage({ kind: 'invoice', invoice: open.id }, action.user);
    }
    case 'payPage':
      return void payPage();
    case 'use':
      return use(action.user);
    case 'manual': {
      const id = crypto.randomUUID();
      return void (await Promise.all([manualPayment(billing, action.user, 500, { id }), manualPayment(billing, action.user, 500, { id })])); // prettier-ignore
    }
    case 'refund': {
      const all = (await plugin.get('/admin/transactions', { user: 'root' })).body.items;
      const found = all.find(({ refundable }: { refundable: number }) => refundable > 0);
      const refund = { id: crypto.randomUUID(), payment: found?.payment, amount: 100, credit: found?.amount > 600 };
      return found && void (await plugin.post('/admin/refunds', refund, { user: 'root' }));
    }
    case 'event':
      return send(action);
    case 'pass':
      return billing.advance(action.hours * HOUR);
    case 'cron':
      return runCron(action.name);
    case 'byHand':
    case 'bounce':
      return action.do === 'byHand' ? refundByHand(action.pick) : bounce(action.pick);
    case 'together':
      return void (await Promise.all(action.steps.map(take)));
    case 'break':
      return void (stripe.broken = action.how);
    case 'void': {
      const open = (await invoices(billing)).find(({ status }) => status === 'open');
      return open && void (await plugin.post(`/admin/invoices/${open.id}/void`, {}, { user: 'root' }));
    }
    case 'kill':
      return kill(action.once);
  }
}

/** What somebody who was sent to a page does there. */
function payPage(): string | null {
  const page = [...billing.stripe.sessions.values()].find(({ status, url }) => status === 'open' && seen.has(url));
  if (!page) return null;
  billing.stripe.pay(String(page.id));
  return String(page.id);
}

/** Ends the process when Stripe has just said that somebody has paid, or when the first of it has just been written. */
async function kill(once: 'asked' | 'written'): Promise<void> {
  const { plugin, stripe } = billing;
  await openPage({ kind: 'topup', amount: 777 }, 'ann');
  const paid = payPage();
  if (!paid) return plugin.kill();
  const { id, payload } = stripe.event('checkout.session.completed', { id: paid });
  heard.set(id, entriesOf(stripe.sessions.get(paid)!));
  const answered = stripe.answered();
  let flying = true;
  const flight = deliver(billing, payload).catch(() => null).finally(() => (flying = false)); // prettier-ignore
  await Promise.race([answered, flight]);
  while (once === 'written' && flying && (await plugin.documents('stripe_events', { id })).length === 0);
  await plugin.kill();
  await flight;
}

async function use(user: string): Promise<void> {
  const { subscription } = (await billing.plugin.get('/plans', { user })).body;
  const hour = `${user} ${Math.floor(billing.now() / HOUR)}`;
  if (subscription && !hours.has(hour)) hours.set(hour, subscription.cycle);
  await billing.plugin.reportUsage(`server-${user}`, { cpu: 5 });
}

async function runCron(name: string): Promise<void> {
  await billing.plugin.runCron(name).catch((error: Error) => {
    if (!error.message.includes('is running already')) throw error;
  });
}

/** In Stripe's dashboard; the panel hears of it from Stripe alone. */
async function refundByHand(pick: number): Promise<void> {
  const { sessions } = billing.stripe;
  const session = nth([...sessions.values()].filter(({ payment_intent }) => payment_intent), pick); // prettier-ignore
  if (!session) return;
  const refund = billing.stripe.refundByHand(String(session.payment_intent), 7);
  if (!('error' in refund)) await deliverTwice({ ...billing.stripe.event('refund.created', refund), about: refund });
}

/** A bank sends a refund back, days after it succeeded. */
async function bounce(pick: number): Promise<void> {
  const refund = nth([...billing.stripe.refunds.values()].filter(({ status }) => status === 'succeeded'), pick); // prettier-ignore
  if (!refund) return;
  refund.status = 'failed';
  await deliverTwice({ ...billing.stripe.event('refund.failed', refund), about: refund });
}

const nth = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];

/** Asked for twice at once, as impatient people do. */
async function openPage(target: object, user: string): Promise<void> {
  const asks = target && 'invoice' in target ? [1, 2] : [1];
  const answers = await Promise.all(asks.map(() => billing.plugin.post('/checkout', target, { user })));
  for (const { status, body } of answers) if (status === 201) seen.add(body.url);
}

async function send({ type, pick, again }: Step & { do: 'event' }): Promise<void> {
  const { stripe } = billing;
  const object = nth([...(type.startsWith('refund') ? stripe.refunds : stripe.sessions).values()], pick);
  if (!object) return;
  const named = type === 'charge.refunded' ? { id: 'ch_1', payment_intent: object.payment_intent } : { id: object.id };
  const repeated = again ? nth(sent, pick) : undefined;
  await deliverTwice(repeated ?? { ...stripe.event(type, named), about: type === 'charge.refunded' ? named : object });
}

async function deliverTwice(delivery: Delivery): Promise<void> {
  const { id, payload, about } = delivery;
  if ((await billing.plugin.documents('stripe_events', { id })).length === 0) heard.set(id, entriesOf(about));
  sent.push(delivery);
  owed.add(delivery);
  const answers = await Promise.all([deliver(billing, payload), deliver(billing, payload)]);
  if (answers.some(({ status }) => status === 200)) owed.delete(delivery);
}

/** What the ledger must hold once it is noted that an event about this object was applied. */
function entriesOf(about: Delivery['about']): string[] {
  const { sessions, refunds } = billing.stripe;
  const session = about.object === 'checkout.session' ? about : [...sessions.values()].find((one) => one.payment_intent === about.payment_intent); // prettier-ignore
  if (session?.payment_status !== 'paid') return [];
  const told = about.object === 'checkout.session' ? [] : about.object === 'refund' ? [about] : [...refunds.values()].filter((one) => one.payment_intent === about.payment_intent); // prettier-ignore
  const made = told.filter(({ status }) => status === 'succeeded');
  const idOf = ({ id, metadata }: Delivery['about']): string => (metadata as { refund?: string }).refund ?? String(id);
  return [`payment:${String(session.client_reference_id)}`, ...made.map((refund) => `refund:${idOf(refund)}`)];
}

/** What must be true at every moment, whatever happened. */
async function checkBooks(): Promise<void> {
  const [entries, bills] = [await ledger(billing), await invoices(billing)];
  const { plugin, stripe } = billing;
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(bills.map(({ number }) => number)).toEqual(bills.map((_, i) => i + 1));
  for (const { id, total, status, lines } of bills) {
    expect(lines.reduce((sum, { amount }) => sum + amount, 0)).toBe(total);
    const charges = entries.filter((entry) => entry.id === `charge:${id}`);
    const usage = lines.every(({ text }) => text.startsWith('Server'));
    expect(charges.map(({ amount }) => amount)).toEqual(usage ? [] : [-total]);
    expect(entries.filter((entry) => entry.id === `void:${id}`)).toHaveLength(status === 'void' ? 1 : 0);
  }
  // Money that Stripe holds is money that the ledger knows, to the cent.
  const payments = (await plugin.documents('payments')) as unknown as (Payment & { session: string | null })[];
  const booked = (contra: string): number => entries.filter((entry) => entry.contra === contra).reduce((sum, { amount }) => sum + amount, 0); // prettier-ignore
  const known = new Set(payments.filter(({ status }) => status === 'succeeded').map(({ session }) => session));
  const paid = [...stripe.sessions.values()].filter(({ id, payment_status }) => known.has(String(id)) && payment_status === 'paid'); // prettier-ignore
  expect(known.size).toBe(paid.length + (known.has(null) ? 1 : 0));
  const refunds = (await plugin.documents('refunds', { status: 'succeeded' })).filter(({ stripe: id }) => id !== null);
  const sum = (list: { [field: string]: unknown }[]): number => list.reduce((all, one) => all + Number(one.amount ?? one.amount_total), 0); // prettier-ignore
  expect(booked('stripe')).toBe(sum(paid) - sum(refunds));
  for (const name of USERS) {
    const own = entries.filter((entry) => entry.user === name);
    const { body } = await plugin.get('/summary', { user: name });
    expect(body.balance).toBe(own.reduce((all, { amount }) => all + amount, 0));
  }
}

/** What must be true once everything that was lost on the way has been made up for. */
async function checkSettled(): Promise<void> {
  const entries = await ledger(billing);
  const total = (kind: string): number => entries.filter((entry) => entry.kind === kind && entry.contra !== 'manual').reduce((sum, { amount }) => sum + amount, 0); // prettier-ignore
  const made = [...billing.stripe.refunds.values()].filter(({ status }) => status === 'succeeded');
  expect(total('refund')).toBe(0 - made.reduce((sum, { amount }) => sum + Number(amount), 0));
  const metered = [...hours.values()].filter((cycle) => cycle === 'hourly').length;
  const waiting = await billing.plugin.documents<UsageDay>('usage', { booked: false });
  const accrued = waiting.reduce((sum, day) => sum + countHours(day.hours) * day.price, 0);
  expect(accrued - total('usage')).toBe(metered * 3);
}

test(
  'whatever happens in whatever order, the books agree with Stripe and nobody pays twice',
  { timeout: 400_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        for (const action of steps) {
          await take(action);
          writes.replay((state) => expectSound(state, heard));
        }
        await checkBooks();
        // Once everything works again, one round of the tasks finds all that was lost on the way.
        billing.stripe.broken = null;
        await billing.plugin.kill();
        for (const delivery of [...owed]) await deliverTwice(delivery);
        for (const name of ['reconcile', 'cycle', 'review', 'cycle']) await billing.plugin.runCron(name);
        await billing.advance(2 * DAY);
        await billing.plugin.runCron('reconcile');
        await checkBooks();
        const paid = [...billing.stripe.sessions.values()].filter((one) => one.payment_status === 'paid');
        const credited = (await ledger(billing)).filter(
          ({ kind, contra }) => kind === 'payment' && contra === 'stripe',
        );
        expect(credited).toHaveLength(paid.length);
        await checkSettled();
        writes.replay((state) => expectSound(state, heard));
        // Nobody pays an invoice on two pages.
        const pages = (await billing.plugin.documents('payments', { status: 'succeeded', method: 'stripe' })).filter(({ invoice }) => invoice); // prettier-ignore
        expect(new Set(pages.map(({ invoice }) => invoice)).size).toBe(pages.length);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
);
