import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';
import type { TestClient } from './test-client.js';
import { walkRoutes, type KnownRoute } from './walk-routes.js';

let panel: TestPanel;
let routes: readonly KnownRoute[];

beforeAll(async () => {
  const walked = await walkRoutes(() => TestPanel.start());
  panel = walked.started;
  routes = walked.routes.filter(({ path }) => path.startsWith('/api/admin/'));
});
afterAll(() => panel?.dispose());

/** An address of the route, of things that do not exist. */
const address = (path: string): string => path.replace(/\*\w+/g, 'x.png').replace(/:\w+/g, 'nothing-here');
const changes = ({ method }: KnownRoute): boolean => method !== 'GET';

async function answers(
  client: TestClient,
  options: { headers?: Record<string, string>; body?: unknown } = {},
  list = routes,
): Promise<string[]> {
  const told: string[] = [];
  for (const { method, path } of list) {
    const body = method === 'GET' ? undefined : options.body;
    const { status, json } = await client.call(method, address(path), { ...options, body });
    told.push(`${status} ${json?.error?.code ?? ''} ${method} ${path}`);
  }
  return told;
}
const all = (said: string, list = routes): string[] => list.map(({ method, path }) => `${said} ${method} ${path}`);

test('the table holds every resource of the admin area', () => {
  const paths = routes.map(({ method, path }) => `${method} ${path}`);
  for (const known of [
    'POST /api/admin/plugins/install',
    'PUT /api/admin/plugins/:id/settings',
    'POST /api/admin/plugins/:id/settings/test',
    'GET /api/admin/plugins/:id/files/*path',
    'GET /api/admin/audit/',
    'DELETE /api/admin/users/:id',
  ])
    expect(paths).toContain(known);
  expect(routes.length).toBeGreaterThan(35);
});

test('nobody, and no user, is let near any of them', async () => {
  expect(await answers(panel.nobody)).toEqual(all('401 LOGIN_REQUIRED'));
  expect(await answers(panel.user, { body: '{"broken', headers: { 'content-type': 'application/json' } })).toEqual(
    all('403 ADMIN_ONLY'),
  );
});

test('an admin’s browser is refused without the token of the admin document', async () => {
  const browsers: Record<string, string>[] = [
    { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    { 'sec-fetch-site': 'same-origin', 'x-sodium-admin': 'guessed' },
    { 'user-agent': 'Mozilla/5.0', 'accept-language': 'en' },
  ];
  for (const headers of browsers)
    expect(await answers(panel.admin, { headers })).toEqual(all('403 ADMIN_TOKEN_REQUIRED'));
});

test('pages of other origins and sealed frames are refused', async () => {
  const changing = routes.filter(changes);
  const evil = { origin: 'https://evil.example' };
  expect(await answers(panel.admin, { headers: evil }, changing)).toEqual(all('403 FOREIGN_ORIGIN', changing));
  expect(await answers(panel.admin, { headers: { origin: 'null' } })).toEqual(all('403 FOREIGN_ORIGIN'));
});

test('no body makes the panel fail or changes anything', async () => {
  const before = (await panel.admin.get('/api/admin/audit?limit=200')).json;
  const changing = routes.filter((route) => changes(route) && !WITHOUT_BODY.test(route.path));
  for (const body of ['{"broken', 'null', '[]', '"text"', '{"__proto__":{"admin":true}}', '\u0000']) {
    const told = await answers(panel.admin, { body, headers: { 'content-type': 'application/json' } }, changing);
    expect(told.filter((line) => !/^4\d\d [A-Z_]+ /.test(line))).toEqual([]);
  }
  const { items } = (await panel.admin.get('/api/admin/audit?limit=200')).json;
  expect(items.length).toBe(before.items.length);
});

/** These take no body, and find something to do even at an address of nothing. */
const WITHOUT_BODY = /\/(frames\/:token|preview|metrics-token)$/;
