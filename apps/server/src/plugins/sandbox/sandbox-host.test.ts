import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchPrefix } from './supervisor/launch-prefix.js';
import { openTestSandbox, until, type TestSandbox } from './testing/sandbox-fixture.js';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox();
});
afterAll(() => sandbox.close());

const user = { id: 'u1', username: 'ann', role: 'user' as const };

describe('a plugin in its sandbox', () => {
  it('registers, answers requests and keeps documents', async () => {
    const plugin = await sandbox.plugin(`
      export default function (sodium) {
        sodium.db.registerCollections(['notes', { name: 'tags', indexes: ['name'] }]);
        sodium.http.registerRoutes((router) => {
          router.get('/notes', async (req, res) => res.json(await sodium.db.find('notes', { owner: req.user.id })));
          router.post('/notes', (req, res) => res.status(201).json(sodium.db.insert('notes', { ...req.body, owner: req.user.id })));
        });
        sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.user.serverCount > 3) ctx.deny('At most 3.'); ctx.server.name += '!'; }, 5);
        sodium.cron.register('nightly', '0 3 * * *', () => sodium.db.insert('tags', { name: 'cron' }), { timezone: 'Europe/Berlin' });
        return { count: () => sodium.db.count('notes'), nothing: 5 };
      }`);
    const registered = await plugin.instance.activate();
    expect(registered).toEqual({
      routes: [
        { method: 'GET', path: '/notes' },
        { method: 'POST', path: '/notes' },
      ],
      hooks: [{ pattern: 'server:beforeCreate', priority: 5 }],
      crons: [{ name: 'nightly', expression: '0 3 * * *', timezone: 'Europe/Berlin' }],
      methods: ['count'],
      collections: ['notes', 'tags'],
      ui: {},
      timers: false,
    });
    const body = Buffer.from('{"text":"hi","__proto__":{"polluted":1}}');
    const made = await plugin.request('/notes', {
      method: 'POST',
      user,
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status).toBe(201);
    expect(made.json()).toMatchObject({ text: 'hi', owner: 'u1' });
    expect(made.text).not.toContain('polluted');
    expect((await plugin.request('/notes', { user })).json()).toHaveLength(1);
    const server = { name: 'a', template: 't', limits: {}, variables: {} };
    expect(
      await plugin.instance.hook(0, 'server:beforeCreate', { user: { ...user, serverCount: 1 }, server }, 2000),
    ).toEqual({ kind: 'passed', changes: { server: { name: 'a!' } } });
    expect(
      await plugin.instance.hook(0, 'server:beforeCreate', { user: { ...user, serverCount: 9 }, server }, 2000),
    ).toEqual({ kind: 'denied', reason: 'At most 3.' });
    await plugin.instance.cron('nightly');
    expect(await plugin.instance.method('count', [], [])).toBe(1);
    expect([...plugin.used].sort()).toEqual(['cron:register', 'db:own', 'http:routes', 'servers:read']);
    await plugin.instance.restart();
    expect((await plugin.request('/notes', { user })).json()).toHaveLength(1);
    await plugin.instance.stop();
    expect(plugin.instance.state).toEqual({ kind: 'stopped' });
    await expect(plugin.request('/notes')).rejects.toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
  });

  it('says where its code failed, in its own file', async () => {
    const plugin = await sandbox.plugin('\n\nexport default function () {\n  throw new TypeError("broken");\n}', {
      id: 'breaks',
    });
    const error = (await plugin.instance.activate().catch((failure: unknown) => failure)) as Error;
    expect(error.message).toContain('TypeError: broken');
    expect((error.cause as Error).stack).toMatch(/plugin:breaks\/server\.js:4:/);
    expect((error.cause as Error).stack).not.toMatch(/\/tmp|node_modules|file:/);
    await plugin.instance.stop();
  });

  it('logs what the plugin says, and what nobody caught', async () => {
    const plugin = await sandbox.plugin(`export default function (sodium) {
      sodium.logger.info('hello', { a: [1, 'x'] }, new Error('shown'));
      console.warn('careful');
      Promise.reject(new Error('unheard'));
      sodium.plugins.call('x', 'y');
      setTimeout(() => { throw new Error('timer') }, 1);
    }`);
    await plugin.instance.activate();
    await until('both failures are logged', () =>
      ['timer', 'plugins.call'].every((part) => plugin.logs.some(({ text }) => text.includes(part))),
    );
    const text = plugin.logs.map((entry) => `${entry.level} ${entry.text}`).join('\n');
    expect(text).toMatch(/info hello \{ a: \[1, "x"\] \} Error: shown/);
    expect(text).toContain('warn careful');
    expect(text).toMatch(/error .*unheard/);
    expect(text).toMatch(/error .*plugins\.call/);
  });

  it('has no network and dies with the panel, where the machine allows it', async () => {
    const prefix = launchPrefix();
    const plugin = await sandbox.plugin('export default () => {}');
    await plugin.instance.activate();
    const { state } = plugin.instance;
    const pid = state.kind === 'running' ? state.pid : 0;
    if (prefix.includes('--net'))
      expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync('/proc/self/ns/net'));
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()).toMatch(/^(node|MainThread)$/);
    await plugin.instance.stop(0);
  });
});

describe('a permission that is taken back', () => {
  const SOURCE = `export default (sodium) => {
    sodium.http.registerRoutes((router) => router.get('/', (req, res) => res.json(sodium.db.count('notes'))));
    sodium.db.registerCollections(['notes']);
  }`;

  it('ends the process, is no failure however often it happens, and can be given again', async () => {
    const quick = await openTestSandbox({ limits: { watchEveryMs: 20, backoffMs: [10] } });
    const plugin = await quick.plugin(SOURCE);
    await plugin.instance.activate();
    for (let round = 0; round < 4; round++) {
      plugin.permissions.delete('db:own');
      await until('its process has ended', () => plugin.instance.state.kind === 'idle');
      await expect(plugin.request('/')).rejects.toThrow(/needs the permission "db:own"/);
      await until('it may be tried again', () => plugin.instance.state.kind === 'idle');
      plugin.permissions.add('db:own');
      expect((await plugin.request('/')).text).toBe('0');
    }
    expect(plugin.states.map(({ kind }) => kind)).not.toContain('quarantined');
    expect(plugin.logs.some(({ text }) => text.includes('its permission "db:own" was revoked'))).toBe(true);
    await quick.close();
  });
});

describe('a process that ends because it has nothing to do', () => {
  it('refuses nobody who comes meanwhile', async () => {
    const lazy = await openTestSandbox({ limits: { idleMs: 30, watchEveryMs: 5 } });
    const plugin = await lazy.plugin(
      `export default (sodium) => { sodium.db.registerCollections(['a']); sodium.http.registerRoutes((router) => router.get('/', (req, res) => res.send('here'))) }`,
    );
    await plugin.instance.activate();
    const idles = (): number => plugin.states.filter(({ kind }) => kind === 'idle').length;
    for (let round = 0; idles() < 5; round++) {
      // Around the moment at which it is ended, which is later on a busy machine.
      await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * (15 + round)));
      expect((await plugin.request('/')).text).toBe('here');
    }
    await lazy.close();
  }, 90_000);
});
