import { io } from 'socket.io-client';
import { LIVE_PATH } from '@sodium/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually, TestPanel } from './test-panel.js';

let panel: TestPanel;
const active: string[] = [];
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterEach(async () => {
  await panel.deactivate(...active.splice(0).reverse());
});
afterAll(() => panel.dispose());

async function activate(
  id: string,
  hooks: unknown[],
  server: string,
  permissions: string[] = ['servers:read'],
  more: object = {},
): Promise<void> {
  await panel.activate(id, {
    manifest: { hooks, permissions, ...more },
    server: `export default function (sodium) {\n${server}\n}`,
  });
  active.push(id);
}
const create = (name = 'box', more: object = {}) =>
  panel.user.post('/api/servers', { name, template: 'nodejs', ...more });
const WATCHER = (event: string) =>
  `sodium.hooks.on('${event}', (ctx) => sodium.logger.info('heard ' + JSON.stringify(ctx)));`;

test('every event about a server reaches a plugin with its context', async () => {
  const events = [
    'server:onCreate',
    'server:onDelete',
    'server:onStatusChange',
    'server:resourceUsage',
    'server:beforeStart',
    'server:beforeDelete',
  ];
  const server = events
    .map((event) => `sodium.hooks.on('${event}', (ctx) => sodium.logger.info('${event} ' + JSON.stringify(ctx)));`)
    .join('\n');
  await activate('observer', ['server:*'], server);
  const made = (await create('watched')).json;
  const user = { id: panel.user.user!.id, username: 'ann', role: 'user' };
  await panel.user.post(`/api/servers/${made.id}/power`, { action: 'start' });
  const about = expect.objectContaining({ id: made.id, name: 'watched', template: 'nodejs', owner: user.id });
  const heard = (event: string, check: (contexts: unknown[]) => void) =>
    eventually(() => panel.told('observer', event), check);
  await heard('server:onCreate', (all) => expect(all).toEqual([{ server: about, user }]));
  await heard('server:beforeStart', (all) => expect(all).toEqual([{ server: about, user }]));
  await heard('server:onStatusChange', (all) =>
    expect(all).toContainEqual(
      expect.objectContaining({ server: about, from: 'starting', to: 'running', action: 'start', user }),
    ),
  );
  await heard('server:resourceUsage', (all) => {
    const usage = {
      cpu: expect.any(Number),
      memoryBytes: expect.any(Number),
      diskBytes: expect.any(Number),
      uptimeMs: expect.any(Number),
    };
    expect(all).toContainEqual({ server: about, usage });
  });
  await panel.user.delete(`/api/servers/${made.id}`);
  await heard('server:beforeDelete', (all) => expect(all).toEqual([{ server: about, user }]));
  await heard('server:onDelete', (all) => expect(all).toEqual([{ server: about, user }]));
  await heard('server:onStatusChange', (all) =>
    expect(all).toContainEqual(expect.objectContaining({ from: 'stopping', to: 'offline' })),
  );
});

test('logins, registrations, routes and live messages are told to those who may hear of them', async () => {
  await activate(
    'ears',
    ['auth:*', 'route:register', 'ws:message'],
    ['auth:afterLogin', 'auth:afterRegister', 'route:register', 'ws:message']
      .map((event) => `sodium.hooks.on('${event}', (ctx) => sodium.logger.info('${event} ' + JSON.stringify(ctx)));`)
      .join('\n'),
    ['users:read', 'ws:read'],
  );
  const bob = await panel.admin.post('/api/auth/register', {
    username: 'bob',
    email: 'bob@example.com',
    password: 'correct horse',
  });
  await panel.admin.post('/api/auth/login', { username: 'bob', password: 'correct horse' });
  const told = (event: string, expected: unknown) =>
    eventually(
      () => panel.told('ears', event),
      (all) => expect(all).toContainEqual(expected),
    );
  const by = { user: { id: bob.json.id, username: 'bob', role: 'user' }, ip: '127.0.0.1', method: 'password' };
  await told('auth:afterRegister', by);
  await told('auth:afterLogin', by);
  await activate('with-routes', [], `sodium.http.registerRoutes((r) => r.get('/a/:b', () => {}));`, ['http:routes']);
  await told('route:register', { plugin: 'with-routes', method: 'GET', path: '/a/:b' });
  const made = (await create('talker')).json;
  const socket = io(panel.url, {
    path: LIVE_PATH,
    transports: ['websocket'],
    extraHeaders: { cookie: panel.user.sessionCookie },
  });
  try {
    await socket.timeout(5000).emitWithAck('console:subscribe', { server: made.id });
    await told('ws:message', {
      user: expect.objectContaining({ username: 'ann' }),
      server: made.id,
      message: { event: 'console:subscribe', server: made.id },
    });
  } finally {
    socket.close();
  }
});

test('a denial is a 403 with the plugin and its reason, and nothing is created', async () => {
  await activate(
    'strict',
    ['server:beforeCreate'],
    `sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.user.serverCount >= 0 && ctx.server.name === 'bad') ctx.deny('Not this name.'); });`,
  );
  const denied = await create('bad');
  expect(denied.status).toBe(403);
  expect(denied.json.error).toEqual({ code: 'SERVER_CREATE_DENIED', message: 'Not this name.', plugin: 'strict' });
  expect((await panel.user.get('/api/servers')).json.items.map((item: { name: string }) => item.name)).not.toContain(
    'bad',
  );
  expect((await create('good')).status).toBe(201);
});

test('a glob listens to what the manifest lists, by priority, and the first denial ends the chain', async () => {
  await activate(
    'globber',
    ['server:beforeCreate', 'server:beforeStart'],
    `
    sodium.hooks.on('*:before*', (ctx) => { sodium.logger.info('late'); ctx.deny('late'); }, 50);
    sodium.hooks.on('server:beforeCreate', (ctx) => { sodium.logger.info('early'); ctx.server.name += '-early'; }, 1);
    sodium.hooks.on('server:beforeCreate', (ctx) => { sodium.logger.info('saw ' + ctx.server.name); });`,
  );
  await activate(
    'after-it',
    ['server:beforeCreate'],
    `sodium.hooks.on('server:beforeCreate', () => { sodium.logger.info('never'); }, 60);`,
  );
  expect((await create('x')).json.error).toMatchObject({ message: 'late', plugin: 'globber' });
  expect(await panel.logs('globber')).toEqual(['early', 'saw x-early', 'late']);
  expect(await panel.logs('after-it')).toEqual([]);
});

test('what a handler changes is taken over, and checked again', async () => {
  await activate(
    'changer',
    ['server:beforeCreate'],
    `sodium.hooks.on('server:beforeCreate', (ctx) => {
    if (ctx.server.name === 'long') ctx.server.name = 'n'.repeat(100);
    else if (ctx.server.name === 'limit') ctx.server.limits = { memoryMb: -5 };
    else if (ctx.server.name === 'variable') ctx.server.variables = { ENTRY: '../../etc/passwd.js' };
    else { ctx.server.name = 'renamed'; ctx.server.limits = { memoryMb: 128 }; ctx.server.template = 'generic'; ctx.user.role = 'admin'; }
  });`,
  );
  expect((await create('plain')).json).toMatchObject({
    name: 'renamed',
    limits: { memoryMb: 128 },
    template: 'nodejs',
  });
  for (const name of ['long', 'limit', 'variable']) {
    const refused = await create(name);
    expect([name, refused.status >= 400, (refused.json.error.message as string).length > 10]).toEqual([
      name,
      true,
      true,
    ]);
  }
});

test('a handler that throws or never answers denies, unless the manifest allows', async () => {
  await activate(
    'broken',
    ['server:beforeCreate'],
    `sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.server.name === 'hang') return new Promise(() => {}); throw new Error('oops'); });`,
  );
  const thrown = await create('throw');
  expect(thrown.json.error).toMatchObject({ code: 'SERVER_CREATE_DENIED', plugin: 'broken' });
  const started = performance.now();
  expect((await create('hang')).status).toBe(403);
  expect(performance.now() - started).toBeLessThan(6000);
  expect((await panel.logs('broken')).join('\n')).toMatch(/oops[\s\S]*denied because its handler failed/);
  await panel.deactivate(...active.splice(0));
  await activate(
    'lenient',
    [{ event: 'server:beforeCreate', onError: 'allow' }],
    `sodium.hooks.on('server:beforeCreate', () => { throw new Error('oops'); });`,
  );
  expect((await create('throw')).status).toBe(201);
});

test('a write of another plugin is announced by name and id, also when its process ran before anybody watched', async () => {
  const routes = `sodium.db.registerCollections(['notes']);
    sodium.http.registerRoutes((r) => r.post('/notes/:id', (req, res) => {
      if (req.query.op === 'update') sodium.db.update('notes', req.params.id, { secret: 2 });
      else if (req.query.op === 'delete') sodium.db.delete('notes', req.params.id);
      else sodium.db.insert('notes', { id: req.params.id, secret: 1 });
      res.sendStatus(204);
    }));`;
  await activate('writer', [], routes, ['db:own', 'http:routes']);
  await panel.user.post('/api/plugins/writer/notes/before');
  await activate('watcher', ['db:afterSave'], WATCHER('db:afterSave'), ['db:watch']);
  for (const op of ['insert', 'update', 'delete']) await panel.user.post(`/api/plugins/writer/notes/one?op=${op}`);
  const expected = ['insert', 'update', 'delete'].map((operation) => ({
    collection: 'plugin:writer/notes',
    operation,
    id: 'one',
  }));
  await eventually(
    () => panel.told('watcher', 'heard'),
    (all) => expect(all.filter((ctx) => ctx.collection.startsWith('plugin:'))).toEqual(expected),
  );
});

test('changes of the panel are announced without secrets', async () => {
  await activate('watcher', ['db:afterSave'], WATCHER('db:afterSave'), ['db:watch']);
  const carol = await panel.admin.post('/api/auth/register', {
    username: 'carol',
    email: 'carol@example.com',
    password: 'correct horse',
  });
  const made = (await create('announced')).json;
  const all = await eventually(
    () => panel.told('watcher', 'heard'),
    (found) => expect(found.map((ctx) => ctx.id)).toEqual(expect.arrayContaining([carol.json.id, made.id])),
  );
  expect(all.find((ctx) => ctx.id === made.id)).toMatchObject({
    collection: 'servers',
    operation: 'insert',
    changes: { name: 'announced' },
  });
  expect(all.find((ctx) => ctx.id === carol.json.id)).toMatchObject({
    collection: 'users',
    operation: 'insert',
    changes: { username: 'carol' },
  });
  expect(JSON.stringify(all)).not.toMatch(/argon2|passwordHash/);
});

test('what a plugin saves because something was saved starts nothing over again', async () => {
  const server = (await create('looped')).json;
  await activate(
    'noter',
    [],
    `sodium.db.registerCollections(['log']); return { note: (id) => { sodium.db.insert('log', { told: id }); } };`,
    ['db:own'],
  );
  const loop = (other: string): string => `sodium.db.registerCollections(['log']);
    let count = 0;
    sodium.hooks.on('db:afterSave', async (ctx) => {
      count++;
      sodium.logger.info('heard ' + JSON.stringify(ctx));
      if (count > 50) return;
      sodium.db.insert('log', { of: ctx.id });
      await sodium.servers.suspend('${server.id}', 'round ' + count);
      await sodium.servers.unsuspend('${server.id}');
      for (const id of ['${other}', 'noter']) await sodium.plugins.call(id, 'note', ctx.id).catch((error) => sodium.logger.warn(error.message));
      sodium.logger.info('done ' + JSON.stringify(ctx.changes?.name ?? null));
    });
    return { note: (id) => { sodium.db.insert('log', { told: id }); } };`;
  const permissions = ['db:own', 'db:watch', 'servers:suspend', 'plugins:call'];
  await activate('loop-one', ['db:afterSave'], loop('loop-two'), permissions);
  await activate('loop-two', ['db:afterSave'], loop('loop-one'), permissions);
  // Each change is heard, and what the handlers made of it is done, before the next one: what followed lies in between.
  for (const name of ['renamed', 'again', 'at last']) {
    await panel.user.patch(`/api/servers/${server.id}`, { name });
    const done = (all: string[]) => expect(all).toContain(name);
    for (const id of ['loop-one', 'loop-two']) await eventually(() => panel.told(id, 'done'), done);
  }
  for (const id of ['loop-one', 'loop-two']) {
    const all = await panel.told(id, 'heard');
    expect(
      all.filter((ctx) => ctx.changes?.suspended !== undefined || String(ctx.collection).startsWith('plugin:')),
    ).toEqual([]);
  }
});
