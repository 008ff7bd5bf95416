import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPlugin, type TestPlugin } from './index.js';

const CLIENT = `export default function (sodium) {
  const { html } = sodium.lit;
  sodium.ui.addDashboardWidget({ id: 'sum', title: 'Sum', size: 'small', render: async ({ size }) => {
    const { sum } = await sodium.api.get('/sum');
    return html\`<p>\${size} sum is \${sum} for \${sodium.user.username}</p>\`;
  } });
  sodium.ui.addServerTab({ id: 'cost', label: 'Cost', render: (id, live) => html\`<p>\${live.server.name} is \${live.server.state}</p>\` });
  sodium.ui.addAdminTab({ id: 'totals', label: 'Totals', render: () => html\`<button @click=\${(event) => (event.target.textContent = 'Pressed')}>Press</button>\` });
  sodium.ui.registerPages({ '/probe/:name': { title: 'Probe', render: ({ params }) => {
    if (params.name === 'bad') throw new Error('that page is bad');
    return html\`<h2 style="color: var(--sodium-color-text)">\${params.name}</h2>\`;
  } } });
}`;

let plugin: TestPlugin;

beforeAll(async () => {
  plugin = await testPlugin({
    plugin: {
      manifest: { id: 'view-probe', permissions: ['http:routes', 'ui:pages', 'ui:admin', 'ui:sidebar'] },
      server: `export default (sodium) => sodium.http.registerRoutes((router) => router.get('/sum', (req, res) => res.json({ sum: 42 })));`,
      client: CLIENT,
    },
    servers: [{ name: 'alpha', state: 'running' }],
  });
});
afterAll(() => plugin?.dispose());

test('a page is shown in the theme and size that were asked for', async () => {
  await using dark = await plugin.mount({ page: '/probe/hello' }, { theme: 'dark', viewport: 'phone' });
  const title = dark.root.getByRole('heading', { name: 'hello' });
  const brightness = (color: string): number => Math.max(...color.match(/[\d.]+/g)!.map(Number));
  const colorOf = (): Promise<string> => title.evaluate((element) => getComputedStyle(element).color);
  expect(await dark.page.evaluate(() => innerWidth)).toBe(390);
  const onDark = await colorOf();
  await using light = await plugin.mount({ page: '/probe/hello' });
  const onLight = await light.root.getByRole('heading').evaluate((element) => getComputedStyle(element).color);
  expect(brightness(onDark)).not.toBe(brightness(onLight));
  expect([...dark.errors, ...light.errors]).toEqual([]);
});

test('a widget, a server tab and an admin tab are shown where the panel shows them', async () => {
  await using widget = await plugin.mount({ widget: 'sum' }, { user: 'root' });
  await widget.root.getByText('small sum is 42 for root').waitFor();
  await using tab = await plugin.mount({ tab: 'cost' });
  await tab.root.getByText('alpha is running').waitFor();
  await using adminTab = await plugin.mount({ adminTab: 'totals' });
  await adminTab.root.getByRole('button', { name: 'Press' }).click();
  await adminTab.root.getByRole('button', { name: 'Pressed' }).waitFor();
});

test('what fails to show says why', async () => {
  await expect(plugin.mount({ page: '/probe/bad' })).rejects.toThrow(/"\/probe\/bad"} failed: .*that page is bad/);
});
