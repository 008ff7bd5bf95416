import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel, type PluginSource } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

const BASE = '/api/admin/plugins';
const permissions = ['http:routes', 'db:own'];
const version = (n: string, start = '', more: string[] = []): PluginSource => ({
  manifest: { version: n, permissions: [...permissions, ...more] },
  server: `export default (sodium) => {
    sodium.db.registerCollections(['notes']);
    ${start}
    sodium.http.registerRoutes((r) => {
      r.post('/:id', (req, res) => res.json(sodium.db.insert('notes', { id: req.params.id })));
      r.get('/', (req, res) => res.json({ version: sodium.meta.version, ids: sodium.db.find('notes').map(({ id }) => id) }));
    });
  }`,
});
const state = async (id: string): Promise<{ version: string; ids: string[] }> =>
  (await panel.user.get(`/api/plugins/${id}/`)).json;

test('a rollback brings the version before and its documents back, and can be rolled back itself', async () => {
  await panel.activate('app', version('1.0.0'));
  await panel.user.post('/api/plugins/app/one');
  await panel.activate('app', version('2.0.0', '', ['servers:read']));
  await panel.user.post('/api/plugins/app/two');
  expect((await panel.row('app')).versions).toMatchObject([{ version: '1.0.0', reason: 'update' }]);
  const answer = await panel.admin.post(`${BASE}/app/rollback`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json).toMatchObject({
    version: '1.0.0',
    state: 'active',
    update: { version: '2.0.0', addedPermissions: ['servers:read'] },
  });
  expect(answer.json.permissions.approved).toEqual(permissions);
  expect(await state('app')).toEqual({ version: '1.0.0', ids: ['one'] });
  await panel.restart();
  expect(await state('app')).toEqual({ version: '1.0.0', ids: ['one'] });
  expect((await panel.admin.post(`${BASE}/app/rollback`)).status).toBe(200);
  expect(await state('app')).toEqual({ version: '2.0.0', ids: ['one', 'two'] });
  const audit = (await panel.admin.get('/api/admin/audit')).json.items;
  expect(audit).toContainEqual(
    expect.objectContaining({
      action: 'plugin.rollback',
      target: 'app',
      details: expect.objectContaining({ from: '2.0.0', to: '1.0.0' }),
    }),
  );
});

test('a version that does not start leaves the documents as they were', async () => {
  await panel.activate('careful', version('1.0.0'));
  await panel.user.post('/api/plugins/careful/one');
  const answer = await panel.tryActivate(
    'careful',
    version(
      '2.0.0',
      `sodium.db.delete('notes', 'one'); sodium.db.insert('notes', { id: 'ruin' }); throw new Error('no');`,
    ),
  );
  expect(answer.status).toBe(422);
  expect(await state('careful')).toEqual({ version: '1.0.0', ids: ['one'] });
  expect((await panel.row('careful')).versions).toEqual([]);
});

test('the last three versions are kept, and no more', async () => {
  for (const n of ['1', '2', '3', '4', '5', '6']) await panel.activate('many', version(`${n}.0.0`));
  expect((await panel.row('many')).versions.map(({ version: v }: { version: string }) => v)).toEqual([
    '5.0.0',
    '4.0.0',
    '3.0.0',
  ]);
  expect((await readdir(path.join(panel.data, 'db/backups_many'))).length).toBe(3);
  expect((await readdir(path.join(panel.data, 'packages/many'))).length).toBe(4);
});

test('without an earlier version there is nothing to roll back to', async () => {
  await panel.activate('single', version('1.0.0'));
  expect((await panel.admin.post(`${BASE}/single/rollback`)).json.error.code).toBe('NO_EARLIER_VERSION');
  expect((await state('single')).version).toBe('1.0.0');
  expect((await panel.admin.post(`${BASE}/nobody/rollback`)).status).toBe(404);
  expect((await panel.user.post(`${BASE}/single/rollback`)).status).toBe(403);
});
