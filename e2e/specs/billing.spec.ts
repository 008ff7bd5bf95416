import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { noFaults } from '../support/no-faults.js';
import { Panel } from '../support/panel.js';

const BOB = { username: 'bob', email: 'bob@example.com', password: 'another password' };
let panel: Panel;
let admin: Client;
let bob: Client;
/** Bob's server. */
let shop: string;

// Whole walks, each with several looks by axe.
test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  expect((await admin.activate('billing')).status).toBe(200);
  bob = new Client(panel);
  await bob.post('/api/auth/register', BOB);
});
test.afterAll(() => panel.dispose());

const adminFrame = (page: Page) => page.frameLocator('iframe.so-plugin-frame');
/** The admin, in a browser of their own. */
async function openDesk(context: BrowserContext): Promise<Page> {
  const operator = await context.browser()!.newContext();
  await logIn(operator, panel);
  return operator.newPage();
}

/** The question is the title of the dialog or, for a frame, where the title says who asks, in its text. */
async function confirm(page: Page, title: string, button: string): Promise<void> {
  await expect(page.getByText(title)).toBeVisible();
  const dialog = page.locator('wa-dialog');
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** Options carry amounts behind their names. */
async function choose(select: Locator, text: string): Promise<void> {
  await select.selectOption(await select.locator('option', { hasText: text }).getAttribute('value'));
}

const openAdmin = (page: Page, subtab: string) =>
  page.goto(`${panel.url}/admin/plugins/billing?tab=billing&subtab=${subtab}`);

test('who has no plan cannot create a server, and is told why', async ({ page, context }) => {
  const answer = await bob.post('/api/servers', { name: 'Shop', template: 'nodejs' });
  expect(answer.status).toBe(403);
  expect(answer.body.error).toMatchObject({ code: 'SERVER_CREATE_DENIED', plugin: 'billing' });
  expect(answer.body.error.message).toMatch(/there is none yet/);
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/plans`);
  await expect(page.getByText('There are no plans yet')).toBeVisible();
  await noFaults(page, 'no plans');
});

test('an admin makes a plan in the admin area', async ({ page, context }) => {
  await logIn(context, panel);
  await openAdmin(page, 'plans');
  const frame = adminFrame(page);
  await frame.getByRole('button', { name: 'New plan' }).click();
  await frame.getByLabel('Name').fill('Small');
  await frame.getByLabel('Price in USD').fill('12.50');
  await frame.getByLabel('Servers (0').fill('1');
  await frame.getByRole('button', { name: 'Add the plan' }).click();
  await expect(frame.getByRole('listitem')).toContainText(['$12.50 a month']);
  await expect(frame.getByRole('button', { name: 'Edit Small' })).toBeVisible();
  await noFaults(page, 'admin plans');
  // So dear that even the last hour of a month costs more than anybody here has.
  const large = { name: 'Data center', price: 90_000_000, maxServers: 0, cycle: 'monthly' };
  expect((await admin.post('/api/plugins/billing/admin/plans', large)).status).toBe(201);
});

test('a user chooses it, an admin records the payment, and the server runs', async ({ page, context }) => {
  const faults = faultsOf(page);
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/plans`);
  await page.getByRole('button', { name: 'Choose this plan “Small”' }).click();
  await confirm(page, 'Choose “Small”?', 'Choose this plan');
  await expect(page.getByText('Your plan', { exact: true })).toBeVisible();
  const item = page.getByRole('navigation').getByRole('link', { name: /Billing/ });
  await expect(item).toContainText('1');
  const refused = await bob.post('/api/servers', { name: 'Shop', template: 'nodejs' });
  expect(refused.body.error.message).toMatch(/balance is negative/);

  const desk = await openDesk(context);
  await openAdmin(desk, 'transactions');
  const frame = adminFrame(desk);
  await frame.getByRole('button', { name: 'Record a payment' }).click();
  await choose(frame.locator('select[name=user]'), 'bob');
  await choose(frame.locator('select[name=invoice]'), 'INV-000001');
  await frame.getByLabel('Amount in USD').fill('20');
  await frame.getByRole('button', { name: 'Record a payment' }).last().click();
  await expect(frame.getByText('+$20.00')).toBeVisible();
  await openAdmin(desk, 'revenue');
  await expect(adminFrame(desk).getByRole('img', { name: /\$20\.00 received/ })).toBeVisible();
  await noFaults(desk, 'admin revenue');
  await desk.context().close();

  const created = await bob.post('/api/servers', { name: 'Shop', template: 'nodejs' });
  expect(created.status).toBe(201);
  shop = created.body.id;
  expect((await bob.post('/api/servers', { name: 'Second', template: 'nodejs' })).body.error.message).toMatch(
    /includes 1 server/,
  );
  expect((await bob.post(`/api/servers/${shop}/power`, { action: 'start' })).status).toBe(200);
  await page.goto(`${panel.url}/servers/${shop}`);
  await page.getByRole('link', { name: 'Usage & Cost' }).click();
  await expect(page.getByText('Hours this month')).toBeVisible();
  await noFaults(page, 'usage tab');
  await page.goto(`${panel.url}/`);
  await expect(page.getByText('Plan: Small')).toBeVisible();
  await expect(item).not.toContainText('1');
  expect(faults).toEqual([]);
});

test('an invoice prints alone, on one paper', async ({ page, context }) => {
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/invoices`);
  await page.getByRole('link', { name: 'INV-000001' }).click();
  await expect(page.getByRole('heading', { name: 'INV-000001' })).toBeVisible();
  await expect(page.getByText('Paid').first()).toBeVisible();
  await noFaults(page, 'invoice');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('navigation').first()).toBeHidden();
  await expect(page.getByText('rest of the month')).toBeVisible();
  expect((await page.pdf()).toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test('an admin refunds, adjusts and voids by hand, and the user sees it', async ({ page, context }) => {
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/plans`);
  await page.getByRole('button', { name: 'Change to this plan “Data center”' }).click();
  await confirm(page, 'Change to “Data center”?', 'Change the plan');
  await expect(page.getByText('You have the plan Data center.')).toBeVisible();

  const desk = await openDesk(context);
  await openAdmin(desk, 'transactions');
  const frame = adminFrame(desk);
  await frame.getByRole('button', { name: 'Refund bob’s payment of $20.00' }).click();
  const amount = frame.getByLabel('Amount for bob, at most $20.00');
  await expect(amount).toBeFocused();
  await amount.fill('25');
  await frame.getByRole('button', { name: 'Refund a payment' }).click();
  await confirm(desk, 'Refund $25.00 to bob?', 'Refund');
  await expect(frame.getByRole('alert')).toHaveText('At most $20.00 of this payment can be refunded.');
  await noFaults(desk, 'admin transactions');
  await amount.fill('5');
  await frame.getByLabel('Reason').fill('An hour without network');
  await frame.getByRole('button', { name: 'Refund a payment' }).click();
  await confirm(desk, 'Refund $5.00 to bob?', 'Refund');
  await expect(frame.getByText('Refund: An hour without network')).toBeVisible();
  await expect(amount).toHaveCount(0);

  await frame.getByRole('button', { name: 'Adjust a balance' }).click();
  await choose(frame.locator('select[name=user]'), 'bob');
  await frame.getByLabel('Amount in USD').fill('much');
  await frame.getByLabel('Reason').fill('A setup fee');
  await frame.getByRole('button', { name: 'Adjust a balance' }).last().click();
  await expect(frame.getByRole('alert')).toContainText('“much” is no amount in USD');
  await frame.getByLabel('Amount in USD').fill('-30');
  await frame.getByRole('button', { name: 'Adjust a balance' }).last().click();
  await expect(frame.getByText('-$30.00')).toBeVisible();
  await frame.getByRole('button', { name: 'Void INV-000002' }).click();
  await confirm(desk, 'Void INV-000002?', 'Void');
  await expect(frame.getByText('Invoice INV-000002 was voided')).toBeVisible();
  await expect(frame.getByRole('button', { name: /^Void/ })).toHaveCount(0);
  await desk.context().close();

  await page.goto(`${panel.url}/billing`);
  const activity = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
  for (const [text, moved] of [
    ['was voided', '+'],
    ['A setup fee', '-$30.00'],
    ['An hour without network', '-$5.00'],
  ])
    // prettier-ignore
    await expect(activity.filter({ hasText: text }).getByText(moved!)).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('Your balance is negative');
  await noFaults(page, 'billing');
  await page.getByRole('link', { name: 'See your invoices' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'INV-000002' })).toContainText('Void');
});

test('a suspended server says why and where to pay, until it is paid', async ({ page, context }) => {
  await admin.put('/api/admin/plugins/billing/settings', { values: { grace_days: 0 } });
  await admin.post('/api/admin/plugins/billing/crons/review/run');
  await expect.poll(async () => (await bob.get(`/api/servers/${shop}`)).body.suspended).toBe(true);
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/servers/${shop}`);
  await expect(page.getByText(/Unpaid: \$[\d.]+ are missing/)).toBeVisible();
  await page.getByRole('link', { name: 'Usage & Cost' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'This server is suspended until you have paid the $' });
  await noFaults(page, 'usage of a suspended server');
  await notice.getByRole('link', { name: 'See your invoices' }).click();
  await expect(page).toHaveURL(/\/billing\/invoices$/);

  const { items } = (await admin.get('/api/plugins/billing/admin/customers')).body;
  const user = items.find(({ username }: { username: string }) => username === 'bob').id;
  await admin.post('/api/plugins/billing/admin/payments', { id: crypto.randomUUID(), user, amount: 5000 });
  expect((await bob.get(`/api/servers/${shop}`)).body.suspended).toBe(false);
  await page.goto(`${panel.url}/billing/plans`);
  await page.getByRole('button', { name: 'Cancel plan' }).click();
  await confirm(page, 'Cancel “Data center”?', 'Cancel plan');
  await expect(page.getByText(/Your plan Data center ends on/)).toBeVisible();
  await noFaults(page, 'plans');
});

test('nobody sees the account of somebody else', async () => {
  const api = '/api/plugins/billing';
  const eve = new Client(panel);
  await eve.post('/api/auth/register', { ...BOB, username: 'eve', email: 'eve@example.com' });
  expect((await eve.get(`${api}/invoices/INV-000001`)).status).toBe(404);
  expect((await eve.get(`${api}/invoices`)).body.items).toEqual([]);
  for (const path of ['/admin/plans', '/admin/revenue', '/admin/transactions', '/admin/customers', '/admin/invoices'])
    expect((await eve.get(api + path)).status, path).toBe(403);
  const payment = { id: crypto.randomUUID(), user: 'x', amount: 1 };
  expect((await eve.post(`${api}/admin/payments`, payment)).status).toBe(403);
});
