import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KillablePanel } from './killable-panel.js';
import type { TestAnswer } from './test-client.js';
import { pluginZip } from './zip-fixture.js';

let panel: KillablePanel;
beforeAll(async () => {
  panel = await KillablePanel.prepare();
  await panel.start();
  await panel.admin.register('root');
});
afterAll(() => panel?.dispose());

const BASE = '/api/admin/plugins';
const permissions = ['http:routes', 'db:own'];
const ledger = (version: string): Buffer =>
  pluginZip(
    'ledger',
    { version, permissions, settings: { key: { type: 'string', secret: true }, plain: { type: 'string' } } },
    {
      'assets/version.txt': version,
      'server.js': `export default (sodium) => {
      sodium.db.registerCollections(['entries']);
      if ('${version}' === '3.0.0' && !sodium.db.get('entries', 'migrated')) sodium.db.insert('entries', { id: 'migrated' });
      sodium.http.registerRoutes((r) => {
        r.get('/', (req, res) => res.json({ version: '${version}', ids: sodium.db.find('entries').map((entry) => entry.id) }));
        r.post('/:id', (req, res) => res.json(sodium.db.insert('entries', { id: req.params.id })));
      });
    }`,
    },
  );

const install = (version: string): Promise<TestAnswer> => panel.admin.post(`${BASE}/install`, ledger(version));
const activate = (): Promise<TestAnswer> => panel.admin.post(`${BASE}/ledger/activate`, { permissions });

/** Runs an operation during which the panel dies at this step, and starts it again. */
async function dieAt(step: string, operation: () => Promise<unknown>): Promise<void> {
  await panel.endAt(step);
  await operation().then(
    () => expect.unreachable(`the panel lived on after "${step}"`),
    () => undefined,
  );
  await panel.gone;
  await panel.start();
}

const leftovers = async (folder: string): Promise<string[]> =>
  (await readdir(path.join(panel.data, folder))).filter((name) => name.startsWith('.'));

async function expectClean(): Promise<void> {
  for (const folder of ['plugins', 'packages', 'db']) expect(await leftovers(folder), folder).toEqual([]);
}

test('an installation that is killed leaves the old package or the new one', { timeout: 120_000 }, async () => {
  expect((await install('1.0.0')).status).toBe(201);
  const seen: Record<string, string> = {};
  for (const step of ['unpacked', 'staged', 'old-aside', 'new-in-place', 'done']) {
    expect((await install('1.0.0')).status).toBe(200);
    await dieAt(step, () => install('2.0.0'));
    const row = (await panel.admin.get(`${BASE}/ledger`)).json;
    expect(row.state, `${step}: ${row.reason}`).toBe('inactive');
    seen[step] = row.version;
    expect(await readFile(path.join(panel.data, 'plugins/ledger/assets/version.txt'), 'utf8')).toBe(row.version);
    await expectClean();
  }
  expect(seen).toEqual({
    unpacked: '1.0.0',
    staged: '1.0.0',
    'old-aside': '1.0.0',
    'new-in-place': '2.0.0',
    done: '2.0.0',
  });
});

test(
  'an update that is killed while it is activated leads back, data and all, until the new version has started',
  { timeout: 180_000 },
  async () => {
    await install('1.0.0');
    expect((await activate()).status).toBe(200);
    await panel.admin.post('/api/plugins/ledger/old');
    const seen: Record<string, string> = {};
    for (const step of ['old-kept', 'update-intended', 'new-consented', 'new-started', 'update-done']) {
      await install('3.0.0');
      await dieAt(step, activate);
      const { version, ids } = (await panel.admin.get('/api/plugins/ledger/')).json;
      seen[step] = version;
      // The new version writes while it starts: nothing of that is left when it did not get to its end.
      expect(ids, `${step}: documents of ${version}`).toEqual(version === '3.0.0' ? ['old', 'migrated'] : ['old']);
      await expectClean();
      expect(await readdir(path.join(panel.data, 'packages/ledger'))).toHaveLength(
        version === '3.0.0' ? 2 : step === 'old-kept' ? 2 : 1,
      );
    }
    expect(seen).toEqual({
      'old-kept': '1.0.0',
      'update-intended': '1.0.0',
      'new-consented': '1.0.0',
      'new-started': '1.0.0',
      'update-done': '3.0.0',
    });
    expect((await panel.admin.post(`${BASE}/ledger/rollback`)).status).toBe(200);
    expect((await panel.admin.get('/api/plugins/ledger/')).json).toEqual({ version: '1.0.0', ids: ['old'] });
    await panel.admin.delete(`${BASE}/ledger?data=delete`);
  },
);

test('an update that is being discarded is there whole or is gone whole', { timeout: 120_000 }, async () => {
  await install('1.0.0');
  expect((await activate()).status).toBe(200);
  const seen: Record<string, string> = {};
  for (const step of ['staged', 'old-aside', 'new-in-place', 'done']) {
    await install('2.0.0');
    await dieAt(step, () => panel.admin.delete(`${BASE}/ledger/update`));
    const row = (await panel.admin.get(`${BASE}/ledger`)).json;
    expect([row.version, row.state], step).toEqual(['1.0.0', 'active']);
    seen[step] = await readFile(path.join(panel.data, 'plugins/ledger/assets/version.txt'), 'utf8');
    expect(row.update?.version ?? '1.0.0', step).toBe(seen[step]);
    await expectClean();
  }
  expect(seen).toEqual({ staged: '2.0.0', 'old-aside': '2.0.0', 'new-in-place': '1.0.0', done: '1.0.0' });
  await panel.admin.delete(`${BASE}/ledger?data=delete`);
});

test('a rollback that is killed ends before it began or is ended at the next start', { timeout: 180_000 }, async () => {
  await install('1.0.0');
  expect((await activate()).status).toBe(200);
  await panel.admin.post('/api/plugins/ledger/old');
  const seen: Record<string, string> = {};
  for (const step of ['kept', 'decided', 'data-back', 'consent-back']) {
    await install('2.0.0');
    const updated = await activate();
    expect(updated.status, `${step}: ${updated.text}`).toBe(200);
    await panel.admin.post(`/api/plugins/ledger/new-${step}`);
    await dieAt(step, () => panel.admin.post(`${BASE}/ledger/rollback`));
    const { version, ids } = (await panel.admin.get('/api/plugins/ledger/')).json;
    seen[step] = version;
    expect(ids.includes(`new-${step}`), `${step}: documents of ${version}`).toBe(version === '2.0.0');
    expect(ids).toContain('old');
    await expectClean();
    if (version === '2.0.0') expect((await panel.admin.post(`${BASE}/ledger/rollback`)).status).toBe(200);
    expect((await panel.admin.get('/api/plugins/ledger/')).json).toEqual({ version: '1.0.0', ids: ['old'] });
  }
  expect(seen).toEqual({ kept: '2.0.0', decided: '1.0.0', 'data-back': '1.0.0', 'consent-back': '1.0.0' });
  expect((await readdir(path.join(panel.data, 'db/backups_ledger'))).length).toBeLessThanOrEqual(3);
});

test('a removal that is killed is ended at the next start', { timeout: 120_000 }, async () => {
  for (const step of ['intended', 'folder-gone', 'packages-gone', 'data-gone', 'consent-gone', 'settings-gone']) {
    await install('1.0.0');
    expect((await activate()).status).toBe(200);
    await panel.admin.put(`${BASE}/ledger/settings`, { values: { key: 'secret', plain: 'word' } });
    await dieAt(step, () => panel.admin.delete(`${BASE}/ledger?data=delete`));
    expect((await panel.admin.get(`${BASE}/ledger`)).status, step).toBe(404);
    expect((await panel.admin.get(BASE)).json.items).toEqual([]);
    await expectClean();
    expect((await readdir(path.join(panel.data, 'db'))).filter((name) => name.includes('ledger'))).toEqual([]);
    expect(await readdir(path.join(panel.data, 'packages'))).toEqual([]);
    expect(await readFile(path.join(panel.data, 'db/panel/plugin-settings.json'), 'utf8')).not.toContain('ledger');
  }
});
