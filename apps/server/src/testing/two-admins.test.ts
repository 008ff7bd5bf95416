import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';
import { pluginZip } from './zip-fixture.js';

const BASE = '/api/admin/plugins';
const package_ = (version: string): Buffer =>
  pluginZip(
    'ledger',
    { version, settings: { plain: { type: 'string' } } },
    { 'server.js': `export default () => ({ version: () => '${version}' });` },
  );

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
  expect((await panel.admin.post(`${BASE}/install`, package_('1.0.0'))).status).toBe(201);
  expect((await panel.admin.post(`${BASE}/ledger/activate`, { permissions: [] })).status).toBe(200);
});
afterAll(() => panel?.dispose());

/** What is offered is one whole package, or nothing is. */
async function expectWhole(): Promise<void> {
  const row = await panel.row('ledger');
  expect(row).toMatchObject({ state: 'active', version: '1.0.0' });
  const source = await readFile(path.join(panel.data, 'plugins/ledger/server.js'), 'utf8');
  expect(source).toContain(`'${row.update?.version ?? row.version}'`);
  expect((await readdir(path.join(panel.data, 'plugins'))).filter((name) => name.startsWith('.'))).toEqual([]);
}

test('two who install the same plugin at once: one after the other or told to try again, and one whole package', async () => {
  const answers = await Promise.all(
    ['3.0.0', '4.0.0', '5.0.0'].map((version) => panel.admin.post(`${BASE}/install`, package_(version))),
  );
  expect(answers.map(({ status }) => status)).toContain(200);
  for (const { status, json } of answers) {
    expect([200, 409]).toContain(status);
    if (status === 409) expect(json.error.code).toBe('PLUGIN_BUSY');
  }
  expect((await panel.row('ledger')).update).toBeDefined();
  await expectWhole();
});

test('one who discards what the other just installs', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [installed, discarded] = await Promise.all([
      panel.admin.post(`${BASE}/install`, package_(`6.0.${round}`)),
      panel.admin.delete(`${BASE}/ledger/update`),
    ]);
    expect([200, 409]).toContain(installed.status);
    expect([200, 404, 409]).toContain(discarded.status);
    await expectWhole();
  }
});

test('two who change the same setting: the second is told, and nothing is overwritten unseen', async () => {
  const change = (plain: string, seen: unknown): ReturnType<typeof panel.admin.put> =>
    panel.admin.put(`${BASE}/ledger/settings`, { values: { plain }, seen: { plain: seen } });
  const answers = await Promise.all([change('first', null), change('second', null)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  expect(answers[1]!.json.error).toMatchObject({ code: 'SETTINGS_CHANGED', details: { fields: ['plain'] } });
  expect((await panel.admin.get(`${BASE}/ledger/settings`)).json.values.plain).toBe('first');
  expect((await change('second', 'first')).json.values.plain).toBe('second');
});

test('one who removes what the other sets: nothing of it is left', async () => {
  const [set, removed] = await Promise.all([
    panel.admin.put(`${BASE}/ledger/settings`, { values: { plain: 'outlives it' } }),
    panel.admin.delete(`${BASE}/ledger?data=delete`),
  ]);
  expect(removed.status, removed.text).toBe(204);
  expect([200, 404]).toContain(set.status);
  expect((await panel.admin.get(`${BASE}/ledger`)).status).toBe(404);
  expect(await readFile(path.join(panel.data, 'db/panel/plugin-settings.json'), 'utf8')).not.toContain('outlives it');
});
