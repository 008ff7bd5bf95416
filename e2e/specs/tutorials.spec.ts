import path from 'node:path';
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { guideBlocks } from '@sodium/docs/blocks';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';
import { Follower } from '../support/tutorial.js';

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  await admin.post('/api/servers', { name: 'Arena', template: 'nodejs' });
});
test.afterAll(() => panel.dispose());

let follower: Follower;
test.beforeEach(async ({ context }) => {
  follower = await Follower.start(panel.url);
  await logIn(context, panel);
});
test.afterEach(() => follower.dispose());

test.setTimeout(240_000);

test('the command and the SDK are handed out by every panel', async () => {
  for (const name of ['sodium-cli.tgz', 'sodium-sdk.tgz', 'sodium-cli-1.0.0.tgz']) {
    const answer = await fetch(`${panel.url}/packages/${name}`);
    expect(answer.status, name).toBe(200);
    const [first, second] = new Uint8Array(await answer.arrayBuffer());
    expect([first, second], name).toEqual([0x1f, 0x8b]);
  }
  for (const name of ['sodium-server.tgz', '..%2fsodium.js', 'sodium-cli-9.9.9.tgz'])
    expect((await fetch(`${panel.url}/packages/${name}`)).status, name).toBe(404);
});

test('the widget of the tutorial shows servers and follows them, while it is written and once it is installed', async ({
  page,
}) => {
  await follower.follow('tutorials/widget', panel.url, async ({ login }) => {
    await page.goto(login);
    const entries = page
      .frameLocator('sodium-preview-frame iframe')
      .locator('li')
      .filter({ has: page.locator('.small') });
    await expect(entries).toHaveCount(3);
    await expect(entries.getByText('not running')).not.toHaveCount(0);
  });
  expect((await admin.activate('fleet')).status).toBe(200);
  await page.goto(panel.url);
  const entry = page
    .locator('li')
    .filter({ has: page.getByRole('link', { name: 'Arena' }) })
    .getByText(/running/);
  await expect(entry).toHaveText('not running');
  const { items } = (await admin.get('/api/servers')).body;
  const started = await admin.post(`/api/servers/${items[0].id}/power`, { action: 'start' });
  expect(started.status, JSON.stringify(started.body)).toBe(200);
  // How long a start takes is the machine's affair; that the widget then shows it is the plugin's.
  await expect.poll(async () => (await admin.get(`/api/servers/${items[0].id}`)).body.state).toBe('running');
  await expect(entry).toHaveText('running');
});

test('the feature of the tutorial keeps wishes', async ({ page }) => {
  await follower.follow('tutorials/feature', panel.url, async ({ login }) => {
    await page.goto(`${login}?to=/wishes`);
    await expect(page.getByText('Nobody wishes for anything yet.')).toBeVisible();
  });
  expect((await admin.activate('wishes')).status).toBe(200);
  await page.goto(panel.url);
  await page.getByRole('link', { name: 'Wishes' }).click();
  await page.getByLabel('Your wish').fill('A Minecraft server');
  await page.getByRole('button', { name: 'Wish', exact: true }).click();
  await expect(page.getByText('1 vote')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('listitem').filter({ hasText: 'A Minecraft server' })).toBeVisible();
  expect((await admin.post('/api/admin/plugins/wishes/crons/tidy/run')).status).toBeLessThan(300);
});

test('the theme of the tutorial colours the panel', async ({ page }) => {
  const background = (of: Page | FrameLocator = page): Promise<string> =>
    of.locator('html').evaluate((html) => getComputedStyle(html).getPropertyValue('--sodium-color-background').trim());
  await page.emulateMedia({ colorScheme: 'light' });
  await follower.follow('tutorials/theme', panel.url, async ({ login }) => {
    await page.goto(login);
    await expect.poll(() => background(page.frameLocator('sodium-preview-frame iframe'))).toBe('#f2f6fa');
  });
  expect((await admin.activate('theme-harbour')).status).toBe(200);
  await admin.put('/api/account/preferences', { theme: 'theme-harbour' });
  await page.goto(panel.url);
  await expect.poll(() => background()).toBe('#f2f6fa');
});

test('a plugin by hand is three files', async ({ page }) => {
  for (const { file, code } of await guideBlocks(new URL('../../apps/docs/guide', import.meta.url).pathname))
    if (file?.startsWith('data/plugins/greeter/')) await panel.drop('greeter', { [path.basename(file)]: code });
  await expect.poll(async () => (await admin.activate('greeter')).status).toBe(200);
  await page.goto(panel.url);
  await page.getByRole('link', { name: 'Greeter' }).click();
  await expect(page.getByText('Hello, ada!')).toBeVisible();
});
