import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { Client } from '../support/client.js';
import { DiscordServer } from '../../plugins/discord-alerts/tests/discord-server.js';
import { logIn } from '../support/login.js';
import { noFaults } from '../support/no-faults.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;
let discord: DiscordServer;
let server: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  discord = await DiscordServer.open();
  panel = await Panel.start({ config: { plugins: { network: { allowPrivate: true } } } });
  admin = await Client.admin(panel);
  for (const id of ['server-stats', 'discord-alerts']) expect((await admin.activate(id)).status).toBe(200);
  const configure = (id: string, values: object) => admin.put(`/api/admin/plugins/${id}/settings`, { values });
  await configure('discord-alerts', { webhook_url: discord.url, on_create: false, on_start: false });
  await configure('server-stats', { memory_threshold: 1, threshold_minutes: 1 });
  server = (await admin.post('/api/servers', { name: 'Web shop', template: 'nodejs' })).body.id;
  await expect
    .poll(async () => (await admin.post(`/api/servers/${server}/power`, { action: 'start' })).status)
    .toBe(200);
});
test.afterAll(async () => {
  await panel.dispose();
  await discord.close();
});

test('the page and the tab show charts and export them, in both themes and on a phone', async ({ page, context }) => {
  await logIn(context, panel);
  for (const [path, file] of [
    ['/stats', 'servers.csv'],
    [`/servers/${server}/server-stats.stats`, `server-${server}.csv`],
  ]) {
    await page.goto(panel.url + path);
    await expect(page.getByRole('img', { name: /^CPU/ })).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^time,server,name,cpu_percent,memory_bytes\r\n/);
    await noFaults(page, path!);
  }
});

test('what is over a threshold is shown, counted in the sidebar and told to Discord', async ({ page, context }) => {
  // A minute has to be over before it can be too much; most of it went by with the test before.
  test.setTimeout(150_000);
  const alerts = async () => (await admin.get('/api/plugins/server-stats/alerts')).body.count;
  await expect.poll(alerts, { timeout: 100_000 }).toBe(1);
  const [told] = (await discord.told('Memory of Web shop over 1 MiB')).embeds;
  expect(told!.description).toMatch(/MiB now, and over 1 MiB for a minute/);
  await logIn(context, panel);
  await page.goto(`${panel.url}/stats`);
  await expect(page.getByRole('alert')).toContainText('Memory is over 1.0 MiB since');
  await expect(page.getByRole('navigation').getByRole('link', { name: /Stats/ })).toContainText('1');
  await page.goto(`${panel.url}/servers/${server}/server-stats.stats`);
  await expect(page.getByRole('alert')).toContainText('Memory is over 1.0 MiB since');
  await noFaults(page, 'a server over its threshold');
});
