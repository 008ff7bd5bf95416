import { expect, test, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from '../support/accessible.js';
import { Client } from '../support/client.js';
import { faultsOf, logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

const SERVER = `export default (sodium) => {
  sodium.db.registerCollections(['notes']);
  let finish = () => {};
  sodium.cron.register('tidy', '0 3 * * *', () => new Promise((resolve) => { finish = resolve; }));
  sodium.http.registerRoutes((r) => {
    r.post('/finish', (req, res) => { finish(); res.json({}); });
    r.post('/log/:level/:text', (req, res) => { sodium.logger[req.params.level](req.params.text); res.json({}); });
    r.post('/flood/:count', (req, res) => {
      for (let n = 1; n <= Number(req.params.count); n++) sodium.logger.info('flood ' + n);
      res.json({});
    });
    r.post('/note', (req, res) => res.json(sodium.db.insert('notes', { text: 'x' })));
    r.post('/send', async (req, res) => { await fetch('https://example.com/hook').catch(() => undefined); res.json({}); });
    r.get('/bad', () => { throw new Error('bad'); });
  });
};`;

let panel: Panel;
let admin: Client;
test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  await panel.drop('worker', {
    'plugin.json': {
      id: 'worker',
      name: 'Worker',
      version: '1.0.0',
      type: 'feature',
      sodium: '>=1.0.0',
      permissions: ['http:routes', 'db:own', 'cron:register', 'webhooks:send'],
      network: { hosts: ['api.example.org'] },
    },
    'server.js': SERVER,
  });
  expect((await admin.activate('worker')).status).toBe(200);
});
test.afterAll(() => panel.dispose());

const call = (path: string): Promise<unknown> => admin.post(`/api/plugins/worker/${path}`);
const open = (page: Page, path: string): Promise<unknown> => page.goto(`${panel.url}${path}`);
const tab = (page: Page, id: string): Promise<unknown> => open(page, `/admin/plugins/worker?tab=${id}`);

test('an admin follows a log as it is written, searches it, and reads in peace after scrolling up', async ({
  page,
  context,
}) => {
  await logIn(context, panel);
  const faults = faultsOf(page);
  await tab(page, 'logs');
  const log = page.getByRole('log');
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await call('log/warn/careful');
  await expect(log.getByText('careful')).toBeVisible();

  await test.step('levels and words', async () => {
    await call('log/debug/whisper');
    await call('log/error/trouble');
    await expect(log.getByText('trouble')).toBeVisible();
    await page.getByText('Warnings', { exact: true }).click();
    await expect(log.getByText('whisper')).toHaveCount(0);
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('TROUB');
    await expect(log.locator('mark')).toHaveText('troub');
    await expect(log.getByText('careful')).toHaveCount(0);
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('');
    await page.getByText('All', { exact: true }).click();
  });

  await test.step('following pauses when somebody scrolls up, and goes on at the newest', async () => {
    await call('flood/80');
    await expect(log.getByText('flood 80')).toBeInViewport();
    await log.evaluate((screen) => screen.scrollTo({ top: 0 }));
    const jump = page.getByRole('button', { name: /Jump to newest/ });
    await expect(jump).toBeVisible();
    await call('log/info/while-reading');
    await expect(page.getByRole('button', { name: 'Jump to newest (1 new)' })).toBeVisible();
    await expect(log.getByText('while-reading')).not.toBeInViewport();
    expect(await log.evaluate((screen) => screen.scrollTop)).toBe(0);
    await jump.click();
    await expect(log.getByText('while-reading')).toBeInViewport();
    await expect(jump).toHaveCount(0);
  });

  await test.step('the view is cleared, and what was there can come back', async () => {
    await page.getByRole('button', { name: 'Clear the view' }).click();
    await expect(log.getByText('while-reading')).toHaveCount(0);
    await call('log/info/fresh');
    await expect(log.getByText('fresh')).toBeVisible();
    await page.getByRole('button', { name: 'Show earlier lines again' }).click();
    await expect(log.getByText('while-reading')).toBeVisible();
  });

  await test.step('lines are copied with their times', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('careful');
    await page.getByRole('button', { name: 'Copy what is shown' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\d{4}-.*Z warn careful$/);
  });
  await expectAccessible(page);
  expect(faults).toEqual([]);
});

test('plugin code in an admin’s own browser reads no log', async ({ page, context }) => {
  await logIn(context, panel);
  await open(page, '/');
  const status = (path: string): Promise<number> =>
    page.evaluate(async (address) => (await fetch(address)).status, `/api/admin/plugins/worker/${path}`);
  expect(await status('logs?follow=1')).toBe(403);
  expect(await status('logs')).toBe(403);
});

test('figures and requests appear after calls', async ({ page, context }) => {
  await logIn(context, panel);
  for (let n = 0; n < 5; n++) await call('note');
  await call('send');
  await admin.get('/api/plugins/worker/bad');
  await tab(page, 'activity');
  await expect(page.getByRole('img', { name: /^Calls per minute: \d/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /Slowest 1 %: .*Median: / })).toBeVisible();
  await expect(page.locator('sodium-plugin-activity canvas')).toHaveCount(5);
  await page.getByText('The figures as a table').click();
  await expect(page.locator('details table tbody tr').first()).toBeVisible();

  const requests = page.locator('sodium-plugin-egress');
  await expect(requests.getByRole('row', { name: /example\.com.*Refused/ })).toContainText('network.hosts');
  await expect(requests).not.toContainText('/hook');
  await requests.getByText('Answered', { exact: true }).click();
  await expect(requests.getByText('No request fits.')).toBeVisible();
  await expectAccessible(page);
});

test('a task is run now, with its progress and how it went', async ({ page, context }) => {
  await logIn(context, panel);
  await tab(page, 'schedules');
  const tasks = page.locator('sodium-plugin-crons');
  await expect(tasks.getByText('It has not run yet.')).toBeVisible();
  await tasks.getByRole('button', { name: /^Run now/ }).click();
  await expect(tasks.getByText('Running', { exact: true })).toBeVisible();
  await call('finish');
  await expect(tasks.getByRole('row', { name: /Done .*ada/ })).toBeVisible();
  await expect(tasks.getByText('Running', { exact: true })).toHaveCount(0);
  await expectAccessible(page);
});

test('collections are listed with their documents and the quota', async ({ page, context }) => {
  await logIn(context, panel);
  await call('note');
  await tab(page, 'data');
  await expect(page.getByRole('meter', { name: 'Used of the quota' })).toHaveAttribute(
    'aria-valuetext',
    /of 16\.0 MiB/,
  );
  await expect(page.getByRole('row', { name: /notes [1-9]/ })).toBeVisible();
  await expectAccessible(page);
});

test('the overview names the plugins that need a look, and makes a token that works once shown', async ({
  page,
  context,
}) => {
  await logIn(context, panel);
  await admin.get('/api/plugins/worker/bad');
  await open(page, '/admin');
  await expect(page.locator('sodium-plugin-load').getByRole('row', { name: /Worker/ })).toBeVisible();
  const card = page.locator('sodium-metrics-token');
  await expect(card).toContainText('only administrators read it');
  await card.getByRole('button', { name: 'Make a token' }).click();
  const token = await card.locator('code').textContent();
  const read = (): Promise<number> =>
    fetch(`${panel.url}/metrics`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
  expect(await read()).toBe(200);
  await expectAccessible(page);
  await page.reload();
  await expect(card).toContainText('was made on');
  await expect(card).not.toContainText(token!);
  await card.getByRole('button', { name: 'Revoke the token' }).click();
  await page.locator('wa-dialog').getByRole('button', { name: 'Revoke the token' }).click();
  await expect(card).toContainText('only administrators read it');
  expect(await read()).toBe(401);
});

test('the audit log is filtered, shows what changed, and the address keeps the filter', async ({ page, context }) => {
  await logIn(context, panel);
  await admin.put('/api/admin/plugins/worker/permissions', { revoked: ['webhooks:send'] });
  await open(page, '/admin/audit');
  await page.getByRole('combobox', { name: 'What' }).selectOption({ label: 'Permissions of plugins' });
  const rows = page.locator('tbody tr');
  await expect(rows).toHaveCount(1);
  await expect(rows.locator('ins')).toHaveText('+ webhooks:send');
  await expect(page).toHaveURL(/action=plugin\.permissions/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('searchbox', { name: 'On what' }).fill('somebody else');
  await expect(page.getByText('No entry fits')).toBeVisible();
});

test('the data of a removed plugin are exported and deleted', async ({ page, context }) => {
  await logIn(context, panel);
  await call('note');
  expect((await admin.delete('/api/admin/plugins/worker?data=keep')).status).toBe(204);
  await open(page, '/admin/plugin-data');
  const row = page.getByRole('row', { name: /worker/ });
  await expect(row).toBeVisible();
  await expectAccessible(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: 'Export' }).click(),
  ]);
  const files = unzipSync(await readFile(await download.path()));
  expect(JSON.parse(Buffer.from(files['collections/notes.json']!).toString()).length).toBeGreaterThan(0);
  await row.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete the data' }).click();
  await expect(page.getByText('Nothing is left over')).toBeVisible();
});
