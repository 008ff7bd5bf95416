import http from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually, TestPanel } from './test-panel.js';

let panel: TestPanel;
const active: string[] = [];
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterEach(async () => {
  await panel.deactivate(...active.splice(0));
});
afterAll(() => panel.dispose());

async function activate(id: string, permissions: string[], server: string, more: object = {}): Promise<void> {
  await panel.activate(id, {
    manifest: { permissions, ...more },
    server: `export default function (sodium) {\n${server}\n}`,
  });
  active.push(id);
}
const create = () => panel.user.post('/api/servers', { name: 'box', template: 'nodejs' });

test('a plugin that keeps failing is quarantined with the reason, its veto stands, and a restart releases it', async () => {
  await activate(
    'spinner',
    ['http:routes', 'servers:read'],
    `
    sodium.hooks.on('server:beforeCreate', () => {});
    sodium.http.registerRoutes((r) => { r.get('/', (req, res) => res.send('fine')); r.get('/spin', () => { for (;;); }); });`,
    { hooks: ['server:beforeCreate'] },
  );
  await activate(
    'neighbour',
    ['http:routes'],
    `sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.send('here')));`,
  );
  expect((await create()).status).toBe(201);
  for (let n = 0; n < 3; n++) {
    await eventually(
      () => panel.user.get('/api/plugins/spinner/'),
      ({ status }) => expect(status).toBe(200),
      20_000,
    );
    const spinning = panel.user.get('/api/plugins/spinner/spin');
    expect((await panel.user.get('/api/plugins/neighbour/')).text).toBe('here');
    expect(await spinning).toMatchObject({
      status: 503,
      json: { error: { plugin: 'spinner', message: expect.stringContaining('endless loop') } },
    });
  }
  const quarantined = { state: 'quarantined', reason: expect.stringContaining('processor'), fix: expect.any(String) };
  await eventually(
    () => panel.row('spinner'),
    (row) => expect(row).toMatchObject(quarantined),
  );
  expect((await panel.user.get('/api/plugins/spinner/')).status).toBe(503);
  expect((await create()).json.error).toMatchObject({ code: 'SERVER_CREATE_DENIED', plugin: 'spinner' });
  expect((await panel.user.get('/api/plugins/neighbour/')).text).toBe('here');
  expect((await panel.admin.post('/api/admin/plugins/spinner/restart')).json).toMatchObject({ state: 'active' });
  expect((await panel.user.get('/api/plugins/spinner/')).text).toBe('fine');
  expect((await create()).status).toBe(201);
}, 90_000);

test('a reader that leaves in the middle of a large answer costs nothing', async () => {
  await activate(
    'generous',
    ['http:routes'],
    `sodium.http.registerRoutes((r) => { r.get('/', (req, res) => res.send(new Uint8Array(8 * 1024 * 1024))); r.get('/small', (req, res) => res.send('ok')); });`,
  );
  const { hostname, port } = new URL(panel.url);
  for (let n = 0; n < 40; n++) {
    await new Promise<void>((resolve, reject) => {
      const request = http.get(
        { hostname, port, path: '/api/plugins/generous/', headers: { cookie: panel.user.sessionCookie } },
        (response) => {
          response.once('data', () => {
            request.destroy();
            resolve();
          });
        },
      );
      request.on('error', reject);
    });
    expect((await panel.user.get('/api/plugins/generous/small')).text).toBe('ok');
  }
  const started = performance.now();
  await panel.deactivate(...active.splice(0));
  // Nothing is under way any more that it would have to wait for.
  expect(performance.now() - started).toBeLessThan(3000);
  expect((await panel.row('generous')).reason ?? '').toBe('');
});

test('a fault in an after-hook or a task is told in the log, with its file and line, and harms nobody', async () => {
  await activate(
    'clumsy',
    ['servers:read', 'cron:register'],
    `
    sodium.hooks.on('server:onCreate', (ctx) => { ctx.server.missing.field = 1; });
    sodium.cron.register('later', '0 0 * * *', async () => { await null; undefined.x; });
    setTimeout(() => { throw new Error('in a timer'); }, 10);
    Promise.reject(new Error('nobody waits'));`,
    { hooks: ['server:onCreate'] },
  );
  expect((await create()).status).toBe(201);
  await panel.admin.post('/api/admin/plugins/clumsy/crons/later/run');
  await eventually(
    () => panel.logs('clumsy').then((lines) => lines.join('\n')),
    (text) => {
      expect(text).toMatch(/handler of server:onCreate[\s\S]*plugin:clumsy\/server\.js:3/);
      expect(text).toMatch(/task "later"[\s\S]*plugin:clumsy\/server\.js:4/);
      expect(text).toContain('in a timer');
      expect(text).toContain('nobody waits');
    },
  );
  expect((await panel.row('clumsy')).state).toBe('active');
});

test('the sidebar does not wait for a plugin that hangs', async () => {
  await activate('hanging', ['ui:sidebar'], `sodium.hooks.on('sidebar:items', () => new Promise(() => {}));`, {
    hooks: ['sidebar:items'],
  });
  const items = [{ id: 'home', label: 'Home', href: '/' }];
  const started = performance.now();
  expect((await panel.user.post('/api/registry/sidebar', { items })).json).toEqual({ items });
  expect(performance.now() - started).toBeLessThan(1500);
});

test('an id in an address never leads out of the plugins’ folder', async () => {
  const list = async () => (await panel.admin.get('/api/admin/plugins')).json.items;
  const before = await list();
  for (const id of [
    '..',
    '..%2F..%2Fetc',
    '%2e%2e%2fdb',
    '.hidden',
    '__proto__',
    'constructor',
    'a%00b',
    'a'.repeat(300),
  ]) {
    for (const path of [
      `/api/admin/plugins/${id}`,
      `/api/admin/plugins/${id}/settings`,
      `/api/admin/plugins/${id}/logs`,
    ]) {
      const answer = await panel.admin.get(path);
      expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
    }
    expect((await panel.admin.post(`/api/admin/plugins/${id}/activate`, { permissions: [] })).status).toBeLessThan(500);
    expect((await panel.user.get(`/api/plugins/${id}/x`)).status).toBe(404);
  }
  expect(await list()).toEqual(before);
});
