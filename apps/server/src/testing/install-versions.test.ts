import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { readdirSync, renameSync } from 'node:fs';
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

test('while documents that a failed update changed cannot be put back, neither version runs on them', async () => {
  await panel.activate('torn', version('1.0.0'));
  await panel.user.post('/api/plugins/torn/one');
  const backups = path.join(panel.data, 'db/backups_torn');
  const away = path.join(panel.data, 'away');
  panel.onInstallStep = (step) => {
    if (step === 'new-consented') renameSync(backups, away);
  };
  const ruin = `sodium.db.delete('notes', 'one'); sodium.db.insert('notes', { id: 'ruin' }); throw new Error('no');`;
  expect((await panel.tryActivate('torn', version('2.0.0', ruin))).status).toBe(422);
  panel.onInstallStep = () => undefined;
  const failed = await panel.row('torn');
  expect(failed).toMatchObject({ state: 'failed', version: '1.0.0', update: { version: '2.0.0' } });
  expect(failed.reason).toContain('could not be put back');
  expect((await panel.user.get('/api/plugins/torn/')).status).toBe(503);

  // Not by taking the version before, not by a restart of the panel, not by keeping the data for later.
  expect((await panel.admin.delete(`${BASE}/torn/update`)).status).toBe(200);
  const again = await panel.admin.post(`${BASE}/torn/activate`, { permissions });
  expect([again.status, again.json.error.code]).toEqual([503, 'DOCUMENTS_NOT_BACK']);
  expect((await panel.admin.delete(`${BASE}/torn?data=keep`)).status).toBe(503);
  await panel.restart();
  expect(await panel.row('torn')).toMatchObject({ state: 'failed' });

  await rename(away, backups);
  expect((await panel.admin.post(`${BASE}/torn/activate`, { permissions })).status).toBe(200);
  expect(await state('torn')).toEqual({ version: '1.0.0', ids: ['one'] });
  expect((await panel.row('torn')).versions).toEqual([]);
});

test('a rollback that fails half way is taken back at once, documents and all', async () => {
  await panel.activate('undone', version('1.0.0'));
  await panel.user.post('/api/plugins/undone/one');
  await panel.activate('undone', version('2.0.0'));
  await panel.user.post('/api/plugins/undone/two');
  const now = { version: '2.0.0', ids: ['one', 'two'] };
  for (const failing of ['decided', 'data-back']) {
    panel.onInstallStep = (step) => {
      if (step === failing) throw new Error('no room');
    };
    expect((await panel.admin.post(`${BASE}/undone/rollback`)).status, failing).toBe(500);
    panel.onInstallStep = () => undefined;
    expect(await state('undone'), failing).toEqual(now);
    expect((await panel.row('undone')).versions).toMatchObject([{ version: '1.0.0' }]);
  }
  await panel.restart();
  expect(await state('undone')).toEqual(now);
  expect((await readdir(path.join(panel.data, 'db'))).filter((name) => name.startsWith('.'))).toEqual([]);
  // It can be neither ended nor taken back: nothing runs on what belongs to another version, until a start ends it.
  const folder = path.join(panel.data, 'db');
  const away = path.join(panel.data, 'old-documents');
  let aside = '';
  panel.onInstallStep = (step) => {
    if (step !== 'data-back') return;
    aside = path.join(
      folder,
      readdirSync(folder).find((name) => name.startsWith('.old-plugins_undone'))!,
    );
    renameSync(aside, away);
    throw new Error('no room');
  };
  const half = await panel.admin.post(`${BASE}/undone/rollback`);
  panel.onInstallStep = () => undefined;
  expect([half.status, half.json.error.code]).toEqual([503, 'DOCUMENTS_NOT_BACK']);
  expect(await panel.row('undone')).toMatchObject({ state: 'failed', reason: 'Its rollback stopped half way.' });
  expect((await panel.user.get('/api/plugins/undone/')).status).toBe(503);
  renameSync(away, aside);
  await panel.restart();
  expect(await state('undone')).toEqual({ version: '1.0.0', ids: ['one'] });
});

test('an offered update is discarded: what was agreed to lies in the folder again and runs on', async () => {
  expect((await panel.admin.delete(`${BASE}/nobody/update`)).status).toBe(404);
  await panel.drop('unwanted', version('0.9.0'));
  const never = await panel.admin.delete(`${BASE}/unwanted/update`);
  expect([never.status, never.json.error.code]).toEqual([409, 'NEVER_ACTIVATED']);
  await panel.activate('unwanted', { ...version('1.0.0'), files: { 'assets/kept.txt': 'kept' } });
  await panel.user.post('/api/plugins/unwanted/one');
  expect((await panel.admin.delete(`${BASE}/unwanted/update`)).status).toBe(404);

  const folder = path.join(panel.data, 'plugins/unwanted');
  const offer = async (): Promise<void> => {
    await panel.drop('unwanted', { ...version('2.0.0', '', ['users:read']), files: { 'assets/new.txt': 'new' } });
    await rm(path.join(folder, 'assets/kept.txt'));
  };
  await offer();
  expect((await panel.row('unwanted')).update).toMatchObject({ version: '2.0.0' });
  expect((await panel.user.delete(`${BASE}/unwanted/update`)).status).toBe(403);
  const answer = await panel.admin.delete(`${BASE}/unwanted/update`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json).toMatchObject({ version: '1.0.0', state: 'active' });
  expect(answer.json.update).toBeUndefined();
  expect(await readdir(path.join(folder, 'assets'))).toEqual(['kept.txt']);
  expect(await readFile(path.join(folder, 'server.js'), 'utf8')).toContain('registerCollections');
  expect(await state('unwanted')).toEqual({ version: '1.0.0', ids: ['one'] });
  const [entry] = (await panel.admin.get('/api/admin/audit?limit=1')).json.items;
  expect(entry).toMatchObject({
    action: 'plugin.discard-update',
    target: 'unwanted',
    details: { before: { version: '2.0.0' }, after: { version: '1.0.0' } },
  });

  // A folder that is broken is mended in the same way; a copy that somebody altered is not put anywhere.
  await panel.drop('unwanted', { manifest: { version: 'none' } });
  expect((await panel.admin.delete(`${BASE}/unwanted/update`)).status).toBe(200);
  await offer();
  await rm(path.join(panel.data, 'packages/unwanted', answer.json.hash, 'assets/kept.txt'));
  const refused = await panel.admin.delete(`${BASE}/unwanted/update`);
  expect([refused.status, refused.json.error.code]).toEqual([409, 'COPY_MISSING']);
  expect((await panel.row('unwanted')).update.version).toBe('2.0.0');
  expect((await readdir(path.join(panel.data, 'plugins'))).filter((name) => name.startsWith('.'))).toEqual([]);
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
