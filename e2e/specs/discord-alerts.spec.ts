import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;
let discord: Server;
let refuse = false;
const received: string[] = [];

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  discord = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += String(chunk)));
    req.on('end', () => {
      if (!refuse) received.push(body);
      const answer = refuse ? { message: 'Invalid Form Body', code: 50035 } : { id: '1234' };
      res.writeHead(refuse ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => discord.listen(0, '127.0.0.1', resolve));
  const data = await mkdtemp(path.join(os.tmpdir(), 'sodium-e2e-'));
  await writeFile(path.join(data, 'config.json'), JSON.stringify({ plugins: { network: { allowPrivate: true } } }));
  panel = await Panel.start({ data });
  admin = await Client.admin(panel);
  expect((await admin.activate('discord-alerts')).status).toBe(200);
});
test.afterAll(async () => {
  await panel.dispose();
  discord.close();
});

const webhook = (): string => `http://127.0.0.1:${(discord.address() as AddressInfo).port}/api/webhooks/1/secret-token`;
const frameOf = (page: Page) => page.frameLocator('iframe.so-plugin-frame');
const open = (page: Page, subtab: string) =>
  page.goto(`${panel.url}/admin/plugins/discord-alerts?tab=discord&subtab=${subtab}`);

async function noFaults(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect(frameOf(page).getByText('Loading…')).toHaveCount(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // An admin tab is a document of its own with a main landmark of its own; axe counts those of both together.
    const { violations } = await new AxeBuilder({ page }).disableRules('landmark-unique').analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    expect(found, `${name}, ${colorScheme}`).toEqual([]);
  }
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    const inner = frameOf(page).locator('html');
    await expect.poll(() => inner.evaluate((root) => root.scrollWidth - root.clientWidth), name).toBeLessThanOrEqual(0);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `${name} at ${width} pixels`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('an admin sets it up, sends a test, and reads what was delivered', async ({ page, context }) => {
  const faults = faultsOf(page);
  await logIn(context, panel);
  await open(page, 'delivery');
  const frame = frameOf(page);
  await expect(frame.getByText('Enter the address of a Discord webhook')).toBeVisible();
  await noFaults(page, 'not set up');

  await page.goto(`${panel.url}/admin/plugins/discord-alerts?tab=settings`);
  await page.getByLabel('Webhook address').fill(webhook());
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect.poll(async () => (await admin.get('/api/admin/plugins/discord-alerts/settings')).body.values.webhook_url).toEqual({ set: true }); // prettier-ignore
  await open(page, 'delivery');
  await frame.getByRole('button', { name: 'Send a test' }).click();
  await expect(page.getByText('Discord has taken the test message.')).toBeVisible();
  expect(received.some((body) => body.includes('It works'))).toBe(true);

  await admin.post('/api/servers', { name: 'Shop *one* @everyone', template: 'nodejs' });
  await expect(frame.getByText(/^Server created/)).toBeVisible({ timeout: 15_000 });
  const told = received.find((body) => body.includes('Server created'))!;
  expect(JSON.parse(told)).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(told).toContain('Shop \\\\*one\\\\* \\\\@everyone');
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
  refuse = true;
  await admin.post('/api/servers', { name: 'Second', template: 'nodejs' });
  await logIn(context, panel);
  await open(page, 'delivery');
  const frame = frameOf(page);
  await expect(frame.getByText(/status 400: Invalid Form Body/).first()).toBeVisible({ timeout: 15_000 });
  await noFaults(page, 'dead letters');
  refuse = false;
  await frame.getByRole('button', { name: 'Retry “Server created: Second”' }).click();
  await expect(frame.getByText('New: Second')).toBeVisible({ timeout: 15_000 });
  const told = JSON.parse(received.find((body) => body.includes('New: Second'))!);
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
