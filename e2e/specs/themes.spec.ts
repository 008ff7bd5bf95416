import { expect, test, type Page } from '@playwright/test';
import { axeFinds } from '../support/axe.js';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';
import { token, watchFirstFrame } from '../support/themes.js';

const THEMES = ['theme-neon', 'theme-corporate', 'theme-contrast'];
const NEON_GROUND = '#06090f';
const OWN_GROUND = '#f5f6f8';

let panel: Panel;
let admin: Client;
let server: string;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  for (const id of ['server-stats', ...THEMES]) expect((await admin.activate(id)).status).toBe(200);
  server = (await admin.post('/api/servers', { name: 'Web shop', template: 'nodejs' })).body.id;
});
test.afterAll(() => panel.dispose());
test.beforeEach(async ({ context }) => {
  await admin.patch('/api/admin/system', { theme: 'sodium' });
  await admin.put('/api/account/preferences', { theme: null, mode: 'light' });
  await logIn(context, panel);
});

const ground = (page: Page) => expect.poll(() => token(page, 'color-background'));

test('a choice on the account page shows at once, and from the first frame after a reload', async ({ page }) => {
  const faults = faultsOf(page);
  const firstFrame = await watchFirstFrame(page);
  await page.goto(`${panel.url}/account`);
  await page.getByRole('radio', { name: /^Neon/ }).check({ force: true });
  await ground(page).toBe(NEON_GROUND);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByText('This theme is dark only.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Colours/ })).toHaveCount(0);

  await page.goto(`${panel.url}/`);
  expect(await firstFrame()).toEqual({ theme: 'dark', skin: 'theme-neon', background: NEON_GROUND });
  await page.goto(`${panel.url}/admin`);
  expect(await firstFrame()).toMatchObject({ skin: 'theme-neon', background: NEON_GROUND });
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => document.fonts.check('600 20px Oxanium'))).toBe(true);
  expect(faults).toEqual([]);
});

test('the user menu offers the same, and other tabs follow', async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto(`${panel.url}/servers`);
  await page.goto(`${panel.url}/`);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByLabel('Theme').selectOption('Corporate');
  await ground(page).toBe('#f2f4f8');
  await ground(other).toBe('#f2f4f8');
  await expect(page.getByLabel('Theme')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Colours/ }).click();
  await ground(page).toBe('#0b1424');
  await ground(other).toBe('#0b1424');
  await other.reload();
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the default is for those who chose nothing, and for the login page', async ({ page, browser }) => {
  await page.goto(`${panel.url}/admin`);
  await page.getByLabel(/What users see/).selectOption('Neon');
  await expect(page.getByText('The default theme was changed.')).toBeVisible();
  await ground(page).toBe(NEON_GROUND);
  const visitor = await browser.newPage();
  const firstFrame = await watchFirstFrame(visitor);
  await visitor.goto(`${panel.url}/login`);
  expect(await firstFrame()).toMatchObject({ theme: 'dark', background: NEON_GROUND });
  await visitor.close();
});

test('a theme that is deactivated leaves every open page, and comes back with its activation', async ({
  page,
  context,
}) => {
  await admin.put('/api/account/preferences', { theme: 'theme-neon' });
  const area = await context.newPage();
  await area.goto(`${panel.url}/admin`);
  await page.goto(`${panel.url}/`);
  await page.evaluate(() => Object.assign(window, { stays: true }));
  await ground(page).toBe(NEON_GROUND);
  await admin.post('/api/admin/plugins/theme-neon/deactivate');
  await ground(page).toBe(OWN_GROUND);
  await ground(area).toBe(OWN_GROUND);
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await expect(page.getByLabel('Theme').locator('option', { hasText: 'Corporate' })).toHaveCount(1);
  await expect(page.getByLabel('Theme').locator('option', { hasText: 'Neon' })).toHaveCount(0);
  await admin.activate('theme-neon');
  await ground(page).toBe(NEON_GROUND);
  await expect(page.getByLabel('Theme').locator('option', { hasText: 'Neon' })).toHaveCount(1);
  expect(await page.evaluate(() => 'stays' in window)).toBe(true);
});

test('safe mode shows no theme', async ({ page }) => {
  await admin.put('/api/account/preferences', { theme: 'theme-neon' });
  await page.goto(`${panel.url}/?safe=1`);
  await expect(page.getByText('Safe mode: no plugin is shown in this tab.')).toBeVisible();
  expect(await token(page, 'color-background')).toBe(OWN_GROUND);
  await page.goto(`${panel.url}/servers`);
  await ground(page).toBe(OWN_GROUND);
});

test('a theme’s own images are drawn from its package, wherever they are used', async ({ page }) => {
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  await panel.drop('paper', {
    'plugin.json': {
      id: 'paper',
      name: 'Paper',
      version: '1.0.0',
      type: 'theme',
      sodium: '>=1.0.0',
      theme: { stylesheet: 'assets/css/theme.css' },
    },
    'assets/css/theme.css': ':root { --sodium-background-picture: url(../img/dot.png) }',
  });
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(`${panel.data}/plugins/paper/assets/img`, { recursive: true });
  await writeFile(`${panel.data}/plugins/paper/assets/img/dot.png`, pixel);
  expect((await admin.activate('paper')).status).toBe(200);
  await admin.put('/api/account/preferences', { theme: 'paper' });
  const drawn = page.waitForResponse((response) =>
    /\/plugins\/paper\/[0-9a-f]+\/assets\/img\/dot\.png$/.test(response.url()),
  );
  await page.goto(`${panel.url}/servers/${server}`);
  expect((await drawn).status()).toBe(200);
});

for (const [id, mode] of [
  ['theme-neon', 'dark'],
  ['theme-corporate', 'light'],
  ['theme-corporate', 'dark'],
  ['theme-contrast', 'light'],
  ['theme-contrast', 'dark'],
] as const) {
  test(`${id} in ${mode}: axe finds nothing, and nothing is wider than a phone`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await admin.put('/api/account/preferences', { theme: id, mode });
    for (const path of [
      '/',
      `/servers/${server}`,
      `/servers/${server}/settings`,
      '/account',
      '/admin',
      '/admin/plugins',
      `/admin/plugins/server-stats`,
    ]) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(panel.url + path);
      await page.waitForLoadState('networkidle');
      await expect(page.locator('[aria-busy="true"], .so-skeleton, .skeleton')).toHaveCount(0);
      expect(await axeFinds(page), path).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBeLessThanOrEqual(0);
    }
  });
}
