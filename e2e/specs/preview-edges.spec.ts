import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { ForgetfulProxy } from '../support/forgetful-proxy.js';
import { Panel } from '../support/panel.js';

const CLOCK = fileURLToPath(new URL('../support/clock.cjs', import.meta.url));
const SAMPLER = fileURLToPath(new URL('../fixtures/preview-sampler/', import.meta.url));
const HALF_AN_HOUR = 'SIGUSR2';

// So wide that the frame is drawn in its full size.
test.use({ viewport: { width: 2100, height: 1000 } });

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start({ env: { NODE_OPTIONS: `--require=${CLOCK}` } });
  admin = await Client.admin(panel);
  expect((await admin.post('/api/servers', { name: 'Real name of a server', template: 'nodejs' })).status).toBe(201);
});
test.afterAll(() => panel.dispose());
test.beforeEach(({ context }) => logIn(context, panel));

const inFrame = (page: Page): FrameLocator => page.frameLocator('.so-preview-screen iframe');
const heading = (page: Page) => inFrame(page).getByRole('heading', { level: 1 }).first();
const links = (page: Page) => inFrame(page).getByRole('navigation', { name: 'Panel' }).first().getByRole('link');

async function openPreview(page: Page, id: string): Promise<void> {
  await page.goto(`${panel.url}/admin/plugins/${id}/preview`);
  await expect(heading(page)).toBeVisible();
}

async function discard(page: Page, id: string): Promise<void> {
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(`${panel.url}/admin/plugins/${id}`);
}

/** The fixture's files with some of their words changed. */
async function sampler(change: (text: string) => string): Promise<Record<string, string>> {
  const files = ['plugin.json', 'server.js', 'client.js'];
  const texts = await Promise.all(files.map((file) => readFile(path.join(SAMPLER, file), 'utf8')));
  return Object.fromEntries(files.map((file, index) => [file, change(texts[index]!)]));
}

test('what was just uploaded is tried at once, activated, and its update is tried beside it', async ({ page }) => {
  const files = await sampler((text) => text);
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  await page.goto(`${panel.url}/admin/plugins`);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose file' }).click();
  await (await chooser).setFiles({ name: 'sampler.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) });
  await expect(page).toHaveURL(/\/admin\/plugins\/preview-sampler$/);
  await page.getByRole('link', { name: 'Look at it first' }).click();
  await links(page).filter({ hasText: 'Sampler' }).click();
  await expect(inFrame(page).getByRole('heading', { name: 'Hello from Sampler' })).toBeVisible();
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('button', { name: 'Allow and activate' }).click();
  await expect(page.getByRole('button', { name: 'Deactivate' })).toBeVisible();

  // The version that runs goes on as it was while the one that is offered is tried.
  await panel.drop(
    'preview-sampler',
    await sampler((text) => text.replace('"1.0.0"', '"1.1.0"').replace('from Sampler', 'from the next Sampler')),
  );
  await page.goto(`${panel.url}/admin/plugins/preview-sampler`);
  await page.getByRole('link', { name: 'Preview' }).first().click();
  await expect(page.getByText('1.1.0')).toBeVisible();
  await links(page).filter({ hasText: 'Sampler' }).click();
  await expect(inFrame(page).getByRole('heading', { name: 'Hello from the next Sampler' })).toBeVisible();
  await inFrame(page).getByRole('button', { name: 'Note it' }).click();
  await expect(inFrame(page).locator('#notes')).toHaveText('remember the milk');
  const { body } = await admin.get('/api/plugins/preview-sampler/state');
  expect(body).toMatchObject({ notes: [], servers: ['Real name of a server'] });
  expect((await admin.get('/api/admin/plugins/preview-sampler')).body.version).toBe('1.0.0');
  await discard(page, 'preview-sampler');
});

test('a browser that lets frames connect anywhere is told of, and shown made-up servers alone', async ({ page }) => {
  // Such a browser does not know the header; without it this one is as they are.
  const proxy = await ForgetfulProxy.open(panel, 'connection-allowlist');
  await page.goto(`${proxy.url}/admin/plugins/hello/preview`);
  await expect(page.getByText('This browser cannot keep everything in a frame.')).toBeVisible();
  await links(page).filter({ hasText: 'Servers' }).click();
  await expect(inFrame(page).getByRole('link', { name: 'Demo: survival' })).toBeVisible();
  await expect(inFrame(page).locator('main')).not.toContainText(/Real name/);
  const src = panel.url + (await page.locator('.so-preview-screen iframe').getAttribute('src'));
  const { items } = (await (await fetch(new URL('api/servers', src))).json()) as { items: { name: string }[] };
  expect(items.map(({ name }) => name)).toEqual(['Demo: survival', 'Demo: test server']);
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page).toHaveURL(`${proxy.url}/admin/plugins/hello`);
  await proxy.close();
});

test('nothing of the frame can lie over the page: Activate is always what it looks like', async ({ page }) => {
  await openPreview(page, 'hello');
  await inFrame(page)
    .locator('body')
    .evaluate((body) => {
      const cover = Object.assign(document.createElement('button'), { textContent: 'Win a prize' });
      cover.style.cssText = 'position:fixed;inset:-4000px;width:9000px;height:9000px;z-index:2147483647;opacity:.01';
      body.append(cover);
      cover.popover = 'manual';
      cover.showPopover();
      void document.documentElement.requestFullscreen?.().catch(() => undefined);
    });
  const activate = page.getByRole('button', { name: 'Activate' });
  const { x, y, width, height } = (await activate.boundingBox())!;
  const hit = await page.evaluate(
    ([left, top]) => document.elementFromPoint(left!, top!)?.localName,
    [x + width / 2, y + height / 2],
  );
  expect(hit).toBe('wa-button');
  await page.mouse.click(x + width / 2, y + height / 2);
  // One click leads to the question, which is elsewhere on the screen than the answer that agrees; the frame is gone.
  const agree = page.getByRole('button', { name: 'Allow and activate' });
  await expect(agree).toBeVisible();
  expect(await page.locator('iframe').count()).toBe(0);
  const box = (await agree.boundingBox())!;
  const over = x + width / 2 >= box.x && x + width / 2 <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  expect(over).toBe(false);
  await page.keyboard.press('Escape');
  await expect(heading(page)).toBeVisible();
  expect((await admin.get('/api/admin/plugins/hello')).body.state).toBe('inactive');
  await discard(page, 'hello');
});

test('shipped plugins and themes are tried without a complaint in the console', async ({ page }) => {
  test.setTimeout(120_000);
  const faults = faultsOf(page);
  for (const id of ['billing', 'server-stats', 'hello', 'theme-neon', 'theme-corporate']) {
    await openPreview(page, id);
    await expect(page.locator('.so-preview-toolbar').getByLabel('Theme').locator('option')).toContainText([
      'Sodium',
      /Neon|Corporate/,
      /Neon|Corporate/,
    ]);
    for (const link of (await links(page).all()).slice(1)) {
      await link.click();
      await expect(heading(page)).toBeVisible();
      await expect(inFrame(page).locator('.so-skeleton')).toHaveCount(0);
    }
    await discard(page, id);
  }
  // The look at the browser is one connection that has to fail.
  expect(faults.filter((fault) => !fault.includes('ERR_NETWORK_ACCESS_REVOKED'))).toEqual([]);
});

test('a preview that nobody looks at ends by the clock, says so, and starts again', async ({ page }) => {
  await openPreview(page, 'hello');
  const src = panel.url + (await page.locator('.so-preview-screen iframe').getAttribute('src'));
  process.kill(panel.pid, HALF_AN_HOUR);
  await expect(page.getByText('This preview has ended')).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(0);
  expect((await fetch(src)).status).toBe(404);
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(heading(page)).toBeVisible();
  const { items } = (await admin.get('/api/admin/audit')).body;
  const ends = (items as { action: string; target: string; details: { why?: string } }[]).filter(
    ({ action, target, details }) => action === 'preview.close' && target === 'hello' && details.why === 'expired',
  );
  expect(ends).toHaveLength(1);
  await discard(page, 'hello');
});
