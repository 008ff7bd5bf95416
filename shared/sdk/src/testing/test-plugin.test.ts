import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPlugin, type StoredState, type TestPlugin } from './index.js';

const SERVER = `export default function (sodium) {
  const { db, http, hooks, cron, config, logger } = sodium;
  db.registerCollections(['todos', 'seen']);
  let memory = 0;
  http.registerRoutes((router) => {
    router.get('/todos', (req, res) => res.json({ items: db.find('todos'), for: req.user.username, limit: config.get('limit'), memory: ++memory }));
    router.post('/todos', (req, res) => res.status(201).json(db.insert('todos', { text: req.body.text, at: Date.now() })));
    router.post('/twice', async (req, res) => {
      db.insert('todos', { ...req.body, twice: true });
      if (!req.query.at) await null;
      res.json(db.insert('todos', { ...req.body, twice: true }));
    });
    router.get('/admin', sodium.auth.requireAdmin, (req, res) => res.send('for admins'));
    router.post('/hook', (req, res) => res.json({ raw: req.rawBody.length, user: req.user }));
    router.post('/send', async (req, res) => {
      const answer = await fetch(req.body.url, { method: 'POST', body: JSON.stringify({ hello: 1 }), headers: { 'x-key': 'k' } }).catch((error) => ({ error }));
      if (answer.error) return res.status(502).json({ message: answer.error.message });
      res.json({ status: answer.status, body: await answer.text() });
    });
    router.get('/servers', async (req, res) => res.json(await sodium.servers.list()));
  });
  hooks.on('server:beforeCreate', (ctx) => {
    if (ctx.user.serverCount >= config.get('limit')) ctx.deny('At most ' + config.get('limit') + ' servers.');
    else ctx.server.name = ctx.server.name + '!';
  });
  hooks.on('server:onStatusChange', (ctx) => void db.insert('seen', { server: ctx.server.name, to: ctx.to, action: ctx.action ?? null }));
  hooks.on('server:resourceUsage', (ctx) => void db.insert('seen', { cpu: ctx.usage.cpu }));
  hooks.on('auth:afterLogin', (ctx) => { throw new Error('no ' + ctx.user.username); });
  cron.register('sweep', '0 3 * * *', async () => {
    for (const { id } of db.find('todos', { at: { $lt: Date.now() - 86_400_000 } })) db.delete('todos', id);
    logger.info('swept at', new Date().toISOString());
  });
  cron.register('broken', '0 4 * * *', () => { throw new Error('it is broken'); });
  return { count: (collection) => db.count(collection), forget: (id) => void db.delete('todos', id), ask: (id, method) => sodium.plugins.call(id, method) };
}`;

const MANIFEST = {
  id: 'kit-probe',
  permissions: [
    'db:own',
    'http:routes',
    'cron:register',
    'servers:read',
    'users:read',
    'webhooks:send',
    'plugins:call',
  ],
  hooks: ['server:*', 'auth:afterLogin'],
  http: { public: ['/hook'] },
  network: { hosts: ['api.example.com'] },
  settings: {
    limit: { type: 'number', default: 2, min: 0, max: 9 },
    endpoint: { type: 'url' },
  },
};

describe('a plugin on the panel of a test', () => {
  let plugin: TestPlugin;

  beforeAll(async () => {
    plugin = await testPlugin({
      plugin: { manifest: MANIFEST, server: SERVER },
      settings: { limit: 1 },
      now: '2031-05-01T12:00:00Z',
      servers: [
        { name: 'alpha', state: 'running' },
        { name: 'beta', owner: 'root' },
      ],
      documents: { todos: [{ id: 'old', text: 'from before', at: 0 }] },
      others: [{ manifest: { id: 'other' }, server: 'export default () => ({ hello: () => "from the other" });' }],
    });
  });
  afterAll(() => plugin?.dispose());

  test('answers its routes as the user who calls', async () => {
    const made = await plugin.post('/todos', { text: 'water' });
    expect(made).toMatchObject({ status: 201, body: { text: 'water' } });
    const seen = await plugin.get('/todos', { user: 'root' });
    expect(seen.body).toMatchObject({ for: 'root', limit: 1, items: [{ id: 'old' }, { text: 'water' }] });
    expect((await plugin.get('/admin')).status).toBe(403);
    expect((await plugin.get('/admin', { user: 'root' })).text).toBe('for admins');
    expect((await plugin.get('/todos', { user: null })).status).toBe(401);
    const hook = await plugin.post('/hook', 'raw bytes', { user: null, headers: { 'content-type': 'text/plain' } });
    expect(hook.body).toEqual({ raw: 9, user: null });
  });

  test('sees the clock of the test', async () => {
    const { body } = await plugin.post('/todos', { text: 'later' });
    expect(new Date(body.at).toISOString()).toMatch(/^2031-05-01T12:/);
    await plugin.runCron('sweep');
    expect(await plugin.documents('todos', { id: 'old' })).toEqual([]);
    await plugin.advance(3 * 86_400_000);
    expect((await plugin.get('/todos')).body.memory).toBeGreaterThan(1);
    await plugin.runCron('sweep');
    expect(await plugin.documents('todos')).toEqual([]);
    expect(plugin.logs.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^swept at 2031-05-04T12:/));
  });

  test('is asked before a server is created, and hears of what servers do', async () => {
    expect(await plugin.fire('server:beforeCreate', { user: 'ann', server: 'gamma' })).toMatchObject({
      denied: 'At most 1 servers.',
    });
    const allowed = await plugin.fire('server:beforeCreate', { user: { serverCount: 0 }, server: 'gamma' });
    expect(allowed).toMatchObject({ denied: null, context: { server: { name: 'gamma!' } } });
    await expect(plugin.createServer({ name: 'delta' })).rejects.toThrow('At most 1 servers.');
    await plugin.setConfig({ limit: 5 });
    const delta = await plugin.createServer({ name: 'delta' });
    expect(delta).toMatchObject({ name: 'delta!', state: 'offline' });
    expect((await plugin.power(delta.id, 'start')).state).toBe('running');
    await plugin.crash(delta.id, 137);
    await plugin.reportUsage('alpha', { cpu: 42 });
    expect(await plugin.documents('seen')).toMatchObject([
      { to: 'starting', action: 'start' },
      { to: 'running' },
      { to: 'offline', action: 'crash' },
      { cpu: 42 },
    ]);
    const names = (await plugin.get('/servers')).body.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['alpha', 'beta', 'delta!']);
  });

  test('fails where its handler, its task or the caller is wrong', async () => {
    await expect(plugin.fire('auth:afterLogin', { user: 'ann' })).rejects.toThrow('no ann');
    await expect(plugin.fire('db:afterSave')).rejects.toThrow(/does not listen to db:afterSave/);
    await expect(plugin.runCron('broken')).rejects.toThrow('it is broken');
    await expect(plugin.runCron('none')).rejects.toThrow('Its tasks are: sweep, broken');
    await expect(plugin.setConfig({ limit: 99 })).rejects.toThrow(/limit/);
    await expect(plugin.get('/todos', { user: 'eve' })).rejects.toThrow('no user "eve"');
  });

  test('reaches the hosts of the test, servers of this machine, and nothing else', async () => {
    const answer = plugin.answer('api.example.com', async (request) =>
      Response.json({ got: await request.json(), key: request.headers.get('x-key') }, { status: 202 }),
    );
    expect((await plugin.post('/send', { url: 'https://api.example.com/v1' })).body).toEqual({
      status: 202,
      body: '{"got":{"hello":1},"key":"k"}',
    });
    expect((await plugin.post('/send', { url: 'https://elsewhere.example.com/' })).body.message).toMatch(
      /"network.hosts"/,
    );
    const local = createServer((_req, res) => res.end('from here'));
    await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(local.address() as AddressInfo).port}/x`;
    await plugin.setConfig({ endpoint: url });
    expect((await plugin.post('/send', { url })).body).toEqual({ status: 200, body: 'from here' });
    local.close();
    answer[Symbol.dispose]();
    expect(plugin.egress).toMatchObject([
      { method: 'POST', url: 'https://api.example.com/v1', status: 202, json: { hello: 1 }, headers: { 'x-key': 'k' } },
      { host: 'elsewhere.example.com', status: null },
      { url, status: 200 },
    ]);
  });

  test('says what nobody answers, instead of asking the network', async () => {
    const { status, body } = await plugin.post('/send', { url: 'https://api.example.com/v1' });
    expect([status, body.message]).toEqual([502, expect.stringContaining('plugin.answer("api.example.com"')]);
  });

  test('keeps its documents when it is killed, and forgets its memory', async () => {
    await plugin.post('/todos', { text: 'kept' });
    await plugin.kill();
    expect((await plugin.get('/todos')).body).toMatchObject({ memory: 1, items: [{ text: 'kept' }] });
    await plugin.seed('todos', [{ id: 'sown', text: 'sown' }]);
    expect(await plugin.call('count', 'todos')).toBe(2);
    expect(await plugin.call('ask', 'other', 'hello')).toBe('from the other');
  });

  test('shows every state that a crash could have left', async () => {
    using writes = await plugin.recordWrites();
    await plugin.post('/twice', { text: 'apart' });
    await plugin.kill();
    await plugin.post('/twice?at=once', { text: 'together' });
    const counts: number[] = [];
    const count = (state: StoredState): void => void counts.push(state.documents('todos', { twice: true }).length);
    expect(writes.replay(count)).toBe(3);
    for (const { id } of await plugin.documents('todos', { twice: true })) await plugin.call('forget', id);
    expect(writes.replay(count)).toBe(4);
    expect(counts).toEqual([1, 2, 4, 3, 2, 1, 0]);
  });

  test('loses a permission that is taken back', async () => {
    expect(plugin.usedPermissions).toEqual(expect.arrayContaining(['db:own', 'http:routes']));
    await plugin.revoke(['servers:read']);
    expect((await plugin.get('/servers')).status).toBe(403);
    await plugin.revoke([]);
    expect((await plugin.get('/servers')).status).toBe(200);
  });
});

test('a package that the panel refuses is refused with its words', async () => {
  const refused = testPlugin({ plugin: { manifest: { id: 'bad', permissions: ['fly'] }, server: '' } });
  await expect(refused).rejects.toThrow(/permissions/);
  const broken = testPlugin({ plugin: { server: 'export default () => { throw new Error("not today"); };' } });
  await expect(broken).rejects.toThrow('not today');
});
