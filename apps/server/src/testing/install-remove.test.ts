import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel, type PluginSource } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

const BASE = '/api/admin/plugins';
const notes: PluginSource = {
  manifest: {
    permissions: ['http:routes', 'db:own', 'cron:register'],
    settings: { token: { type: 'string', secret: true }, color: { type: 'color' } },
  },
  server: `export default (sodium) => {
    sodium.db.registerCollections(['notes', 'empty']);
    sodium.cron.register('nightly', '0 3 * * *', () => {});
    sodium.http.registerRoutes((r) => {
      r.post('/:id', (req, res) => res.json(sodium.db.insert('notes', { id: req.params.id, text: 'é' })));
      r.delete('/:id', (req, res) => res.json(sodium.db.delete('notes', req.params.id)));
      r.get('/', (req, res) => res.json(sodium.db.find('notes').map(({ id }) => id)));
      r.get('/config', (req, res) => res.json(sodium.config.getAll()));
    });
  }`,
};

async function start(id: string): Promise<void> {
  await panel.activate(id, notes);
  await panel.admin.put(`${BASE}/${id}/settings`, { values: { token: 'hush-hush', color: '#112233' } });
  for (const note of ['a', 'b', 'c']) await panel.user.post(`/api/plugins/${id}/${note}`);
  await panel.user.call('DELETE', `/api/plugins/${id}/b`);
}

const stored = async (name: string): Promise<string> =>
  readFile(path.join(panel.data, 'db/panel', `${name}.json`), 'utf8');

test('data kept is there when the plugin comes back, its secrets are not', async () => {
  await start('kept');
  expect((await panel.admin.delete(`${BASE}/kept?data=keep`)).status).toBe(204);
  expect((await panel.admin.get(`${BASE}/kept`)).status).toBe(404);
  expect((await panel.user.get('/api/plugins/kept/')).status).toBe(404);
  expect((await panel.config()).plugins.active).not.toContain('kept');
  expect(await stored('consents')).not.toContain('"kept"');
  const sizes = (await panel.admin.get(`${BASE}/kept/data`)).json;
  expect(sizes.bytes).toBeGreaterThan(50);
  expect(sizes.collections.map(({ name }: { name: string }) => name)).toContain('notes');
  await panel.activate('kept', notes);
  expect((await panel.user.get('/api/plugins/kept/')).json).toEqual(['a', 'c']);
  expect((await panel.user.get('/api/plugins/kept/config')).json).toEqual({ token: null, color: '#112233' });
  await panel.admin.delete(`${BASE}/kept?data=delete`);
});

test('data deleted is gone, with everything else that was known of the plugin', async () => {
  await start('gone');
  expect((await panel.admin.delete(`${BASE}/gone?data=delete`)).status).toBe(204);
  expect((await panel.admin.get(`${BASE}/gone/data`)).status).toBe(404);
  for (const folder of ['plugins', 'packages', 'db'])
    expect((await readdir(path.join(panel.data, folder))).join()).not.toContain('gone');
  for (const name of ['consents', 'plugin-settings', 'plugin-crons', 'plugin-operations'])
    expect(await stored(name).catch(() => '')).not.toContain('gone');
  await panel.activate('gone', notes);
  expect((await panel.user.get('/api/plugins/gone/')).json).toEqual([]);
  const audit = (await panel.admin.get('/api/admin/audit')).json.items;
  expect(audit).toContainEqual(
    expect.objectContaining({ action: 'plugin.remove', target: 'gone', details: { data: 'delete' } }),
  );
});

test('data that was kept can be deleted later', async () => {
  await start('later');
  await panel.admin.delete(`${BASE}/later?data=keep`);
  expect((await panel.admin.delete(`${BASE}/later?data=delete`)).status).toBe(204);
  expect((await panel.admin.delete(`${BASE}/later?data=delete`)).status).toBe(404);
});

test('what cannot even be parsed can be removed, and nothing beside it', async () => {
  await mkdir(path.join(panel.data, 'plugins/Not Valid!'), { recursive: true });
  await writeFile(path.join(panel.data, 'plugins/Not Valid!/plugin.json'), '{{{');
  await symlink(panel.data, path.join(panel.data, 'plugins/link'));
  await panel.admin.get(BASE);
  expect((await panel.admin.delete(`${BASE}/${encodeURIComponent('Not Valid!')}?data=delete`)).status).toBe(204);
  expect((await panel.admin.delete(`${BASE}/link?data=delete`)).status).toBe(204);
  expect(await readdir(path.join(panel.data, 'plugins'))).not.toContain('link');
  expect(await panel.config()).toBeTruthy();
  for (const id of ['..', '%2e%2e', '..%2fdb', '.hidden', 'a%2f..%2f..%2fdb', '%00']) {
    for (const end of ['?data=delete', ''])
      expect((await panel.admin.delete(`${BASE}/${id}${end}`)).status, id).toBeGreaterThanOrEqual(400);
    for (const view of ['data', 'export'])
      expect((await panel.admin.get(`${BASE}/${id}/${view}`)).status, id).toBeGreaterThanOrEqual(400);
  }
  expect(await readdir(path.join(panel.data, 'db'))).toContain('panel');
  expect((await panel.admin.delete(`${BASE}/whatever?data=all`)).status).toBe(400);
  expect((await panel.user.delete(`${BASE}/gone?data=delete`)).status).toBe(403);
});

test('an export holds each collection as JSON, also while the plugin runs', async () => {
  await start('exported');
  const answer = await panel.admin.get(`${BASE}/exported/export`);
  expect(answer.headers.get('content-disposition')).toContain('exported-data.zip');
  const files = unzipSync(answer.bytes);
  expect(JSON.parse(strFromU8(files['collections/notes.json']!))).toEqual([
    { id: 'a', text: 'é' },
    { id: 'c', text: 'é' },
  ]);
  expect(strFromU8(files['README.md']!)).toContain('exported');
  expect(answer.bytes.toString('latin1')).not.toContain('hush-hush');
  await panel.deactivate('exported');
  await writeFile(path.join(panel.data, 'db/plugins_exported/notes.json'), '[{"id":"a"');
  const damaged = unzipSync((await panel.admin.get(`${BASE}/exported/export`)).bytes);
  expect(strFromU8(damaged['files/notes.json']!)).toBe('[{"id":"a"');
  expect(strFromU8(damaged['README.md']!)).toContain('could not be read');
});
