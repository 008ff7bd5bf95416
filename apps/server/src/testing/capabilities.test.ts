import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PERMISSION_NAMES } from '@sodium/sdk';
import { TestClient } from './test-client.js';
import { eventually, TestPanel } from './test-panel.js';

let panel: TestPanel;
let active: string[] = [];
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterEach(async () => {
  await panel.deactivate(...active.splice(0).reverse());
});
afterAll(() => panel.dispose());

async function activate(id: string, permissions: string[], server: string, more: object = {}): Promise<void> {
  await panel.activate(id, {
    manifest: { permissions, ...more },
    server: `export default async function (sodium) {\n${server}\n}`,
  });
  active.push(id);
}

/** A plugin whose route runs what it is sent: `(sodium) => …`. */
const EVAL = (routes: string): string => `sodium.http.registerRoutes((r) => { ${routes} });`;
const ask = (id: string, path = '/'): Promise<unknown> =>
  panel.user.get(`/api/plugins/${id}${path}`).then((answer) => answer.json ?? answer.text);

describe('sodium.db', () => {
  test('works with and without await, with queries, sort, limit and operators', async () => {
    await activate(
      'books',
      ['db:own', 'http:routes'],
      `
      sodium.db.registerCollections(['invoices', { name: 'lines', indexes: ['invoice'] }]);
      ${EVAL(`
        r.post('/fill', async (req, res) => {
          await sodium.db.insert('invoices', { id: 'a', user_id: '123', total: 5, at: { year: 2024 } });
          sodium.db.insert('invoices', { id: 'b', user_id: '123', total: 9, at: { year: 2025 } });
          sodium.db.insert('invoices', { id: 'c', user_id: '9', total: 7 });
          res.sendStatus(204);
        });
        r.get('/', async (req, res) => {
          const ids = (found) => found.map((doc) => doc.id);
          const made = sodium.db.insert('lines', { invoice: 'a' });
          res.json({
            plain: ids(sodium.db.find('invoices', { user_id: '123' })),
            awaited: ids(await sodium.db.find('invoices', { user_id: '123' })),
            sorted: ids(sodium.db.find('invoices', {}, { sort: { total: -1 }, limit: 2 })),
            offset: ids(sodium.db.find('invoices', {}, { sort: { total: 1 }, offset: 2 })),
            between: ids(sodium.db.find('invoices', { total: { $gt: 5, $lte: 9 } })),
            among: ids(sodium.db.find('invoices', { user_id: { $in: ['9'] } })),
            not: ids(sodium.db.find('invoices', { user_id: { $ne: '123' } })),
            dotted: ids(sodium.db.find('invoices', { 'at.year': 2025 })),
            one: sodium.db.findOne('invoices', { total: { $gte: 9 } }).id,
            none: sodium.db.get('invoices', 'zzz'),
            count: sodium.db.count('invoices', { user_id: '123' }),
            uuid: /^[0-9a-f-]{36}$/.test(made.id),
            indexed: sodium.db.find('lines', { invoice: 'a' }).length,
            updated: sodium.db.update('invoices', 'b', { total: 9 }).user_id,
            deleted: [sodium.db.delete('invoices', 'c'), sodium.db.delete('invoices', 'c')],
          });
        });
        r.get('/still', (req, res) => res.json({ invoices: sodium.db.count('invoices'), lines: sodium.db.count('lines') }));
        r.get('/unknown', (req, res) => { sodium.db.find('nothing', {}); });
        r.get('/twice', (req, res) => { sodium.db.insert('invoices', { id: 'a' }); });
        r.post('/flood', (req, res) => { const text = 'x'.repeat(1e6 - 100); for (let n = 0; n < 20; n++) sodium.db.insert('lines', { text }); res.send('ok'); });
      `)}`,
    );
    await panel.user.post('/api/plugins/books/fill');
    expect(await ask('books')).toEqual({
      plain: ['a', 'b'], awaited: ['a', 'b'], sorted: ['b', 'c'], offset: ['b'], between: ['b', 'c'], among: ['c'], not: ['c'], dotted: ['b'],
      one: 'b', none: null, count: 2, uuid: true, indexed: 1, updated: '123', deleted: [true, false],
    }); // prettier-ignore
    expect(await ask('books', '/unknown')).toMatchObject({
      error: { plugin: 'books', message: expect.stringMatching(/"nothing"[\s\S]*registerCollections/) },
    });
    expect(await ask('books', '/twice')).toMatchObject({ error: { message: expect.stringContaining('"a"') } });
    const flood = await panel.user.post('/api/plugins/books/flood');
    expect(flood.status).toBeGreaterThanOrEqual(500);
    expect(flood.text).toMatch(/16|quota/i);
    // What was stored before the quota was reached stays.
    expect(await ask('books', '/still')).toEqual({ invoices: 2, lines: 17 });
  });

  test('keeps documents over a restart of the panel and a deactivation', async () => {
    const server = `sodium.db.registerCollections(['kept']); ${EVAL(`r.post('/', (req, res) => res.json(sodium.db.insert('kept', { id: 'x', n: 1 }))); r.get('/', (req, res) => res.json(sodium.db.find('kept')));`)}`;
    await activate('keeper', ['db:own', 'http:routes'], server);
    await panel.user.post('/api/plugins/keeper/');
    await panel.restart();
    expect(await ask('keeper')).toEqual([{ id: 'x', n: 1 }]);
    await panel.deactivate('keeper');
    await activate('keeper', ['db:own', 'http:routes'], server);
    active = ['keeper'];
    expect(await ask('keeper')).toEqual([{ id: 'x', n: 1 }]);
  });
});

describe('sodium.cron', () => {
  test('tasks are listed, run on demand, kept with their history, and refuse to overlap', async () => {
    await activate(
      'billing',
      ['cron:register', 'http:routes'],
      `
      let release = () => {}; let runs = 0;
      sodium.cron.register('billing:cycle', '0 0 1 * *', async () => { runs++; sodium.logger.info('cycled'); });
      sodium.cron.register('slow', '0 3 * * *', () => new Promise((resolve) => (release = resolve)), { timezone: 'Europe/Berlin' });
      sodium.cron.register('bad', '0 4 * * *', () => { throw new Error('no money'); });
      ${EVAL(`r.get('/', (req, res) => res.json({ runs })); r.post('/release', (req, res) => { release(); res.sendStatus(204); });`)}`,
    );
    const path = '/api/admin/plugins/billing/crons';
    const { items } = (await panel.admin.get(path)).json;
    expect(items).toMatchObject([
      {
        plugin: 'billing',
        name: 'billing:cycle',
        expression: '0 0 1 * *',
        timezone: 'UTC',
        running: false,
        lastRun: null,
      },
      { name: 'slow', timezone: 'Europe/Berlin' },
      { name: 'bad' },
    ]);
    expect(new Date(items[0].nextRun).getUTCDate()).toBe(1);
    const berlin = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      hour: 'numeric',
      minute: 'numeric',
    }).format(new Date(items[1].nextRun));
    expect(berlin).toBe('03:00');
    const run = await panel.admin.post(`${path}/billing%3Acycle/run`);
    expect(run).toMatchObject({ status: 200, json: { ok: true, by: 'root', ms: expect.any(Number) } });
    expect(await ask('billing')).toEqual({ runs: 1 });
    expect((await panel.admin.post(`${path}/bad/run`)).json).toMatchObject({
      ok: false,
      message: expect.stringContaining('no money'),
    });
    const slow = panel.admin.post(`${path}/slow/run`);
    await eventually(
      () => panel.admin.get(path),
      ({ json }) => expect(json.items[1].running).toBe(true),
    );
    expect(await panel.admin.post(`${path}/slow/run`)).toMatchObject({
      status: 409,
      json: { error: { code: 'CRON_RUNNING' } },
    });
    await panel.user.post('/api/plugins/billing/release');
    expect((await slow).json).toMatchObject({ ok: true });
    expect((await panel.admin.post(`${path}/nothing/run`)).status).toBe(404);
    const after = (await panel.admin.get(path)).json.items;
    expect(after[0]).toMatchObject({ lastRun: { ok: true }, history: [{ by: 'root' }] });
  });

  test('a task runs at its time', async () => {
    await activate(
      'ticker',
      ['cron:register'],
      `sodium.cron.register('tick', '* * * * * *', () => sodium.logger.info('tick'));`,
    );
    await eventually(
      () => panel.logs('ticker'),
      (lines) => expect(lines).toContain('tick'),
    );
  });

  test('the tasks of plugins and the schedules of servers are listed together', async () => {
    await activate('listed', ['cron:register'], `sodium.cron.register('nightly', '0 1 * * *', () => {});`);
    const server = (await panel.user.post('/api/servers', { name: 'scheduled', template: 'nodejs' })).json;
    const made = await panel.user.post(`/api/servers/${server.id}/schedules`, {
      name: 'Restart',
      cron: '0 4 * * *',
      timezone: 'UTC',
      enabled: true,
      task: { type: 'power', action: 'restart' },
    });
    expect(made.status).toBe(201);
    const { json } = await panel.admin.get('/api/admin/schedules');
    expect(json.items).toContainEqual(
      expect.objectContaining({
        kind: 'plugin',
        plugin: 'listed',
        name: 'nightly',
        expression: '0 1 * * *',
        nextRun: expect.any(String),
      }),
    );
    expect(json.items).toContainEqual(
      expect.objectContaining({
        kind: 'server',
        server: server.id,
        serverName: 'scheduled',
        name: 'Restart',
        expression: '0 4 * * *',
        nextRun: expect.any(String),
      }),
    );
    expect((await panel.user.get('/api/admin/schedules')).status).toBe(403);
  });

  test('an expression or a time zone that cannot be read fails the activation and leaves nothing', async () => {
    for (const [expression, timezone, word] of [
      ['every day', 'UTC', 'every day'],
      ['0 0 * * *', 'Mars/Base', 'Mars/Base'],
    ]) {
      const server = `export default (sodium) => { sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('left behind')); sodium.cron.register('fine', '0 0 * * *', () => {}); sodium.cron.register('odd', '${expression}', () => {}, { timezone: '${timezone}' }); }`;
      const answer = await panel.tryActivate('odd-cron', {
        manifest: { permissions: ['cron:register', 'servers:read'], hooks: ['server:beforeCreate'] },
        server,
      });
      expect(answer).toMatchObject({
        status: 422,
        json: { error: { code: 'ACTIVATION_FAILED', message: expect.stringContaining(word!) } },
      });
      expect((await panel.admin.get('/api/admin/plugins/odd-cron/crons')).json.items).toEqual([]);
      expect((await panel.user.post('/api/servers', { name: 'free', template: 'nodejs' })).status).toBe(201);
    }
  });
});

describe('sodium.config', () => {
  const settings = {
    token: { type: 'string', secret: true, label: 'Token' },
    limit: { type: 'number', default: 3, min: 1, max: 10 },
    on: { type: 'boolean' },
    mode: { type: 'select', options: ['a', { value: 'b', label: 'B' }], default: 'a' },
    hook: { type: 'url' },
    tint: { type: 'color', default: '#ff0000' },
    when: { type: 'cron', default: '0 0 * * *' },
  };

  test('is typed, has defaults, and reaches the plugin with its secrets and nobody else', async () => {
    await activate(
      'set',
      ['http:routes'],
      `
      sodium.config.onChange((changed) => sodium.logger.info('changed ' + JSON.stringify(Object.keys(changed))));
      ${EVAL(`
        r.get('/', (req, res) => { const all = sodium.config.getAll(); res.json({ ...all, token: all.token && [...all.token].reverse().join('') }); });
        r.post('/limit/:n', async (req, res) => { await sodium.config.set('limit', Number(req.params.n)); res.json(sodium.config.get('limit')); });
      `)}`,
      { settings },
    );
    const path = '/api/admin/plugins/set/settings';
    expect(await ask('set')).toEqual({
      token: null,
      limit: 3,
      on: false,
      mode: 'a',
      hook: null,
      tint: '#ff0000',
      when: '0 0 * * *',
    });
    const put = await panel.admin.put(path, { values: { token: 'top-secret-value', limit: 7, mode: 'b' } });
    expect(put.json.values).toMatchObject({ token: { set: true }, limit: 7 });
    // The answer came after the plugin had them.
    expect(await ask('set')).toMatchObject({ token: 'eulav-terces-pot', limit: 7, mode: 'b', on: false });
    expect(await panel.told('set', 'changed')).toEqual([['token', 'limit', 'mode']]);
    for (const [values, word] of [
      [{ limit: 11 }, '10'],
      [{ mode: 'c' }, 'a, b'],
      [{ tint: 'red' }, '#3366ff'],
      [{ hook: 'ftp://x' }, 'https'],
      [{ when: 'soon' }, 'cron'],
      [{ other: 1 }, 'other'],
      [{ on: 'yes' }, 'true'],
    ] as const) {
      expect(await panel.admin.put(path, { values })).toMatchObject({
        status: 400,
        json: { error: { code: 'INVALID_SETTINGS', message: expect.stringContaining(word) } },
      });
    }
    expect((await panel.user.post('/api/plugins/set/limit/9')).json).toBe(9);
    expect((await panel.admin.get(path)).json.values.limit).toBe(9);
    expect((await panel.user.post('/api/plugins/set/limit/99')).text).toContain('10 or less');
    const everything = await Promise.all(
      [
        path,
        '/api/admin/plugins',
        '/api/admin/plugins/set',
        '/api/admin/plugins/set/logs',
        '/api/admin/audit',
        '/api/registry',
      ].map((address) => panel.admin.get(address)),
    );
    expect(everything.map((answer) => answer.text).join('')).not.toContain('top-secret-value');
    await panel.restart();
    expect(await ask('set')).toMatchObject({ token: 'eulav-terces-pot', limit: 9 });
  });
});

describe('sodium.plugins.call', () => {
  test('calls methods with arguments, and says what is wrong when it cannot', async () => {
    await activate(
      'math',
      ['plugins:call'],
      `
      return { add: async (a, b) => a + b, fail: () => { throw new TypeError('not today'); }, back: () => sodium.plugins.call('caller', 'start', 'math', 'back'), deep: (n) => n };`,
    );
    await activate(
      'caller',
      ['plugins:call', 'http:routes'],
      `
      ${EVAL(`r.get('/:id/:method', async (req, res) => { try { res.json({ value: await sodium.plugins.call(req.params.id, req.params.method, 2, 3) }); } catch (error) { res.json({ name: error.name, code: error.code, message: error.message }); } });`)}
      return { start: (id, method) => sodium.plugins.call(id, method) };`,
    );
    expect(await ask('caller', '/math/add')).toEqual({ value: 5 });
    expect(await ask('caller', '/math/fail')).toMatchObject({ message: expect.stringContaining('not today') });
    expect(await ask('caller', '/math/nothing')).toMatchObject({
      code: 'METHOD_NOT_FOUND',
      message: expect.stringContaining('add'),
    });
    expect(await ask('caller', '/absent/add')).toMatchObject({
      code: 'CALL_REFUSED',
      message: expect.stringContaining('"absent" is not active'),
    });
    expect(await ask('caller', '/math/back')).toMatchObject({
      message: expect.stringContaining('caller > math > caller'),
    });
    expect(await ask('caller', '/caller/start')).toMatchObject({ code: 'CALL_REFUSED' });
  });

  test('a chain of many plugins is refused at some depth', async () => {
    const next = (n: number): string =>
      `return { go: async (n) => sodium.plugins.call('chain-${n + 1}', 'go', n + 1) };`;
    for (let n = 0; n < 9; n++)
      await activate(
        `chain-${n}`,
        ['plugins:call', 'http:routes'],
        `${EVAL(`r.get('/', (req, res) => sodium.plugins.call('chain-${n + 1}', 'go', 1).then((v) => res.json(v), (e) => res.send(e.message)));`)} ${n === 8 ? `return { go: (n) => n };` : next(n)}`,
      );
    expect(String(await ask('chain-0'))).toContain('At most 8 plugins');
    expect(await ask('chain-3')).toBe(5);
  });

  test('dependencies are checked with their ranges, started first, and stop with what they need', async () => {
    const needs = (range: string) => ({
      manifest: { permissions: ['plugins:call', 'http:routes'], dependencies: { 'dep-base': range } },
      server: `export default (sodium) => { sodium.http.registerRoutes((r) => r.get('/', async (req, res) => res.json(await sodium.plugins.call('dep-base', 'version')))); }`,
    });
    expect(await panel.tryActivate('a-user', needs('^1.0.0'))).toMatchObject({
      status: expect.any(Number),
      json: { error: { message: expect.stringContaining('Activate "dep-base" first') } },
    });
    await activate('dep-base', [], `return { version: () => sodium.meta.version };`);
    expect((await panel.tryActivate('a-user', needs('^2.0.0'))).json.error.message).toContain(
      'in version ^2.0.0, but 1.0.0 is active',
    );
    await panel.activate('a-user', needs('^1.0.0'));
    active.push('a-user');
    expect(await ask('a-user')).toBe('1.0.0');
    // The other way round in the file: the order of the dependencies decides.
    await panel.close();
    await panel.editConfig((config) => (config.plugins.active = ['a-user', 'dep-base']));
    await panel.open();
    expect(await ask('a-user')).toBe('1.0.0');
    // What needs it through others follows too, both ways.
    await panel.activate('b-user', {
      manifest: { dependencies: { 'a-user': '*' } },
      server: 'export default () => {}',
    });
    active.push('b-user');
    expect(
      (
        await panel.tryActivate('dep-base', {
          manifest: { version: '1.0.1', dependencies: { 'b-user': '*' } },
          server: 'export default () => {}',
        })
      ).json.error.message,
    ).toContain('dep-base > b-user > a-user > dep-base');
    await panel.drop('dep-base', { server: `export default (sodium) => ({ version: () => sodium.meta.version });` });
    await panel.deactivate('dep-base');
    expect(await panel.row('b-user')).toMatchObject({ state: 'failed', reason: expect.stringContaining('a-user') });
    expect(await panel.row('a-user')).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('dep-base'),
      fix: expect.stringContaining('Activate "dep-base"'),
    });
    await panel.admin.post('/api/admin/plugins/dep-base/activate', { permissions: [] });
    expect((await panel.row('a-user')).state).toBe('active');
    expect((await panel.row('b-user')).state).toBe('active');
    expect(await ask('a-user')).toBe('1.0.0');
    // A version that others cannot use stops them.
    await panel.activate('dep-base', {
      manifest: { version: '2.0.0' },
      server: `export default (sodium) => ({ version: () => sodium.meta.version });`,
    });
    expect(await panel.row('a-user')).toMatchObject({ state: 'failed', reason: expect.stringContaining('2.0.0') });
    expect((await panel.row('b-user')).state).toBe('failed');
    active = ['dep-base', 'a-user', 'b-user'];
  });
});

test('servers and users are read without secrets, suspended and powered', async () => {
  const made = (await panel.user.post('/api/servers', { name: 'governed', template: 'nodejs' })).json;
  await activate(
    'governor',
    ['servers:read', 'users:read', 'servers:suspend', 'servers:power', 'http:routes'],
    EVAL(`
    r.get('/read', async (req, res) => res.json({ servers: await sodium.servers.list(), server: await sodium.servers.get('${made.id}'), none: await sodium.servers.get('nope'), users: await sodium.users.list(), user: await sodium.users.get(req.user.id), nobody: await sodium.users.get('nope') }));
    r.post('/suspend', async (req, res) => { await sodium.servers.suspend('${made.id}', 'Unpaid since May.'); res.sendStatus(204); });
    r.post('/unsuspend', async (req, res) => { await sodium.servers.unsuspend('${made.id}'); res.sendStatus(204); });
    r.post('/power/:action', async (req, res) => { await sodium.servers.power('${made.id}', req.params.action); res.sendStatus(204); });`),
  );
  const { json } = await panel.user.get('/api/plugins/governor/read');
  expect(json.server).toMatchObject({
    id: made.id,
    name: 'governed',
    owner: panel.user.user!.id,
    state: 'offline',
    suspended: false,
  });
  expect(json.servers).toContainEqual(json.server);
  expect(json.user).toEqual({ id: panel.user.user!.id, username: 'ann', email: 'ann@example.com', role: 'user' });
  expect([json.none, json.nobody]).toEqual([null, null]);
  expect(json.users).toContainEqual(json.user);
  expect(JSON.stringify(json)).not.toContain('argon2');
  const state = () => panel.user.get(`/api/servers/${made.id}`).then((answer) => answer.json);
  await panel.user.post('/api/plugins/governor/power/start');
  await eventually(state, (server) => expect(server.state).toBe('running'));
  await panel.user.post('/api/plugins/governor/suspend');
  await eventually(state, (server) =>
    expect(server).toMatchObject({ state: 'offline', suspended: true, suspendReason: 'Unpaid since May.' }),
  );
  const start = await panel.user.post(`/api/servers/${made.id}/power`, { action: 'start' });
  expect(start).toMatchObject({
    status: 409,
    json: { error: { code: 'SERVER_SUSPENDED', message: expect.stringContaining('Unpaid since May.') } },
  });
  expect((await panel.user.post('/api/plugins/governor/power/start')).text).toContain('Unpaid since May.');
  await panel.user.post('/api/plugins/governor/unsuspend');
  expect((await panel.user.post(`/api/servers/${made.id}/power`, { action: 'start' })).status).toBe(200);
  await panel.user.delete(`/api/servers/${made.id}`);
});

test('every call without its permission throws and names the line to add', async () => {
  const calls: Record<string, string[]> = {
    'db:own': [`sodium.db.registerCollections(['x'])`, `sodium.db.find('x')`],
    'http:routes': [`sodium.http.registerRoutes(() => {})`],
    'cron:register': [`sodium.cron.register('x', '0 0 * * *', () => {})`],
    'webhooks:send': [`fetch('https://example.com')`],
    'plugins:call': [`sodium.plugins.call('other', 'x')`],
    'servers:read': [
      `sodium.servers.list()`,
      `sodium.servers.get('x')`,
      `sodium.hooks.on('server:beforeCreate', () => {})`,
    ],
    'users:read': [`sodium.users.list()`, `sodium.users.get('x')`, `sodium.hooks.on('auth:afterLogin', () => {})`],
    'servers:suspend': [`sodium.servers.suspend('x')`, `sodium.servers.unsuspend('x')`],
    'servers:power': [`sodium.servers.power('x', 'start')`],
    'ws:read': [`sodium.hooks.on('ws:message', () => {})`],
    'db:watch': [`sodium.hooks.on('db:afterSave', () => {})`],
    'ui:pages': [`sodium.ui.registerPages({ '/x': { title: 'X' } })`],
    'ui:server-tabs': [`sodium.ui.addServerTab({ id: 'x', label: 'X' })`],
    'ui:widgets': [`sodium.ui.addDashboardWidget({ id: 'x', title: 'X' })`],
    'ui:sidebar': [
      `sodium.ui.addSidebarItem({ label: 'X', href: '/x' })`,
      `sodium.hooks.on('sidebar:items', () => {})`,
    ],
    'ui:admin': [`sodium.ui.addAdminTab({ id: 'x', label: 'X' })`, `sodium.hooks.on('admin:tabs', () => {})`],
  };
  expect(Object.keys(calls).sort()).toEqual([...PERMISSION_NAMES].sort());
  const tries = Object.entries(calls).flatMap(([permission, sources]) =>
    sources.map((source) => `await attempt('${permission}', async () => ${source});`),
  );
  await activate(
    'greedy',
    [],
    `
    const attempt = async (permission, run) => {
      try { await run(); sodium.logger.info('result ' + JSON.stringify({ permission, name: 'nothing was thrown' })); }
      catch (error) { sodium.logger.info('result ' + JSON.stringify({ permission, name: error.name, message: error.message })); }
    };
    ${tries.join('\n')}`,
    { hooks: ['*'] },
  );
  const results = await panel.told('greedy', 'result');
  expect(results).toHaveLength(tries.length);
  for (const result of results)
    expect(result).toEqual({
      permission: result.permission,
      name: 'PermissionError',
      message: expect.stringMatching(
        new RegExp(
          `needs the permission "${result.permission}"\\. Add "${result.permission}" to "permissions" in plugin\\.json\\.`,
        ),
      ),
    });
});

test('what server.js declares of its UI reaches the registry', async () => {
  await activate(
    'declared',
    ['ui:pages', 'ui:sidebar', 'ui:admin'],
    `
    sodium.ui.registerPages({ '/invoices': { title: 'Invoices', icon: 'receipt', render: () => {} } });
    sodium.ui.addSidebarItem({ label: 'Invoices', icon: 'receipt', href: '/invoices' });
    sodium.ui.addServerTab({ id: 'costs', label: 'Costs', render: () => {} });
    sodium.ui.addDashboardWidget({ id: 'balance', title: 'Balance', size: 'small' });
    sodium.ui.addAdminTab({ id: 'plans', label: 'Plans', subtabs: [{ id: 'a', label: 'A' }] });`,
  );
  const entry = (await panel.admin.get('/api/registry')).json.items.find(
    (item: { id: string }) => item.id === 'declared',
  );
  expect(entry).toMatchObject({
    client: null,
    contributes: {
      pages: [{ path: '/invoices', title: 'Invoices', icon: 'receipt' }],
      sidebar: [{ label: 'Invoices', icon: 'receipt', href: '/invoices' }],
      tabs: [{ id: 'costs', label: 'Costs' }],
      widgets: [{ id: 'balance', title: 'Balance', size: 'small' }],
      adminTabs: [{ id: 'plans', label: 'Plans', subtabs: [{ id: 'a', label: 'A' }] }],
    },
  });
  // An idle plugin needs no process to be known.
  await panel.restart();
  expect((await panel.admin.get('/api/registry')).json.items).toContainEqual(entry);
  expect((await panel.row('declared')).process).toMatchObject({ kind: 'idle' });
});

test('what is for admins only is told to admins only, also after a change of role', async () => {
  const pages = [
    { path: '/rooms/secret', title: 'The secret room', admin: true },
    { path: '/rooms/:name', title: 'A room' },
  ];
  const sidebar = ['/rooms/secret', '/rooms/open', '/ledger/7'].map((href) => ({ label: `To ${href}`, href }));
  await activate('rooms', ['ui:pages', 'ui:sidebar', 'ui:admin'], '', {
    contributes: { pages, sidebar, adminTabs: [{ id: 'keys', label: 'The secret keys' }] },
  });
  // Another plugin's page decides over the link to it.
  await activate('ledger', ['ui:pages'], '', {
    contributes: { pages: [{ path: '/ledger/:id', title: 'The secret ledger', admin: true }] },
  });
  const forAdmin = await panel.admin.get('/api/registry');
  const SECRETS = /The secret (room|keys|ledger)|"To .(rooms.secret|ledger)|"href":".(rooms.secret|ledger)/g;
  expect(new Set(forAdmin.text.match(SECRETS)).size).toBe(7);

  const eve = new TestClient(() => panel.url);
  await eve.register('eve');
  const forUser = await eve.get('/api/registry');
  expect(forUser.text).not.toMatch(SECRETS);
  const rooms = forUser.json.items.find(({ id }: { id: string }) => id === 'rooms');
  expect(rooms.contributes.pages).toEqual([pages[1]]);
  expect(rooms.contributes.sidebar).toEqual([sidebar[1]]);
  // One version for all, so that all hear of a change at once; but no copy of one role is good for the other.
  expect(forUser.json.version).toBe(forAdmin.json.version);
  // Left alone, fetch asks for an answer past every copy when it is given an ETag.
  const known = { headers: { 'if-none-match': forUser.headers.get('etag')!, 'cache-control': 'max-age=0' } };
  expect((await eve.get('/api/registry', known)).status).toBe(304);
  expect((await panel.admin.get('/api/registry', known)).status).toBe(200);

  await panel.admin.patch(`/api/admin/users/${eve.user!.id}`, { role: 'admin' });
  expect((await eve.get('/api/registry', known)).status).toBe(401);
  await eve.login('eve');
  expect((await eve.get('/api/registry', known)).text).toBe(forAdmin.text);
});

test('the sidebar and the admin tabs go through the plugins that filter them; one that fails is left out', async () => {
  const before = await panel.user.get('/api/registry');
  expect(before.json.filters).toEqual({ sidebar: false });
  await activate(
    'tidy',
    ['ui:sidebar', 'ui:admin'],
    `
    sodium.hooks.on('sidebar:items', (ctx) => { ctx.items = ctx.items.filter((item) => item.id !== 'servers').map((item) => ({ ...item, label: item.label + ' of ' + ctx.user.username })); });
    sodium.hooks.on('admin:tabs', (ctx) => { ctx.items = ctx.items.filter((tab) => tab.id !== 'plans'); });
    sodium.ui.addAdminTab({ id: 'plans', label: 'Plans' });
    sodium.ui.addAdminTab({ id: 'taxes', label: 'Taxes' });`,
    { hooks: ['sidebar:items', 'admin:tabs'] },
  );
  await activate(
    'breaks',
    ['ui:sidebar'],
    `sodium.hooks.on('sidebar:items', (ctx) => { if (ctx.items.length === 1) { ctx.items = [{ nonsense: true }]; return; } throw new Error('oops'); }, 20);`,
    { hooks: ['sidebar:items'] },
  );
  const after = await panel.user.get('/api/registry');
  expect(after.json.filters).toEqual({ sidebar: true });
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  const items = [
    { id: 'home', label: 'Home', href: '/' },
    { id: 'servers', label: 'Servers', href: '/servers' },
  ];
  const filtered = await panel.user.post('/api/registry/sidebar', { items });
  expect(filtered.json).toEqual({ items: [{ id: 'home', label: 'Home of ann', href: '/' }] });
  expect((await panel.nobody.post('/api/registry/sidebar', { items })).status).toBe(401);
  expect((await panel.user.post('/api/registry/sidebar', { items: 'x' })).status).toBe(400);
  expect((await panel.admin.get('/api/admin/tabs')).json.items).toEqual([
    { id: 'taxes', label: 'Taxes', plugin: 'tidy' },
  ]);
});

test('what a plugin registers may depend on its settings: the panel goes by its latest start', async () => {
  const settings = { veto: { type: 'boolean' } };
  await activate(
    'moody',
    ['servers:read', 'http:routes'],
    `
    if (sodium.config.get('veto')) sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('Not today.'), 1);
    sodium.hooks.on('server:onCreate', (ctx) => sodium.logger.info('created ' + JSON.stringify(ctx.server.name)));
    ${EVAL(`r.get('/', (req, res) => res.send('x'));`)}`,
    { hooks: ['server:*'], settings },
  );
  const create = (name: string) => panel.user.post('/api/servers', { name, template: 'nodejs' });
  expect((await create('first')).status).toBe(201);
  await panel.admin.put('/api/admin/plugins/moody/settings', { values: { veto: true } });
  await panel.admin.post('/api/admin/plugins/moody/restart');
  expect((await create('second')).json.error).toMatchObject({ message: 'Not today.', plugin: 'moody' });
  await panel.restart();
  expect((await create('third')).status).toBe(403);
  await panel.admin.put('/api/admin/plugins/moody/settings', { values: { veto: false } });
  await panel.restart();
  // The first call starts it, and finds other handlers than the panel remembered: refused, and right from then on.
  expect((await create('fourth')).status).toBe(403);
  expect((await create('fifth')).status).toBe(201);
  await eventually(
    () => panel.told('moody', 'created'),
    (names) => expect(names).toContain('fifth'),
  );
});

test('long lists reach a plugin whole', async () => {
  await activate(
    'counting',
    ['users:read', 'http:routes'],
    EVAL(
      `r.get('/', async (req, res) => { const users = await sodium.users.list(); res.json({ count: users.length, last: users.at(-1).username }); });`,
    ),
  );
  const before = (await ask('counting')) as { count: number };
  await panel.close();
  const file = path.join(panel.data, 'db/panel/users.json');
  const users = JSON.parse(await readFile(file, 'utf8')) as { username: string }[];
  const template = users.find((user) => user.username === 'ann')!;
  for (let n = 0; n < 4000; n++)
    users.push({ ...template, id: `bulk-${n}`, username: `bulk-${n}`, email: `bulk-${n}@example.com` } as never);
  await writeFile(file, JSON.stringify(users));
  await panel.open();
  expect(await ask('counting')).toEqual({ count: before.count + 4000, last: 'bulk-3999' });
});

test('a plugin that leaves timers running runs after a start of the panel, others wait for their first call', async () => {
  await activate('clockwork', [], `setInterval(() => sodium.logger.info('beat'), 20);`);
  await activate('lazy', ['http:routes'], EVAL(`r.get('/', (req, res) => res.send('here'));`));
  await panel.restart();
  expect((await panel.row('lazy')).process).toMatchObject({ kind: 'idle' });
  expect((await panel.row('clockwork')).process).toMatchObject({ kind: 'running' });
  await eventually(
    () => panel.logs('clockwork'),
    (lines) => expect(lines).toContain('beat'),
  );
  expect(await ask('lazy')).toBe('here');
});

describe('manifests as authors write them', () => {
  test('a feature with hooks and every usual permission', async () => {
    const manifest = {
      type: 'feature',
      name: 'Billing',
      author: 'Someone',
      description: 'Bills.',
      hooks: ['server:beforeCreate', 'server:onCreate', 'server:onDelete', 'server:resourceUsage'],
      permissions: [
        'servers:read',
        'users:read',
        'db:own',
        'http:routes',
        'ui:pages',
        'ui:sidebar',
        'ui:admin',
        'cron:register',
      ],
    };
    const server = `export default function (sodium) {
      sodium.db.registerCollections(['invoices', 'plans']);
      sodium.hooks.on('server:beforeCreate', async (ctx) => { const open = await sodium.db.find('invoices', { user_id: ctx.user.id, paid: false }); if (open.length > 0) ctx.deny('Pay your invoices first'); });
      sodium.hooks.on('server:onCreate', (ctx) => { sodium.db.insert('invoices', { user_id: ctx.user.id, server: ctx.server.id, paid: false }); });
      sodium.http.registerRoutes((router) => { router.get('/invoices', async (req, res) => { res.json(await sodium.db.find('invoices', { user_id: req.user.id })); }); router.post('/webhooks/stripe', (req, res) => res.json({ received: true })); });
      sodium.cron.register('billing:cycle', '0 0 1 * *', async () => {});
    }`;
    const client = `export default function (sodium) { sodium.ui.registerPages({ '/billing': { title: 'Billing', render: () => 'x' } }); }`;
    await panel.activate('billing', { manifest, server, client });
    active.push('billing');
    expect((await panel.user.post('/api/servers', { name: 'first', template: 'nodejs' })).status).toBe(201);
    await eventually(
      () => panel.user.get('/api/plugins/billing/invoices'),
      ({ json }) => expect(json).toMatchObject([{ user_id: panel.user.user!.id, paid: false }]),
    );
    const second = await panel.user.post('/api/servers', { name: 'second', template: 'nodejs' });
    expect(second).toMatchObject({
      status: 403,
      json: { error: { message: 'Pay your invoices first', plugin: 'billing' } },
    });
    expect((await panel.row('billing')).permissions.used).toEqual(
      expect.arrayContaining(['db:own', 'http:routes', 'cron:register', 'servers:read']),
    );
  });

  test('a hook that sends alerts', async () => {
    const manifest = {
      type: 'hook',
      hooks: ['server:onStatusChange'],
      permissions: ['servers:read', 'webhooks:send'],
      settings: { url: { type: 'url', label: 'Webhook' } },
    };
    const server = `export default (sodium) => sodium.hooks.on('server:onStatusChange', async (ctx) => { const url = sodium.config.get('url'); if (url) await fetch(url, { method: 'POST', body: ctx.server.name }).catch((error) => sodium.logger.warn(error.message)); });`;
    await panel.activate('discord-alerts', { manifest, server });
    active.push('discord-alerts');
    // A private address typed by the admin is still refused unless the operator allows it.
    await panel.admin.put('/api/admin/plugins/discord-alerts/settings', {
      values: { url: 'https://127.0.0.1:9/hook' },
    });
    const made = (await panel.admin.post('/api/servers', { name: 'alerting', template: 'nodejs' })).json;
    await panel.admin.post(`/api/servers/${made.id}/power`, { action: 'start' });
    await eventually(
      () => panel.logs('discord-alerts'),
      (lines) => expect(lines.join('\n')).toMatch(/127\.0\.0\.1|private/),
    );
    await panel.admin.delete(`/api/servers/${made.id}`);
  });
});

test('webhooks go to the hosts of the manifest and of the settings an admin typed, and are listed', async () => {
  const received: { path: string; body: string }[] = [];
  const receiver = http.createServer((req, res) => {
    let body = '';
    req.on('data', (chunk) => (body += String(chunk)));
    req.on('end', () => {
      received.push({ path: req.url!, body });
      res.setHeader('x-answer', 'yes').end(JSON.stringify({ ok: true }));
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const own = await TestPanel.start({ config: { plugins: { network: { allowPrivate: true } } } });
  try {
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    await own.activate('alerts', {
      manifest: {
        type: 'hook',
        permissions: ['webhooks:send', 'servers:read', 'http:routes'],
        hooks: ['server:onCreate'],
        settings: { url: { type: 'url', default: `${url}/default` } },
      },
      server: `export default (sodium) => {
        sodium.hooks.on('server:onCreate', async (ctx) => { await fetch(sodium.config.get('url'), { method: 'POST', body: JSON.stringify({ content: ctx.server.name }) }); });
        sodium.http.registerRoutes((r) => r.get('/', async (req, res) => { try { const answer = await fetch('${url}/direct'); res.json({ status: answer.status, header: answer.headers.get('x-answer'), body: await answer.json() }); } catch (error) { res.json({ message: error.message }); } }));
      }`,
    });
    // A default in the manifest is the author's word, not the admin's.
    expect((await own.user.get('/api/plugins/alerts/')).json.message).toMatch(/127\.0\.0\.1/);
    await own.admin.put('/api/admin/plugins/alerts/settings', { values: { url: `${url}/hook` } });
    expect((await own.user.get('/api/plugins/alerts/')).json).toEqual({
      status: 200,
      header: 'yes',
      body: { ok: true },
    });
    await own.user.post('/api/servers', { name: 'announced', template: 'nodejs' });
    await eventually(
      async () => received,
      (all) => expect(all).toContainEqual({ path: '/hook', body: '{"content":"announced"}' }),
    );
    const { items } = (await own.admin.get('/api/admin/plugins/alerts/egress')).json;
    expect(items).toContainEqual(
      expect.objectContaining({ plugin: 'alerts', host: expect.stringContaining('127.0.0.1'), status: 200 }),
    );
  } finally {
    await own.dispose();
    receiver.close();
  }
});
