import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

const BOB = { username: 'bob', email: 'bob@example.com', password: 'another password' };
let panel: Panel;
let admin: Client;
let bob: Client;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  expect((await admin.activate('billing')).status).toBe(200);
  bob = new Client(panel);
  await bob.post('/api/auth/register', BOB);
});
test.afterAll(() => panel.dispose());

async function noFaults(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(page.getByText('Loading…')).toHaveCount(0);
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))));
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // An admin tab is a document of its own with a main landmark of its own; axe counts those of both together.
    const { violations } = await new AxeBuilder({ page }).disableRules('landmark-unique').analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, `${name} on a phone`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 800 });
}

const adminFrame = (page: Page) => page.frameLocator('iframe.so-plugin-frame');
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
  await noFaults(page, 'admin plans');
});

test('a user chooses it, an admin records the payment, and the server runs', async ({ page, context }) => {
  const faults = faultsOf(page);
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/plans`);
  await page.getByRole('button', { name: /Choose this plan/ }).click();
  await page.getByRole('button', { name: 'Choose this plan', exact: true }).last().click();
  await expect(page.getByText('Your plan', { exact: true })).toBeVisible();
  const item = page.getByRole('navigation').getByRole('link', { name: /Billing/ });
  await expect(item).toContainText('1');
  const refused = await bob.post('/api/servers', { name: 'Shop', template: 'nodejs' });
  expect(refused.body.error.message).toMatch(/balance is negative/);

  const operator = await context.browser()!.newContext();
  await logIn(operator, panel);
  const desk = await operator.newPage();
  await openAdmin(desk, 'transactions');
  const frame = adminFrame(desk);
  await frame.getByRole('button', { name: 'Record a payment' }).click();
  const user = frame.locator('select[name=user]');
  await user.selectOption(await user.locator('option', { hasText: 'bob' }).getAttribute('value'));
  await frame.getByLabel('Amount in USD').fill('20');
  await frame.getByRole('button', { name: 'Record a payment' }).last().click();
  await expect(frame.getByText('+$20.00')).toBeVisible();
  await noFaults(desk, 'admin transactions');
  await openAdmin(desk, 'revenue');
  await expect(adminFrame(desk).getByRole('img', { name: /\$20\.00 received/ })).toBeVisible();
  await noFaults(desk, 'admin revenue');
  await operator.close();

  const created = await bob.post('/api/servers', { name: 'Shop', template: 'nodejs' });
  expect(created.status).toBe(201);
  expect((await bob.post('/api/servers', { name: 'Second', template: 'nodejs' })).body.error.message).toMatch(
    /includes 1 server/,
  );
  expect((await bob.post(`/api/servers/${created.body.id}/power`, { action: 'start' })).status).toBe(200);
  await page.goto(`${panel.url}/servers/${created.body.id}`);
  await page.getByRole('link', { name: 'Usage & Cost' }).click();
  await expect(page.getByText('Hours this month')).toBeVisible();
  await noFaults(page, 'usage tab');
  await page.goto(`${panel.url}/billing`);
  await expect(page.getByText('+$20.00')).toBeVisible();
  await noFaults(page, 'billing');
  await page.goto(`${panel.url}/`);
  await expect(page.getByText('Plan: Small')).toBeVisible();
  await expect(item).not.toContainText('1');
  expect(faults).toEqual([]);
});

test('an invoice prints alone on its paper', async ({ page, context }) => {
  await logIn(context, panel, BOB);
  await page.goto(`${panel.url}/billing/invoices`);
  await noFaults(page, 'invoices');
  await page.getByRole('link', { name: 'INV-000001' }).click();
  await expect(page.getByRole('heading', { name: 'INV-000001' })).toBeVisible();
  await expect(page.getByText('Paid').first()).toBeVisible();
  await noFaults(page, 'invoice');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.getByRole('navigation').first()).toBeHidden();
  await expect(page.getByText('rest of the month')).toBeVisible();
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
