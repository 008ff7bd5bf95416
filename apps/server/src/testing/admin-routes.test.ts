import express, { type IRouter } from 'express';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestPanel } from './test-panel.js';
import type { TestClient } from './test-client.js';

interface AdminRoute {
  method: string;
  path: string;
}
interface Layer {
  handle: unknown;
  route?: { path: string; methods: Record<string, boolean> };
}

const mounts = new Map<unknown, { path: string; router: unknown }[]>();
let panel: TestPanel;
let routes: AdminRoute[];

beforeAll(async () => {
  // Express forgets under which path a router was mounted: it is noted as it happens, by the panel's own code.
  const router = express.Router.prototype as IRouter;
  const use = router.use;
  const spy = vi.spyOn(router, 'use').mockImplementation(function (this: unknown, ...args: unknown[]) {
    const path = typeof args[0] === 'string' ? args[0] : '';
    const known = mounts.get(this) ?? [];
    mounts.set(this, [...known, ...args.filter(isRouter).map((mounted) => ({ path, router: mounted }))]);
    return (use as (...all: unknown[]) => never).apply(this, args);
  } as typeof use);
  panel = await TestPanel.start();
  spy.mockRestore();
  const [admin] = [...mounts.values()].flat().filter(({ path }) => path === '/api/admin');
  routes = below(admin!.router, '/api/admin');
});
afterAll(() => panel?.dispose());

const isRouter = (value: unknown): value is { stack: Layer[] } =>
  typeof value === 'function' && Array.isArray((value as { stack?: unknown }).stack);

function below(router: unknown, prefix: string): AdminRoute[] {
  const own = (router as { stack: Layer[] }).stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: prefix + route.path }))
      : [],
  );
  const mounted = (mounts.get(router) ?? []).flatMap((mount) => below(mount.router, prefix + mount.path));
  return [...own, ...mounted];
}

/** An address of the route, of things that do not exist. */
const address = (path: string): string => path.replace(/\*\w+/g, 'x.png').replace(/:\w+/g, 'nothing-here');
const changes = ({ method }: AdminRoute): boolean => method !== 'GET';

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
