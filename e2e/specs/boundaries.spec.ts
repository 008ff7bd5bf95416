import { expect, test, type Locator, type Page } from '@playwright/test';
import { BAD_CLIENTS, badPlugin } from '../support/bad-clients.js';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
});
test.afterAll(() => panel.dispose());
test.beforeEach(({ context }) => logIn(context, panel));

async function deactivateAll(): Promise<void> {
  for (const { id } of (await admin.get('/api/registry')).body.items)
    await admin.post(`/api/admin/plugins/${id}/deactivate`);
}

async function activate(id: string, files: Record<string, string | object>): Promise<void> {
  await panel.drop(id, files);
  const answer = await admin.activate(id);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

const logOf = async (id: string): Promise<string> =>
  ((await admin.get(`/api/admin/plugins/${id}/logs`)).body.items as { text: string }[])
    .map(({ text }) => text)
    .join('\n');

/** The place of a plugin's widget. */
const placeOf = (page: Page, id: string): Locator => page.locator(`sodium-contribution[data-plugin="${id}"]`);

const neighbour = {
  'plugin.json': {
    ...(badPlugin('neighbour', { client: '', says: /./ })['plugin.json'] as object),
    name: 'Neighbour',
    contributes: { widgets: [{ id: 'neighbour', title: 'Neighbour' }] },
  },
  'client.js':
    "export default (sodium) => sodium.ui.addDashboardWidget({ id: 'neighbour', title: 'Neighbour', render: () => sodium.lit.html`<p>All is well</p>` });",
};

test('plugins that fail in every way show a card in their own place, and the others work', async ({ page }) => {
  test.setTimeout(120_000);
  await deactivateAll();
  await activate('neighbour', neighbour);
  const kinds = Object.entries(BAD_CLIENTS);
  for (const [id, bad] of kinds) await activate(id, badPlugin(id, bad));
  await page.goto(`${panel.url}/`);
  await expect(page.getByText('All is well')).toBeVisible();
  for (const [id, bad] of kinds) {
    const place = placeOf(page, id);
    await place.scrollIntoViewIfNeeded();
    if (bad.click) await place.getByRole('button', { name: 'Break' }).click();
    const card = place.getByRole('alert');
    await expect(card, id).toContainText(bad.says, { timeout: bad.slow ? 30_000 : 15_000 });
    await expect(card, id).toContainText(`${id} 1.0.0`);
    await expect(card.getByRole('button', { name: 'Retry' })).toBeVisible();
  }
  await expect(page.getByRole('alert')).toHaveCount(kinds.length);
  await expect(page.getByText('All is well')).toBeVisible();
  for (const [id, bad] of kinds) await expect.poll(() => logOf(id), id).toMatch(bad.says);
  await page.getByRole('link', { name: 'Servers', exact: true }).first().click();
  await expect(page).toHaveURL(`${panel.url}/servers`);
});

test('a view that breaks while it leaves is told to the log, and to nobody who looks at something else', async ({
  page,
}) => {
  await deactivateAll();
  await activate('neighbour', neighbour);
  const client = `export default (sodium) => {
    class Leaver extends HTMLElement {
      connectedCallback() { this.textContent = 'Here for now'; }
      disconnectedCallback() { throw new Error('broke on leaving'); }
    }
    sodium.ui.addDashboardWidget({ id: 'bad-leaver', title: 'Leaver', element: Leaver });
  };`;
  await activate('bad-leaver', badPlugin('bad-leaver', { client, says: /./ }));
  await page.goto(`${panel.url}/`);
  await expect(page.getByText('Here for now')).toBeVisible();
  await page.getByRole('link', { name: 'Servers', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Servers' })).toBeVisible();
  await expect.poll(() => logOf('bad-leaver')).toMatch(/broke on leaving/);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('link', { name: 'Dashboard', exact: true }).first().click();
  await expect(page.getByText('Here for now')).toBeVisible();
  await admin.post('/api/admin/plugins/bad-leaver/deactivate');
  await expect(page.getByText('Here for now')).toHaveCount(0);
  await expect(page.getByText('All is well')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a client that has gone from disk is one card that says where it was looked for', async ({ page }) => {
  await deactivateAll();
  await activate('neighbour', neighbour);
  await activate('bad-import', badPlugin('bad-import', BAD_CLIENTS['bad-handler']!));
  await page.route(/bad-import\/.*client\.js/, (route) => route.fulfill({ status: 404, body: 'gone' }));
  await page.goto(`${panel.url}/`);
  await expect(placeOf(page, 'bad-import').getByRole('alert')).toContainText(/could not be loaded/);
  await expect(page.getByText('All is well')).toBeVisible();
  await page.unroute(/bad-import\/.*client\.js/);
  await placeOf(page, 'bad-import').getByRole('button', { name: 'Retry' }).click();
  await expect(placeOf(page, 'bad-import').getByRole('button', { name: 'Break' })).toBeVisible();
});

test('a plugin that fails without end fills neither the log nor the network', async ({ page }) => {
  await deactivateAll();
  const client =
    "export default () => { let n = 0; setInterval(() => { n += 1; throw new Error('again ' + n); }, 5); };";
  await activate('bad-timer', { ...badPlugin('bad-timer', { client, says: /./ }) });
  let reports = 0;
  page.on('request', (request) => (reports += request.url().endsWith('/api/client-errors') ? 1 : 0));
  await page.goto(`${panel.url}/`);
  await expect.poll(() => reports).toBe(5);
  await page.waitForFunction(() => performance.now() > 6_000);
  expect(reports).toBe(5);
});

test('a plugin that blocks the page is named in its log', async ({ page }) => {
  await deactivateAll();
  const client = `export default (sodium) => sodium.ui.addDashboardWidget({ id: 'bad-block', title: 'Block', render: () => sodium.lit.html\`<button @click=\${() => { const until = performance.now() + 3000; while (performance.now() < until); }}>Block</button>\` });`;
  await activate('bad-block', badPlugin('bad-block', { client, says: /./ }));
  await page.goto(`${panel.url}/`);
  await page.getByRole('button', { name: 'Block' }).click();
  await expect.poll(() => logOf('bad-block')).toMatch(/kept the page from answering for 3 s/);
});

test('safe mode loads no plugin’s code until it is left', async ({ page }) => {
  await deactivateAll();
  await activate('neighbour', neighbour);
  const loaded: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/plugins/')) loaded.push(request.url());
  });
  await page.goto(`${panel.url}/?safe=1`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.goto(`${panel.url}/servers`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(loaded).toEqual([]);
  expect(await page.locator('sodium-contribution').count()).toBe(0);
});
