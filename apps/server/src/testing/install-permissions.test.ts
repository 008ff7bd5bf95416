import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, TestPanel, type PluginSource } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

const BASE = '/api/admin/plugins';
const permissions = ['http:routes', 'db:own', 'cron:register', 'servers:read', 'ui:pages', 'ui:sidebar'];
const busy = (version = '1.0.0', more: object = {}): PluginSource => ({
  manifest: {
    version,
    permissions,
    hooks: ['server:beforeCreate'],
    contributes: { pages: [{ path: '/busy', title: 'Busy' }], sidebar: [{ label: 'Busy', href: '/busy' }] },
    ...more,
  },
  client: 'export default () => {}',
  server: `export default (sodium) => {
    sodium.db.registerCollections(['notes']);
    sodium.cron.register('often', '0 0 1 1 *', () => {});
    sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('No more.'));
    sodium.http.registerRoutes((r) => {
      r.get('/', (req, res) => res.json('fine'));
      r.get('/servers', async (req, res) => res.json(await sodium.servers.list()));
      r.get('/notes', (req, res) => res.json(sodium.db.count('notes')));
    });
  }`,
});
const revoke = (...revoked: string[]): ReturnType<typeof panel.admin.put> =>
  panel.admin.put(`${BASE}/busy/permissions`, { revoked });
const status = async (path: string): Promise<number> => (await panel.user.get(`/api/plugins/busy${path}`)).status;
const create = async (): Promise<number> =>
  (await panel.admin.post('/api/servers', { name: 'x', template: 'nodejs' })).status;
const crons = async (): Promise<number> => (await panel.admin.get(`${BASE}/busy/crons`)).json.items.length;

test('what is revoked ends at once, alone, and lasts over restarts and updates', async () => {
  await panel.activate('busy', busy());
  expect([await status('/'), await status('/servers'), await create(), await crons()]).toEqual([200, 200, 403, 1]);

  const answer = await revoke('servers:read', 'cron:register');
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json.permissions).toMatchObject({
    revoked: ['cron:register', 'servers:read'],
    approved: ['http:routes', 'db:own', 'ui:pages', 'ui:sidebar'],
  });
  expect(await crons()).toBe(0);
  expect(await status('/servers')).toBeGreaterThanOrEqual(400);
  expect(await status('/')).toBe(200);
  expect(await create()).toBeLessThan(300);

  await panel.restart();
  expect([await status('/'), await crons()]).toEqual([200, 0]);
  expect(await status('/servers')).toBeGreaterThanOrEqual(400);

  await panel.activate('busy', busy('2.0.0'));
  expect((await panel.row('busy')).permissions.revoked).toEqual(['cron:register', 'servers:read']);
  expect(await crons()).toBe(0);
  expect(await create()).toBeLessThan(300);

  expect((await revoke()).status).toBe(200);
  expect([await status('/'), await status('/servers'), await create(), await crons()]).toEqual([200, 200, 403, 1]);
});

test('routes, documents and the interface are taken back and given back', async () => {
  const etag = (await panel.user.get('/api/registry')).headers.get('etag');
  expect((await revoke('http:routes', 'ui:sidebar')).status).toBe(200);
  expect(await status('/')).toBe(403);
  const registry = await panel.user.get('/api/registry');
  expect(registry.headers.get('etag')).not.toBe(etag);
  expect(registry.json.items[0]).toMatchObject({
    ui: { pages: true, sidebar: false },
    contributes: { sidebar: [], pages: [{ path: '/busy' }] },
  });
  await revoke('db:own');
  await eventually(
    () => status('/notes'),
    (found) => expect(found).toBeGreaterThanOrEqual(400),
  );
  await revoke();
  await eventually(
    () => status('/notes'),
    (found) => expect(found).toBe(200),
  );
  expect((await panel.row('busy')).state).toBe('active');
});

test('only what was given can be taken back, and each change is on record', async () => {
  expect((await revoke('users:read')).status).toBe(400);
  expect((await panel.admin.put(`${BASE}/busy/permissions`, { revoked: 'all' })).status).toBe(400);
  expect((await panel.admin.put(`${BASE}/nobody/permissions`, { revoked: [] })).status).toBe(404);
  expect((await panel.user.put(`${BASE}/busy/permissions`, { revoked: [] })).status).toBe(403);
  const audit = (await panel.admin.get('/api/admin/audit')).json.items;
  const change = { before: { revoked: [] }, after: { revoked: ['cron:register', 'servers:read'] } };
  expect(audit).toContainEqual(
    expect.objectContaining({ action: 'plugin.permissions', target: 'busy', details: change }),
  );
});

test('receipts tell how often a permission was used, and when last', async () => {
  const before = (await panel.row('busy')).permissions.receipts['http:routes'].count;
  for (let n = 0; n < 3; n++) await status('/');
  const receipt = (await panel.row('busy')).permissions.receipts['http:routes'];
  expect(receipt.count).toBe(before + 3);
  expect(Date.now() - Date.parse(receipt.last)).toBeLessThan(60_000);
});

test('a hook that is asked once counts once, and being looked at counts nothing', async () => {
  const used = async (): Promise<number> => (await panel.row('busy')).permissions.receipts['servers:read'].count;
  const before = await used();
  expect(await create()).toBe(403);
  await panel.admin.get('/api/registry');
  expect(await used()).toBe(before + 1);
});

test('a plugin that is not in quarantine cannot be released', async () => {
  expect((await panel.admin.post(`${BASE}/busy/quarantine/release`)).status).toBe(409);
  expect((await panel.admin.post(`${BASE}/nobody/quarantine/release`)).status).toBe(404);
});

test('quarantine is ended by an admin', { timeout: 60_000 }, async () => {
  await panel.activate('weak', {
    manifest: { permissions: ['http:routes'] },
    server: `export default (sodium) => sodium.http.registerRoutes((r) => { r.get('/', (req, res) => res.json(1)); r.get('/die', () => { const hold = []; for (;;) hold.push(new Array(1e6).fill(hold.length)); }); })`,
  });
  const fall = async (): Promise<string> => {
    await panel.user.get('/api/plugins/weak/die');
    return (await panel.row('weak')).state;
  };
  await eventually(fall, (state) => expect(state).toBe('quarantined'), 50_000);
  expect((await panel.user.get('/api/plugins/weak/')).status).toBe(503);
  expect((await panel.admin.post(`${BASE}/weak/quarantine/release`)).json).toMatchObject({ state: 'active' });
  await eventually(
    async () => (await panel.user.get('/api/plugins/weak/')).status,
    (found) => expect(found).toBe(200),
  );
});
