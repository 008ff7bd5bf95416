import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
test.beforeAll(async () => {
  panel = await Panel.start();
  await Client.admin(panel);
});
test.afterAll(() => panel.dispose());

const PAGES = [
  '',
  'tutorials/widget',
  'reference/manifest',
  'reference/client-api',
  'reference/http-api',
  'reference/gallery',
];

for (const colorScheme of ['light', 'dark'] as const)
  test(`pages of the guide are accessible and fit a phone, in ${colorScheme} colours`, async ({ browser }) => {
    // Reading long pages with axe is all processor: on a busy machine it takes its time.
    test.slow();
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const faults = faultsOf(page);
    for (const slug of PAGES) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${panel.url}/docs/${slug}`);
      await page.waitForLoadState('networkidle');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${slug}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, slug).toBeLessThanOrEqual(0);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

test('editors and programs read what describes the manifest and the interface, from any origin', async ({
  request,
}) => {
  for (const [name, field] of [
    ['plugin.schema.json', 'properties.permissions.items.enum'],
    ['openapi.json', 'paths./healthz.get'],
  ] as const) {
    const answer = await request.get(`${panel.url}/docs/${name}`);
    expect(answer.headers()).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
    });
    const found = field.split('.').reduce((value, key) => value?.[key], await answer.json());
    expect(found, `${name}: ${field}`).toBeTruthy();
  }
  expect((await request.get(`${panel.url}/docs/search.json`)).status()).toBe(404);
});

test('the guide is found from the panel and searched by the keyboard alone', async ({ page, context }) => {
  await logIn(context, panel);
  await page.goto(panel.url);
  await page.getByRole('button', { name: 'Account of ada' }).click();
  await page.getByRole('link', { name: 'Guide', exact: true }).click();
  await expect(page).toHaveURL(/\/docs\/$/);
  // The address changes before the page listens to keys.
  await page.waitForLoadState();
  await page.keyboard.press('/');
  const search = page.getByRole('combobox', { name: 'Search the guide' });
  await expect(search).toBeFocused();
  await page.keyboard.type('quarantine');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(search).toHaveAttribute('aria-activedescendant', 'found-0');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/docs\/.+/);
  await page.goto(`${panel.url}/admin`);
  await expect(page.getByRole('link', { name: 'Guide', exact: true }).first()).toHaveAttribute(
    'href',
    '/docs/start/admins',
  );
});
