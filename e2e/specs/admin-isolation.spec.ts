import { expect, test } from '@playwright/test';
import { Client } from '../support/client.js';
import { logIn } from '../support/login.js';
import { Panel } from '../support/panel.js';

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
  await panel.dropFixture('prober');
  await admin.activate('prober');
  await admin.activate('hello');
});
test.afterAll(() => panel.dispose());

test('plugin code in an admin’s own browser reaches nothing of the admin area', async ({ page, context }) => {
  await logIn(context, panel);
  await page.goto(`${panel.url}/prober`);
  const results = JSON.parse(await page.locator('#results').innerText({ timeout: 40_000 })) as Record<string, string>;
  for (const attempt of ['fetch', 'fetchGuess', 'fetchPost', 'fetchNoReferrer', 'xhr']) {
    expect(results[attempt], attempt).toMatch(/^403/);
  }
  expect(results.document).toBe('refused');
  expect(results.documentHtml).toBe('refused');
  expect(results.frame).not.toMatch(/token .{10}/);
  expect(results.popup).not.toMatch(/token .{10}/);
  expect(results.worker).toMatch(/^refused/);
  const row = (await admin.get('/api/admin/plugins/hello')).body;
  expect(row.state).toBe('active');
});

test('the admin area works in the same browser, as a page of its own', async ({ page, context }) => {
  await logIn(context, panel);
  const response = await page.goto(`${panel.url}/admin/plugins`);
  expect(response!.headers()['cross-origin-opener-policy']).toBe('same-origin');
  expect(response!.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
  await expect(page.getByRole('link', { name: 'Prober' })).toBeVisible();
  expect(await page.evaluate(() => document.querySelectorAll('sodium-contribution').length)).toBe(0);
});

test('users, strangers and foreign pages are refused before anything is read', async () => {
  const user = new Client(panel);
  await user.post('/api/auth/register', { username: 'bob', email: 'bob@example.com', password: 'another password' });
  const stranger = new Client(panel);
  for (const [method, path] of [
    ['GET', '/api/admin/plugins'],
    ['GET', '/api/admin/plugins/hello'],
    ['POST', '/api/admin/plugins/hello/activate'],
    ['POST', '/api/admin/plugins/hello/deactivate'],
    ['PUT', '/api/admin/plugins/hello/settings'],
    ['GET', '/api/admin/plugins/hello/settings'],
    ['GET', '/api/admin/plugins/hello/logs'],
    ['GET', '/api/admin/users'],
    ['DELETE', '/api/admin/users/x'],
    ['GET', '/api/admin/audit'],
    ['PATCH', '/api/admin/system'],
    ['GET', '/api/admin/nothing'],
  ] as const) {
    const body = method === 'GET' ? undefined : '{ torn';
    expect((await stranger.request(method, path, body)).status, `${method} ${path}`).toBe(401);
    expect((await user.request(method, path, body)).status, `${method} ${path}`).toBe(403);
    if (method !== 'GET')
      expect((await admin.request(method, path, body, { origin: 'https://evil.example' })).status).toBe(403);
  }
  expect((await admin.post('/api/admin/plugins/hello/activate', '{ torn')).status).toBe(400);
});
