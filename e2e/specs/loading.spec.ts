import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
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

const manifest = (id: string, more: object = {}): object => ({
  id,
  name: id,
  version: '1.0.0',
  type: 'feature',
  author: 'Ada',
  description: 'Comes and goes.',
  sodium: '>=1.0.0',
  permissions: ['ui:pages', 'ui:sidebar'],
  hooks: [],
  settings: {},
  styles: ['assets/guest.css'],
  contributes: {
    pages: [{ path: `/${id}`, title: 'Guest page' }],
    sidebar: [{ label: 'Guest', href: `/${id}` }],
    widgets: [{ id, title: 'Guest widget' }],
  },
  ...more,
});

/** A plugin that touches whatever it can: elements, styles, listeners, timers that it gives back when it is told to. */
const client = (id: string, text: string): string => `export default (sodium) => {
  const { html, LitElement, css } = sodium.lit;
  class Guest extends LitElement {
    static styles = css\`p { color: green; font-family: Guest }\`;
    constructor() { super(); this.ballast = new Array(50_000).fill(Math.random()); }
    render() { return html\`<p>${text}</p>\`; }
  }
  sodium.ui.registerPages({ '/${id}': { title: 'Guest page', element: Guest } });
  sodium.ui.addSidebarItem({ label: 'Guest', href: '/${id}', badge: () => 1 });
  sodium.ui.addDashboardWidget({ id: '${id}', title: 'Guest widget', element: Guest });
  const listener = () => undefined;
  window.addEventListener('resize', listener);
  sodium.live.on('server:state', () => undefined);
  sodium.hooks.on('sidebar:items', () => {});
  sodium.theme.subscribe(() => undefined);
  return () => window.removeEventListener('resize', listener);
};`;

const guest = (id: string, text: string, more: object = {}): Record<string, string | object> => ({
  'plugin.json': manifest(id, more),
  'client.js': client(id, text),
  'assets/guest.css': '@font-face { font-family: Guest; src: url("fonts/guest.woff2") } p { font-weight: 700 }',
});

const FONT = new URL('../../plugins/theme-neon/assets/fonts/oxanium.woff2', import.meta.url);

async function activate(id: string, files: Record<string, string | object>): Promise<void> {
  const fonts = `${panel.data}/plugins/${id}/assets/fonts`;
  await mkdir(fonts, { recursive: true });
  await copyFile(FONT, `${fonts}/guest.woff2`);
  await panel.drop(id, files);
  const answer = await admin.activate(id);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

const traces = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => {
    const all = (root: ParentNode): Element[] =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        element,
        ...(element.shadowRoot ? all(element.shadowRoot) : []),
      ]);
    const elements = all(document);
    return {
      contributions: elements.filter((element) => element.localName === 'sodium-contribution').length,
      guests: elements.filter((element) => element.localName.startsWith('guest')).length,
      styles: elements.filter((element) => element.matches('link[href*="guest"], style[data-plugin]')).length,
      fonts: [...document.fonts].filter(({ family }) => family === 'Guest').length,
      links: elements.filter((element) => element.matches('a[href="/guest"]')).length,
    };
  });

test('activation, update and deactivation reach an open shell without a reload, and leave nothing', async ({
  page,
}) => {
  await page.goto(`${panel.url}/`);
  await page.evaluate(() => ((window as unknown as { here: boolean }).here = true));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const before = await traces(page);

  await activate('guest', guest('guest', 'First version'));
  await expect(page.getByRole('navigation').getByRole('link', { name: /Guest/ })).toBeVisible();
  await expect(page.getByText('First version')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: /Guest/ }).click();
  await expect(page).toHaveURL(`${panel.url}/guest`);
  await expect(page.getByText('First version')).toBeVisible();
  const fonts = () => page.evaluate(() => [...document.fonts].map(({ family, status }) => `${family} ${status}`));
  await expect.poll(fonts).toContain('Guest loaded');

  await activate('guest', guest('guest', 'Second version', { version: '1.1.0' }));
  await expect(page.getByText('Second version')).toBeVisible();
  await expect(page.getByText('First version')).toBeHidden();

  await admin.post('/api/admin/plugins/guest/deactivate');
  await expect(page.getByRole('navigation').getByRole('link', { name: /Guest/ })).toHaveCount(0);
  await expect(page.getByText('Second version')).toBeHidden();
  await page.getByRole('navigation').getByRole('link', { name: 'Dashboard' }).first().click();
  await expect(page).toHaveURL(`${panel.url}/`);
  await expect.poll(() => traces(page)).toEqual(before);
  expect(await page.evaluate(() => (window as unknown as { here: boolean }).here)).toBe(true);
});

test('what was typed into a page stays when its plugin is updated, until the new version is asked for', async ({
  page,
}) => {
  const version = (number: string): Record<string, string | object> => ({
    'plugin.json': {
      id: 'typed',
      name: 'Typed',
      version: number,
      type: 'feature',
      sodium: '>=1.0.0',
      permissions: ['ui:pages'],
      contributes: { pages: [{ path: '/typed', title: 'Typed' }] },
    },
    // Some time in which neither version runs.
    'server.js': 'export default () => new Promise((go) => setTimeout(go, 500));',
    'client.js': `export default (sodium) => sodium.ui.registerPages({ '/typed': { title: 'Typed', render: () =>
      sodium.lit.html\`<h2>Version ${number}</h2><label>Note <input /></label>\` } });`,
  });
  await activate('typed', version('1.0.0'));
  await page.goto(`${panel.url}/typed`);
  await page.getByLabel('Note').fill('mine');
  await activate('typed', version('2.0.0'));
  await expect(page.getByText('Typed was updated to 2.0.0.')).toBeVisible();
  await expect(page.getByLabel('Note')).toHaveValue('mine');
  await page.getByRole('button', { name: 'Load the new version' }).click();
  await expect(page.getByRole('heading', { name: 'Version 2.0.0' })).toBeVisible();
  await expect(page.getByLabel('Note')).toHaveValue('');
  await admin.post('/api/admin/plugins/typed/deactivate');
});

test('200 activations and deactivations in one open shell leave its heap as it was', async ({ page, context }) => {
  test.setTimeout(240_000);
  await panel.drop('guest', guest('guest', 'Here now'));
  await page.goto(`${panel.url}/`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const cdp = await context.newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  const heap = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };
  const listeners = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSEventListeners')!.value;
  };
  await cdp.send('Performance.enable');
  const cycle = async (): Promise<void> => {
    expect((await admin.activate('guest')).status).toBe(200);
    await expect(page.getByText('Here now')).toBeVisible();
    await admin.post('/api/admin/plugins/guest/deactivate');
    await expect(page.getByText('Here now')).toHaveCount(0);
  };
  for (let count = 0; count < 20; count += 1) await cycle();
  const [heapBefore, listenersBefore] = [await heap(), await listeners()];
  for (let count = 0; count < 200; count += 1) await cycle();
  const [heapAfter, listenersAfter] = [await heap(), await listeners()];
  // One instance of the element alone holds 400 kB.
  expect(heapAfter - heapBefore).toBeLessThan(2_000_000);
  expect(listenersAfter - listenersBefore).toBeLessThan(20);
});

test('when the panel goes away the shell says so, and is current again once it is back', async ({ page }) => {
  await activate('guest', guest('guest', 'Still here'));
  await page.goto(`${panel.url}/guest`);
  await expect(page.getByText('Still here')).toBeVisible();
  await page.evaluate(() => ((window as unknown as { here: boolean }).here = true));
  const port = Number(new URL(panel.url).port);
  await panel.kill();
  await expect(page.getByText(/The panel cannot be reached/).first()).toBeVisible();
  await expect(page.getByText('Still here')).toBeVisible();

  const config = JSON.parse(await readFile(`${panel.data}/config.json`, 'utf8')) as { plugins: { active: string[] } };
  config.plugins.active = config.plugins.active.filter((id) => id !== 'guest');
  await writeFile(`${panel.data}/config.json`, JSON.stringify(config));
  panel = await Panel.start({ data: panel.data, port });
  await expect(page.getByText(/The panel cannot be reached/)).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole('navigation').getByRole('link', { name: /Guest/ })).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { here: boolean }).here)).toBe(true);
  await activate('guest', guest('guest', 'Back again'));
  await expect(page.getByRole('navigation').getByRole('link', { name: /Guest/ })).toBeVisible();
});

test('a plugin’s code is fetched when its link is pointed at, and not before', async ({ page }) => {
  const plain = {
    ...guest('guest', 'Fetched'),
    'plugin.json': manifest('guest', {
      version: '1.2.0',
      contributes: { pages: [{ path: '/guest', title: 'Guest page' }], sidebar: [{ label: 'Guest', href: '/guest' }] },
    }),
  };
  await activate('guest', plain);
  const fetched: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('client.js')) fetched.push(request.url());
  });
  await page.goto(`${panel.url}/servers`);
  await expect(page.getByRole('navigation').getByRole('link', { name: /Guest/ })).toBeVisible();
  await page.waitForFunction(() => performance.now() > 3_000);
  expect(fetched).toEqual([]);
  await page.getByRole('navigation').getByRole('link', { name: /Guest/ }).hover();
  await expect.poll(() => fetched.length).toBe(1);
  await page.getByRole('navigation').getByRole('link', { name: /Guest/ }).click();
  await expect(page.getByText('Fetched')).toBeVisible();
  expect(fetched).toHaveLength(1);
});

test('a plugin that was built against modules of another panel is refused with what to do', async ({ page }) => {
  await activate('guest', guest('guest', 'Never seen', { version: '2.0.0', shared: { lit: '^99.0.0' } }));
  await page.goto(`${panel.url}/guest`);
  const card = page.getByRole('alert');
  await expect(card).toContainText('It was built against "lit" ^99.0.0, but this panel has 3.');
  await expect(card).toContainText('Install a version of the plugin that was built for this panel');
  await expect(page.getByText('Never seen')).toBeHidden();
});
