import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
test.beforeAll(async () => {
  panel = await Panel.start();
});
test.afterAll(() => panel.dispose());

test('the page and the tab show charts and export them, in both themes and on a phone', async ({ page, context }) => {
  const admin = await Client.admin(panel);
  expect((await admin.activate('server-stats')).status).toBe(200);
  const server = (await admin.post('/api/servers', { name: 'Web shop', template: 'nodejs' })).body;
  await logIn(context, panel);
  for (const [path, file] of [
    ['/stats', 'servers.csv'],
    [`/servers/${server.id}/server-stats.stats`, `server-${server.id}.csv`],
  ]) {
    await page.goto(panel.url + path);
    await expect(page.getByRole('img', { name: /^CPU/ })).toBeVisible();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^time,server,name,cpu_percent,memory_bytes\r\n/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id }) => id), `${path}, ${colorScheme}`).toEqual([]); // prettier-ignore
    }
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
});
