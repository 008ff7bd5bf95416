import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.js';
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

/** One after the other in one page: light, dark and the width of a phone need no load of their own. */
async function look(page: Page, views: [name: string, path: () => string][]): Promise<void> {
  for (const [name, path] of views) {
    await page.goto(panel.url + path());
    await expectAccessible(page, name);
    // Also in the shadow roots of plugins: one heading says where one is.
    await expect(page.locator('h1'), name).toHaveCount(1);
  }
}

const isAdmin = ([name]: [string, unknown]): boolean => name.startsWith('admin ');

test('nothing that axe finds in what users see, light or dark, and nothing wider than a phone', async ({
  page,
  context,
}) => {
  test.setTimeout(300_000);
  await look(page, [['login', () => '/login']]);
  await logIn(context, panel);
  await look(
    page,
    Object.entries(VIEWS).filter((view) => !isAdmin(view)),
  );
});

test('nothing that axe finds in the admin area, light or dark, and nothing wider than a phone', async ({
  page,
  context,
}) => {
  test.setTimeout(300_000);
  await logIn(context, panel);
  await look(page, Object.entries(VIEWS).filter(isAdmin));
});
