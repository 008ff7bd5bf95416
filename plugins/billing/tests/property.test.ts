import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WriteRecording } from '@sodium/sdk/testing';
import { countHours, type UsageDay } from '../src/server/usage.js';
import type { Payment } from '../src/shapes.js';
import { DAY, invoices, ledger, type OpenBilling } from './open-billing.js';
import { expectSound } from './states.js';
import { step, USERS } from './steps.js';
import { Story } from './story.js';

const RUNS = Number(process.env.BILLING_RUNS ?? 12);
let story: Story;
let billing: OpenBilling;
let writes: WriteRecording;

beforeAll(async () => {
  story = await Story.begin();
  ({ billing } = story);
  writes = await billing.plugin.recordWrites();
}, 120_000);
afterAll(() => billing?.[Symbol.asyncDispose]());

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
  const metered = [...story.hours.values()].filter((cycle) => cycle === 'hourly').length;
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
          await story.take(action);
          writes.replay((state) => expectSound(state, story.heard));
        }
        await checkBooks();
        // Once everything works again, one round of the tasks finds all that was lost on the way.
        billing.stripe.broken = null;
        await billing.plugin.kill();
        for (const delivery of [...story.owed]) await story.deliverTwice(delivery);
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
        writes.replay((state) => expectSound(state, story.heard));
        // Nobody pays an invoice on two pages.
        const pages = (await billing.plugin.documents('payments', { status: 'succeeded', method: 'stripe' })).filter(({ invoice }) => invoice); // prettier-ignore
        expect(new Set(pages.map(({ invoice }) => invoice)).size).toBe(pages.length);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
);
