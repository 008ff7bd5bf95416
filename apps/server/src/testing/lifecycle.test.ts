import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually, TestPanel, type PluginSource } from './test-panel.js';

let panel: TestPanel;
const open = async (options?: Parameters<typeof TestPanel.start>[0]): Promise<TestPanel> =>
  (panel = await TestPanel.start(options));
afterEach(() => panel.dispose());

const ROUTES = ['http:routes'];
const VETO = { permissions: ['servers:read'], hooks: ['server:beforeCreate'] };
const veto = (reason: string): string =>
  `export default (sodium) => { sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('${reason}')); }`;
const create = () => panel.user.post('/api/servers', { name: 'box', template: 'nodejs' });
const answering = (text: string, more = ''): PluginSource => ({
  manifest: { permissions: ROUTES },
  server: `export default (sodium) => { ${more} sodium.http.registerRoutes((r) => {
  r.get('/', (req, res) => res.send('${text}'));
  r.get('/slow', async (req, res) => { sodium.logger.info('begun'); await new Promise((go) => setTimeout(go, 500)); res.send('${text} slowly'); });
  r.get('/never', () => new Promise(() => {}));
}); }`,
});

test('two activations at once end in one running plugin, and the second finds the work done', async () => {
  await open();
  await panel.drop('once', answering('one', `sodium.logger.info('started');`));
  const activate = () => panel.admin.post('/api/admin/plugins/once/activate', { permissions: ROUTES });
  const answers = await Promise.all([activate(), activate(), activate()]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(await panel.logs('once')).toEqual(['started']);
  expect((await panel.config()).plugins.active).toEqual(['once']);
  const log = (await panel.admin.get('/api/admin/audit')).json.items.filter(
    (entry: { action: string }) => entry.action === 'plugin.activate',
  );
  expect(log).toHaveLength(1);
});

test('plugins keep the order in which they were activated over updates and starts of the panel, and so do their hooks', async () => {
  await open();
  const source = (id: string, version: string, ms = 0): PluginSource => ({
    manifest: { version, resident: true, permissions: ['servers:read'], hooks: ['server:beforeCreate'] },
    server: `export default async ({ hooks }) => {
      hooks.on('server:beforeCreate', (ctx) => { ctx.server.name += ' ${id}'; });
      await new Promise((go) => setTimeout(go, ${ms}));
    }`,
  });
  const order = async (): Promise<{ shown: string[]; asked: string }> => {
    const { json } = await panel.user.get('/api/registry');
    const { json: server } = await panel.user.post('/api/servers', { name: 'by', template: 'nodejs' });
    return { shown: json.items.map(({ id }: { id: string }) => id), asked: server.name };
  };
  // The first to be activated is the last to be ready.
  await panel.activate('zebra', source('zebra', '1.0.0', 400));
  await panel.activate('ape', source('ape', '1.0.0'));
  const before = { shown: ['zebra', 'ape'], asked: 'by zebra ape' };
  expect(await order()).toEqual(before);

  await panel.activate('zebra', source('zebra', '1.1.0', 400));
  expect(await order()).toEqual(before);

  await panel.restart();
  expect(await order()).toEqual(before);

  await panel.deactivate('zebra');
  await panel.activate('zebra', source('zebra', '1.1.0'));
  expect(await order()).toEqual({ shown: ['ape', 'zebra'], asked: 'by ape zebra' });
});

test('an update changes what browsers see in one step: at no time is the plugin gone, nor a file of it', async () => {
  await open();
  const version = (number: string): PluginSource => ({
    manifest: {
      version: number,
      permissions: ['ui:pages'],
      contributes: { pages: [{ path: '/seen', title: 'Seen' }] },
    },
    server: 'export default () => new Promise((go) => setTimeout(go, 300));',
    client: `export default () => '${number}';`,
  });
  await panel.activate('seen', version('1.0.0'));
  await panel.drop('seen', version('2.0.0'));
  let done = false;
  const update = panel.admin
    .post('/api/admin/plugins/seen/activate', { permissions: ['ui:pages'] })
    .finally(() => (done = true));
  const entry = async () =>
    (await panel.user.get('/api/registry')).json.items.find((one: { id: string }) => one.id === 'seen');
  const seen = new Set<string>();
  while (!done) {
    const now = await entry();
    const file = now && (await panel.user.get(now.client));
    // What was exchanged between the two says nothing.
    if ((await entry())?.version === now?.version) seen.add(`${now?.version} ${file?.status}`);
  }
  expect((await update).status).toBe(200);
  expect([...seen].filter((one) => !['1.0.0 200', '2.0.0 200'].includes(one))).toEqual([]);
  expect(seen).toContain('1.0.0 200');
});

test('requests in flight end when their plugin is deactivated or updated; later ones get a clear answer', async () => {
  await open();
  await panel.activate('work', answering('one'));
  const begun = () =>
    eventually(
      () => panel.logs('work'),
      (lines) => expect(lines.filter((line) => line === 'begun').length).toBeGreaterThan(0),
    );
  const slow = panel.user.get('/api/plugins/work/slow');
  await begun();
  await panel.drop('work', { ...answering('two'), manifest: { permissions: ROUTES, version: '2.0.0' } });
  expect((await panel.row('work')).update).toMatchObject({ version: '2.0.0', addedPermissions: [] });
  let done = false;
  const update = panel.admin
    .post('/api/admin/plugins/work/activate', { permissions: ROUTES })
    .finally(() => (done = true));
  const seen = new Set<string>();
  while (!done) {
    const answer = await panel.user.get('/api/plugins/work/');
    seen.add(answer.status === 200 ? answer.text : `${answer.status} ${answer.json.error.code}`);
  }
  expect((await update).status).toBe(200);
  expect(await slow).toMatchObject({ status: 200, text: 'one slowly' });
  expect([...seen].filter((text) => !['one', 'two', '503 PLUGIN_UNAVAILABLE'].includes(text))).toEqual([]);
  expect((await panel.user.get('/api/plugins/work/')).text).toBe('two');

  const last = panel.user.get('/api/plugins/work/slow');
  const never = panel.user.get('/api/plugins/work/never');
  await eventually(
    () => panel.logs('work'),
    (lines) => expect(lines.filter((line) => line === 'begun').length).toBe(2),
  );
  const stopping = panel.deactivate('work');
  expect(await last).toMatchObject({ status: 200, text: 'two slowly' });
  expect(await never).toMatchObject({ status: 503, json: { error: { plugin: 'work' } } });
  await stopping;
  expect((await panel.user.get('/api/plugins/work/')).status).toBe(404);
});

test('a top level that never returns fails the activation, and nothing stays of it', async () => {
  await open();
  const bodies = { waits: 'await new Promise(() => {});', spins: 'for (;;);' };
  const attempts = Object.entries(bodies).map(([id, body]) =>
    panel.tryActivate(id, {
      manifest: VETO,
      server: `export default async (sodium) => { sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('no')); ${body} }`,
    }),
  );
  expect((await create()).status).toBe(201);
  for (const answer of await Promise.all(attempts))
    expect(answer).toMatchObject({ status: 422, json: { error: { code: 'ACTIVATION_FAILED' } } });
  expect((await panel.config()).plugins.active).toEqual([]);
  expect((await create()).status).toBe(201);
  for (const id of Object.keys(bodies)) {
    expect(await panel.row(id)).toMatchObject({
      state: 'failed',
      reason: expect.any(String),
      fix: expect.any(String),
      process: null,
    });
    await panel.deactivate(id);
    expect(await panel.row(id)).toMatchObject({ state: 'inactive' });
  }
});

test('an update that does not start leaves the version before at work, with its veto', async () => {
  await open();
  await panel.activate('guard', { manifest: VETO, server: veto('version one') });
  const answer = await panel.tryActivate('guard', {
    manifest: { ...VETO, version: '2.0.0' },
    server: `export default () => { throw new Error('broken build'); }`,
  });
  expect(answer).toMatchObject({ status: 422, json: { error: { message: expect.stringContaining('broken build') } } });
  expect(await panel.row('guard')).toMatchObject({ state: 'active', version: '1.0.0', update: { version: '2.0.0' } });
  expect((await create()).json.error).toMatchObject({ message: 'version one', plugin: 'guard' });
  await panel.restart();
  expect((await create()).json.error.message).toBe('version one');
});

test('consent is asked for exactly what the manifest declares', async () => {
  await open();
  await panel.drop('asks', answering('x'));
  const path = '/api/admin/plugins/asks/activate';
  for (const body of [{}, { permissions: [] }, { permissions: ['db:own'] }, { permissions: [...ROUTES, 'db:own'] }]) {
    expect(await panel.admin.post(path, body)).toMatchObject({
      status: 409,
      json: { error: { code: 'CONSENT_REQUIRED', details: { permissions: ROUTES } } },
    });
  }
  expect((await panel.user.post(path, { permissions: ROUTES })).status).toBe(403);
  expect((await panel.nobody.post(path, { permissions: ROUTES })).status).toBe(401);
});

test('plugins switched off in the configuration, and safe mode, run nothing', async () => {
  await open();
  await panel.activate('guard', { manifest: VETO, server: veto('no') });
  expect((await create()).status).toBe(403);
  await panel.restart({ safeMode: true });
  const nothing = async (): Promise<void> => {
    expect((await create()).status).toBe(201);
    expect((await panel.user.get('/api/registry')).json.items).toEqual([]);
    expect(await panel.row('guard')).toMatchObject({ state: 'inactive', process: null });
    expect(
      await panel.admin.post('/api/admin/plugins/guard/activate', { permissions: VETO.permissions }),
    ).toMatchObject({ status: 409, json: { error: { code: 'PLUGINS_SUSPENDED' } } });
    expect(childCount()).toBe(0);
  };
  await nothing();
  await panel.close();
  await panel.editConfig((config) => (config.plugins.enabled = false));
  await panel.open();
  await nothing();
  await panel.close();
  await panel.editConfig((config) => (config.plugins.enabled = true));
  await panel.open();
  expect((await create()).status).toBe(403);
});

test('the veto of a wanted plugin that cannot start stands until an admin deactivates it', async () => {
  await open();
  await panel.activate('guard', { manifest: VETO, server: veto('no') });
  await panel.close();
  await rm(path.join(panel.data, 'plugins/guard'), { recursive: true });
  await rm(path.join(panel.data, 'packages/guard'), { recursive: true });
  await panel.open();
  expect(await panel.row('guard')).toMatchObject({ state: 'failed', reason: expect.stringContaining('missing') });
  expect((await create()).json.error).toMatchObject({ code: 'SERVER_CREATE_DENIED', plugin: 'guard' });
  await panel.deactivate('guard');
  expect((await create()).status).toBe(201);
});

test('no server is created before the plugins that may refuse it are up', async () => {
  await open();
  await panel.activate('guard', {
    manifest: { ...VETO, resident: true },
    server: `export default async (sodium) => { await new Promise((go) => setTimeout(go, 800)); sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('I am here')); }`,
  });
  await panel.close();
  const opening = panel.open();
  await expect.poll(() => panel.answers(), { timeout: 5000, interval: 5 }).toBe(true);
  const early = await create();
  expect(early.json.error).toMatchObject({
    code: 'SERVER_CREATE_DENIED',
    plugin: 'guard',
    message: expect.stringMatching(/I am here|starting/),
  });
  await opening;
  expect((await create()).json.error.message).toBe('I am here');
});

test('an id written into the configuration by hand is consent to what is there, and audited', async () => {
  await open();
  await panel.drop('by-hand', answering('hello'));
  await panel.close();
  await panel.editConfig((config) => config.plugins.active.push('by-hand'));
  await panel.open();
  expect((await panel.user.get('/api/plugins/by-hand/')).text).toBe('hello');
  const { items } = (await panel.admin.get('/api/admin/audit')).json;
  expect(items).toContainEqual(
    expect.objectContaining({
      action: 'plugin.consent',
      target: 'by-hand',
      actor: { id: null, username: 'config.json' },
      details: expect.objectContaining({ permissions: ROUTES }),
    }),
  );
  // It is consent to that content only.
  await panel.drop('by-hand', answering('changed'));
  await panel.restart();
  expect((await panel.user.get('/api/plugins/by-hand/')).text).toBe('hello');
  expect((await panel.row('by-hand')).update).toMatchObject({ version: '1.0.0' });
  // Deactivated, then named by hand again: what lies there now is meant.
  await panel.deactivate('by-hand');
  await panel.close();
  await panel.editConfig((config) => config.plugins.active.push('by-hand'));
  await panel.open();
  expect((await panel.user.get('/api/plugins/by-hand/')).text).toBe('changed');
});

test('a copy that was altered on disk is refused', async () => {
  await open();
  await panel.activate('tampered', answering('honest'));
  await panel.close();
  const packages = path.join(panel.data, 'packages/tampered');
  const [hash] = await readdir(packages);
  await appendFile(path.join(packages, hash!, 'server.js'), '\n// altered');
  // The folder still holds what was consented to: the copy is made anew.
  await panel.open();
  expect((await panel.user.get('/api/plugins/tampered/')).text).toBe('honest');
  await panel.close();
  await appendFile(path.join(packages, hash!, 'server.js'), '\n// altered');
  await panel.drop('tampered', answering('something else'));
  await panel.open();
  expect(await panel.row('tampered')).toMatchObject({ state: 'failed', reason: expect.stringContaining('altered') });
  expect((await panel.user.get('/api/plugins/tampered/')).status).toBe(503);
});

test('a folder dropped in by hand is discovered without a restart; a broken one says what to mend', async () => {
  await open();
  await panel.drop('fresh', answering('x'));
  await eventually(
    () => panel.admin.get('/api/admin/plugins'),
    ({ json }) => expect(json.items).toContainEqual(expect.objectContaining({ id: 'fresh', state: 'inactive' })),
  );
  await mkdir(path.join(panel.data, 'plugins/half'));
  await writeFile(path.join(panel.data, 'plugins/half/plugin.json'), '{"id": "half",');
  await panel.drop('typo', { server: 'export default function (sodium) {\n  const x = ;\n}' });
  const { json } = await panel.admin.get('/api/admin/plugins');
  const row = (id: string) => json.items.find((item: { id: string }) => item.id === id);
  expect(row('half')).toMatchObject({
    state: 'invalid',
    reason: expect.stringContaining('plugin.json'),
    fix: expect.any(String),
  });
  expect(row('typo')).toMatchObject({ state: 'invalid', reason: expect.stringContaining('server.js:2:13') });
  expect((await panel.admin.post('/api/admin/plugins/typo/activate', { permissions: [] })).status).toBe(400);
});

test('a source that is huge or nests without end neither blocks the panel nor passes', async () => {
  await open();
  await panel.drop('nested', { server: `export default () => {};\n${'('.repeat(400_000)}` });
  await panel.drop('huge', {
    server: `export default () => {};\n${'var a = { b: [1, 2, 3], c: function () { return `x${1}` } };\n'.repeat(120_000)}`,
  });
  let longest = 0;
  let scanning = true;
  const watch = (async () => {
    while (scanning) {
      const since = performance.now();
      await panel.nobody.get('/healthz');
      longest = Math.max(longest, performance.now() - since);
    }
  })();
  const { json } = await panel.admin.get('/api/admin/plugins');
  scanning = false;
  await watch;
  expect(longest).toBeLessThan(2000);
  expect(json.items).toContainEqual(
    expect.objectContaining({ id: 'nested', state: 'invalid', reason: expect.stringContaining('server.js') }),
  );
});

function childCount(): number {
  return (process.getActiveResourcesInfo?.() ?? []).filter((name) => name === 'ProcessWrap').length;
}
