import { afterEach, expect, test } from 'vitest';
import {
  addPlan,
  balance,
  DAY,
  HOUR,
  invoices,
  ledger,
  manualPayment,
  openBilling,
  type OpenBilling,
} from './open-billing.js';

let billing: OpenBilling;
afterEach(() => billing?.[Symbol.asyncDispose]());
const server = { id: 'web', name: 'Web', owner: 'ann', state: 'running' as const };

test(
  'an hourly plan charges each hour once, over repeats, kills and plan changes, and invoices the month',
  { timeout: 120_000 },
  async () => {
    billing = await openBilling({ servers: [server], now: '2026-01-31T20:30:00Z', settings: { currency: 'JPY' } });
    const { plugin } = billing;
    const slow = await addPlan(billing, { name: 'Slow', cycle: 'hourly', price: 7 });
    const fast = await addPlan(billing, { name: 'Fast', cycle: 'hourly', price: 20 });
    const use = async (): Promise<void> => {
      await plugin.reportUsage('web', { cpu: 10 });
      await plugin.reportUsage('web', { cpu: 90 });
    };
    await use();
    expect(await plugin.documents('usage')).toEqual([]);
    await plugin.post('/subscription', { plan: slow.id });
    await use();
    await plugin.kill();
    await use();
    await plugin.post('/subscription', { plan: fast.id });
    await use();
    expect((await plugin.get('/summary')).body).toMatchObject({
      currency: 'JPY',
      balance: 0,
      accrued: 7,
      available: -7,
    });
    await billing.advance(HOUR);
    await use();
    expect((await plugin.get('/servers/web/usage')).body).toMatchObject({ hours: 2, cost: 27 });
    expect((await plugin.fire('server:beforeStart', { server: 'web' })).denied).toMatch(/¥27 are missing/);

    await billing.advance(4 * HOUR);
    await use();
    await plugin.runCron('cycle');
    await plugin.kill();
    await plugin.runCron('cycle');
    expect(await balance(billing)).toBe(-27);
    const [invoice, ...others] = await invoices(billing);
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({ total: 27, currency: 'JPY', status: 'open' });
    expect(invoice!.lines.map(({ quantity, unitPrice }) => [quantity, unitPrice])).toEqual([[1, 7], [1, 20]]); // prettier-ignore
    expect((await plugin.get('/summary')).body).toMatchObject({ balance: -27, accrued: 20 });
    await manualPayment(billing, 'ann', 27);
    expect((await invoices(billing))[0]).toMatchObject({ status: 'paid' });
  },
);

test(
  'a monthly plan is charged in proportion, renewed once, credited when changed, and not for months off',
  { timeout: 120_000 },
  async () => {
    billing = await openBilling({ now: '2026-03-16T12:00:00Z' });
    const { plugin } = billing;
    const small = await addPlan(billing, { name: 'Small', price: 3100 });
    const large = await addPlan(billing, { name: 'Large', price: 6200 });
    await plugin.post('/subscription', { plan: small.id });
    expect(await balance(billing)).toBe(-1550);
    expect((await plugin.post('/subscription', { plan: small.id })).body.error.code).toBe('SAME_PLAN');
    await manualPayment(billing, 'ann', 10_000);
    await plugin.setTime('2026-04-01T00:00:30Z');
    await plugin.runCron('cycle');
    await plugin.runCron('cycle');
    expect(await balance(billing)).toBe(10_000 - 1550 - 3100);
    await plugin.setTime('2026-04-16T00:00:00Z');
    await plugin.post('/subscription', { plan: large.id });
    const changed = await balance(billing);
    expect(Math.abs(changed - (10_000 - 1550 - 3100 + 1550 - 3100))).toBeLessThanOrEqual(1);
    await plugin.setTime('2026-08-05T00:00:00Z');
    await plugin.runCron('cycle');
    expect(await balance(billing)).toBe(changed - 6200);
    await plugin.delete('/subscription');
    expect((await plugin.get('/plans')).body.subscription).toMatchObject({ ending: true });
    await plugin.setTime('2026-09-01T00:00:00Z');
    await plugin.runCron('cycle');
    expect((await plugin.get('/plans')).body.subscription).toBeNull();
    expect((await plugin.fire('server:beforeCreate', { user: 'ann' })).denied).toMatch(/You have no plan/);
    expect((await invoices(billing)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  },
);

test(
  'who does not pay is reminded, then suspended, and runs again with the payment',
  { timeout: 120_000 },
  async () => {
    const other = { id: 'db', name: 'Database', owner: 'ann', suspended: true };
    billing = await openBilling({
      servers: [server, other, { id: 'mail', name: 'Mail', owner: 'ann' }],
      settings: { reminder_webhook: 'https://mail.example.com/hook' },
    });
    const { plugin } = billing;
    const received: string[] = [];
    let status = 500;
    plugin.answer('mail.example.com', async (request) => {
      received.push(((await request.json()) as { kind: string }).kind);
      return new Response('', { status });
    });
    const plan = await addPlan(billing, { price: 900 });
    await plugin.post('/subscription', { plan: plan.id });
    const suspended = (): string[] => plugin.servers().filter((one) => one.suspended).map(({ id }) => id).sort(); // prettier-ignore
    await plugin.runCron('review');
    await billing.advance(2.5 * DAY);
    await plugin.runCron('review');
    expect(suspended()).toEqual(['db']);
    expect(received).toEqual(['invoice-due-soon']);
    status = 200;
    await billing.advance(DAY);
    await plugin.runCron('review');
    expect(suspended()).toEqual(['db', 'mail', 'web']);
    expect(received.sort()).toEqual(['invoice-due-soon', 'invoice-due-soon', 'invoice-overdue', 'servers-suspended', 'servers-suspended']); // prettier-ignore
    await plugin.runCron('review');
    expect(received).toHaveLength(5);
    expect((await plugin.get('/summary')).body.notices[0]).toMatchObject({ tone: 'danger' });
    const noticeOf = async (id: string, user = 'ann') =>
      (await plugin.get(`/servers/${id}/usage`, { user })).body.notice;
    expect(await noticeOf('web')).toMatchObject({ text: expect.stringMatching(/paid the \$9\.00/), link: { href: '/billing/invoices' } }); // prettier-ignore
    expect(await noticeOf('web', 'root')).not.toHaveProperty('link');
    expect(await noticeOf('db')).toBeNull();

    const [bill] = await invoices(billing);
    const wrong = await manualPayment(billing, 'root', 900, { invoice: bill!.id });
    expect(wrong.body.error).toMatchObject({ code: 'OTHER_CUSTOMER' });
    await manualPayment(billing, 'ann', 899);
    expect(suspended()).toEqual(['db', 'mail', 'web']);
    const id = crypto.randomUUID();
    await Promise.all([1, 2].map(() => manualPayment(billing, 'ann', 1, { id })));
    expect(suspended()).toEqual(['db']);
    expect(await balance(billing)).toBe(0);
    expect(await ledger(billing)).toHaveLength(3);
  },
);

test('administrators find an open invoice however many came after it, and everything else by pages', async () => {
  billing = await openBilling({ now: '2020-01-01T00:00:00Z' });
  const { plugin } = billing;
  const plan = await addPlan(billing, { price: 100 });
  const get = async (path: string) => (await plugin.get(path, { user: 'root' })).body;
  await manualPayment(billing, 'ann', 100_000);
  await plugin.post('/subscription', { plan: plan.id }, { user: 'root' });
  await plugin.post('/subscription', { plan: plan.id });
  for (let month = 1; month <= 30; month += 1) {
    await plugin.setTime(new Date(Date.UTC(2020, month, 1)).toISOString());
    await plugin.runCron('cycle');
  }
  const open = (await get('/admin/invoices?status=open')).items.at(-1);
  expect(open).toMatchObject({ number: 1, username: 'root', status: 'open', due: 100 });

  const first = await get('/admin/invoices');
  const rest = await get(`/admin/invoices?offset=${first.next}`);
  const numbers = [...first.items, ...rest.items].map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: first.total }, (_, index) => first.total - index));
  expect(first.items).toHaveLength(50);
  expect(rest.next).toBeNull();
  expect(first.items.some(({ id }: { id: string }) => id === open.id)).toBe(false);
  expect((await plugin.get('/admin/invoices?status=open')).status).toBe(403);
});
