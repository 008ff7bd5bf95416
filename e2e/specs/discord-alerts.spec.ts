import { expect, test, type Page } from '@playwright/test';
import { Client } from '../support/client.js';
import { DiscordServer } from '../../plugins/discord-alerts/tests/discord-server.js';
import { faultsOf, logIn } from '../support/login.js';
import { noFaults } from '../support/no-faults.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;
let discord: DiscordServer;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  discord = await DiscordServer.open();
  panel = await Panel.start({ config: { plugins: { network: { allowPrivate: true } } } });
  admin = await Client.admin(panel);
  expect((await admin.activate('discord-alerts')).status).toBe(200);
});
test.afterAll(async () => {
  await panel.dispose();
  await discord.close();
});

const frameOf = (page: Page) => page.frameLocator('iframe.so-plugin-frame');
const open = (page: Page, subtab: string) =>
  page.goto(`${panel.url}/admin/plugins/discord-alerts?tab=discord&subtab=${subtab}`);

test('an admin sets it up, sends a test, and reads what was delivered', async ({ page, context }) => {
  const faults = faultsOf(page);
  await logIn(context, panel);
  await open(page, 'delivery');
  const frame = frameOf(page);
  await expect(frame.getByText('Enter the address of a Discord webhook')).toBeVisible();
  await noFaults(page, 'not set up');

  await page.goto(`${panel.url}/admin/plugins/discord-alerts?tab=settings`);
  await page.getByLabel('Webhook address').fill(discord.url);
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect.poll(async () => (await admin.get('/api/admin/plugins/discord-alerts/settings')).body.values.webhook_url).toEqual({ set: true }); // prettier-ignore
  await open(page, 'delivery');
  await frame.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByText('Discord has taken the test message.')).toBeVisible();
  await discord.told('It works');

  await admin.post('/api/servers', { name: 'Shop *one* @everyone', template: 'nodejs' });
  await expect(frame.getByText(/^Server created/)).toBeVisible({ timeout: 15_000 });
  const told = await discord.told('Server created');
  expect(told).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(told.embeds[0]!.description).toContain('Shop \\*one\\* \\@everyone');
  await noFaults(page, 'delivery');
  // What axe asks for from within the sealed frame is refused, as it should be.
  expect(faults.filter((fault) => !fault.includes('ERR_NETWORK_ACCESS_REVOKED'))).toEqual([]);
});

test('words are written with a preview', async ({ page, context }) => {
  await logIn(context, panel);
  await open(page, 'messages');
  const frame = frameOf(page);
  await frame.getByRole('button', { name: 'Edit “Server created”' }).click();
  const preview = frame.getByRole('group', { name: 'Preview' });
  await expect(preview.getByText('web *shop* @everyone')).toBeVisible();
  await frame.getByLabel('Title', { exact: true }).fill('New: {nope}');
  await expect(frame.getByText(/no placeholder \{nope\}/)).toBeVisible();
  await frame.getByLabel('Title', { exact: true }).fill('New: {server}');
  await frame.getByLabel('Ids of roles to call').fill('<@&111111111111111111>');
  await expect(preview.getByText('New: web *shop* @everyone')).toBeVisible();
  await expect(preview.getByText('Calls one role or user.')).toBeVisible();
  await noFaults(page, 'messages');
  await frame.getByRole('button', { name: 'Save' }).click();
  await expect(frame.getByText('Sent · own words · calls 1')).toBeVisible();
});

test('a message that Discord refuses is given up, and sent by hand when it can be', async ({ page, context }) => {
  discord.instead = () => ({ status: 400, body: { message: 'Invalid Form Body', code: 50035 } });
  await admin.post('/api/servers', { name: 'Second', template: 'nodejs' });
  await logIn(context, panel);
  await open(page, 'delivery');
  const frame = frameOf(page);
  await expect(frame.getByText(/status 400: Invalid Form Body/).first()).toBeVisible({ timeout: 15_000 });
  await noFaults(page, 'dead letters');
  discord.instead = null;
  await frame.getByRole('button', { name: 'Retry “Server created: Second”' }).click();
  await expect(frame.getByText('New: Second')).toBeVisible({ timeout: 15_000 });
  const told = await discord.told('New: Second');
  expect(told).toMatchObject({ content: '<@&111111111111111111>', allowed_mentions: { parse: [], roles: ['111111111111111111'] } }); // prettier-ignore
});

test('only admins look into it, and the address is shown to nobody', async () => {
  const eve = new Client(panel);
  await eve.post('/api/auth/register', { username: 'eve', email: 'eve@example.com', password: 'another password' });
  expect((await eve.get('/api/plugins/discord-alerts/admin/overview')).status).toBe(403);
  const overview = await admin.get('/api/plugins/discord-alerts/admin/overview');
  expect(overview.status).toBe(200);
  expect(JSON.stringify(overview.body)).not.toContain('secret-token');
  const logs = await admin.get('/api/admin/plugins/discord-alerts/logs');
  expect(JSON.stringify(logs.body)).not.toContain('secret-token');
});
