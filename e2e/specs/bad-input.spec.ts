import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { Client } from '../support/client.js';
import { Panel } from '../support/panel.js';

const manifest = (id: string, patch: object = {}) => ({
  id,
  name: `The ${id}`,
  version: '1.0.0',
  type: 'feature',
  author: 'Ann',
  description: '',
  sodium: '>=1.0.0',
  permissions: ['http:routes'],
  hooks: [],
  settings: {},
  ...patch,
});
const SERVER = `export default (sodium) => { sodium.http.registerRoutes((router) => { router.get('/ping', (req, res) => res.json({ pong: true })); }); };`;

let panel: Panel;
let admin: Client;

test.beforeAll(async () => {
  panel = await Panel.start();
  admin = await Client.admin(panel);
});
test.afterAll(() => panel.dispose());

const row = async (id: string) =>
  (await admin.get('/api/admin/plugins')).body.items.find((item: { id: string }) => item.id === id);

for (const [id, what, files, reason] of [
  [
    'no-json',
    'a manifest that is no JSON',
    { 'plugin.json': '{ "id": "no-json",, }', 'server.js': SERVER },
    /plugin\.json.*valid JSON/,
  ],
  [
    'no-version',
    'a manifest without a version',
    { 'plugin.json': { ...manifest('no-version'), version: undefined }, 'server.js': SERVER },
    /plugin\.json: version/,
  ],
  [
    'wild-wish',
    'an unknown permission',
    { 'plugin.json': manifest('wild-wish', { permissions: ['root:everything'] }), 'server.js': SERVER },
    /root:everything/,
  ],
  [
    'typo-server',
    'a syntax error in server.js',
    { 'plugin.json': manifest('typo-server'), 'server.js': 'export default (sodium) => {\n  const = 1;\n};' },
    /server\.js:2:\d+/,
  ],
  [
    'typo-client',
    'a syntax error in client.js',
    { 'plugin.json': manifest('typo-client'), 'client.js': 'export default (sodium) => {' },
    /client\.js:1:\d+/,
  ],
  ['no-code', 'a missing file', { 'plugin.json': manifest('no-code', { type: 'hook' }) }, /server\.js is missing/],
  [
    'second-one',
    'a folder with the id of another',
    { 'plugin.json': manifest('first-one'), 'server.js': SERVER },
    /"second-one".*"first-one"/,
  ],
] as const) {
  test(`${what} is named with file and fix, and cannot be activated`, async () => {
    await panel.drop('first-one', { 'plugin.json': manifest('first-one'), 'server.js': SERVER });
    await panel.drop(id, files as Record<string, string | object>);
    const found = await row(id);
    expect(found).toMatchObject({
      state: 'invalid',
      reason: expect.stringMatching(reason),
      fix: expect.stringMatching(/.{10}/),
    });
    const answer = await admin.activate(id);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({ code: 'INVALID_PACKAGE', message: expect.stringMatching(reason) });
    expect((await row('first-one')).state).toMatch(/^(in)?active$/);
  });
}

test('a sound plugin beside the broken ones works, and goes on when its folder is deleted', async () => {
  await panel.drop('sound-one', { 'plugin.json': manifest('sound-one'), 'server.js': SERVER });
  expect((await admin.activate('sound-one')).status).toBe(200);
  expect((await admin.get('/api/plugins/sound-one/ping')).body).toEqual({ pong: true });
  await rm(path.join(panel.data, 'plugins/sound-one'), { recursive: true });
  expect((await admin.get('/api/plugins/sound-one/ping')).body).toEqual({ pong: true });
  expect(await row('sound-one')).toMatchObject({
    state: 'active',
    warnings: [expect.stringContaining('gone from disk')],
  });
  expect((await admin.post('/api/admin/plugins/sound-one/deactivate')).status).toBe(200);
  expect((await admin.get('/api/plugins/sound-one/ping')).status).toBe(404);
});

test('a server.js that throws leaves a failed plugin with its line, and everything else as it was', async () => {
  await panel.drop('thrower', {
    'plugin.json': manifest('thrower'),
    'server.js': 'export default () => {\n  throw new Error("out of cheese");\n};',
  });
  const answer = await admin.activate('thrower');
  expect(answer.status).toBe(422);
  expect(answer.body.error).toMatchObject({
    code: 'ACTIVATION_FAILED',
    plugin: 'thrower',
    message: expect.stringContaining('out of cheese'),
  });
  expect(await row('thrower')).toMatchObject({ state: 'failed', reason: expect.stringContaining('out of cheese') });
  expect((await admin.get('/api/servers')).status).toBe(200);
});

test('torn files: the panel starts, names them, and loses nothing', async () => {
  const torn = await Panel.start();
  const first = await Client.admin(torn);
  await torn.drop('alive', { 'plugin.json': manifest('alive'), 'server.js': SERVER });
  await first.activate('alive');
  await torn.stop();

  const config = path.join(torn.data, 'config.json');
  const users = path.join(torn.data, 'db/panel/users.json');
  const good = await readFile(config, 'utf8');
  await writeFile(config, good.slice(0, good.length / 2));
  await writeFile(users, (await readFile(users, 'utf8')).slice(0, 20));

  const again = await Panel.start({ data: torn.data });
  const client = await Client.admin(again);
  const { problems } = (await client.get('/api/admin/system')).body;
  expect(problems.map((problem: { file: string }) => path.basename(problem.file)).sort()).toEqual([
    'config.json',
    'users.json',
  ]);
  for (const problem of problems) expect(problem.fix.length).toBeGreaterThan(10);
  expect(await readFile(config, 'utf8')).toBe(good.slice(0, good.length / 2));
  expect((await client.get('/api/auth/me')).body.role).toBe('admin');

  await writeFile(config, good);
  await again.stop();
  const mended = await Panel.start({ data: torn.data });
  const last = await Client.admin(mended);
  expect((await last.get('/api/plugins/alive/ping')).body).toEqual({ pong: true });
  await mended.dispose();
});
