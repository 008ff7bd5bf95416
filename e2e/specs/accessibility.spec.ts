import { expect, test, type Page } from '@playwright/test';
import { axeFinds } from '../support/axe.js';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let server: string;

test.beforeAll(async () => {
  panel = await Panel.start();
  const admin = await Client.admin(panel);
  await admin.activate('hello');
  await admin.activate('server-stats');
  server = (await admin.post('/api/servers', { name: 'Web shop', template: 'nodejs' })).body.id;
  await admin.post(`/api/servers/${server}/power`, { action: 'start' });
  await admin.post(`/api/servers/${server}/schedules`, {
    name: 'Nightly',
    cron: '0 3 * * *',
    task: { type: 'power', action: 'restart' },
  });
});
test.afterAll(() => panel.dispose());

const VIEWS: Record<string, () => string> = {
  dashboard: () => '/',
  servers: () => '/servers',
  'new server': () => '/servers/new',
  console: () => `/servers/${server}`,
  resources: () => `/servers/${server}/resources`,
  schedules: () => `/servers/${server}/schedules`,
  'server settings': () => `/servers/${server}/settings`,
  'server stats': () => `/servers/${server}/stats`,
  account: () => '/account',
  hello: () => '/hello',
  stats: () => '/stats',
  'not found': () => '/nowhere',
  'admin overview': () => '/admin',
  'admin plugins': () => '/admin/plugins',
  'admin plugin': () => '/admin/plugins/hello',
  'admin servers': () => '/admin/servers',
  'admin users': () => '/admin/users',
  'admin schedules': () => '/admin/schedules',
  'admin audit log': () => '/admin/audit',
};

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  // Also in the shadow roots of plugins: one heading says where one is.
  await expect(page.locator('h1')).toHaveCount(1);
  await expect(page.locator('[aria-busy="true"], .so-skeleton')).toHaveCount(0);
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  );
}

for (const scheme of ['light', 'dark'] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, reducedMotion: 'reduce' } as object);

    for (const [name, path] of Object.entries(VIEWS)) {
      test(`${name} has nothing that axe finds`, async ({ page, context }) => {
        await logIn(context, panel);
        await page.goto(panel.url + path());
        await settled(page);
        expect(await axeFinds(page)).toEqual([]);
      });
    }

    test('the login has nothing that axe finds', async ({ page }) => {
      await page.goto(`${panel.url}/login`);
      await settled(page);
      expect(await axeFinds(page)).toEqual([]);
    });
  });
}

test('nothing is wider than a phone', async ({ page, context }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await logIn(context, panel);
  for (const [name, path] of Object.entries(VIEWS)) {
    await page.goto(panel.url + path());
    await settled(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, name).toBeLessThanOrEqual(0);
  }
});
