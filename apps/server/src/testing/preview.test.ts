import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PreviewReport } from '@sodium/contract';
import { TestClient } from './test-client.js';
import { eventually, TestPanel } from './test-panel.js';

const PERMISSIONS = [
  ...['db:own', 'http:routes', 'cron:register', 'webhooks:send', 'servers:read', 'users:read', 'servers:power'],
  ...['plugins:call', 'ui:pages'],
];
const SERVER = `export default function (sodium) {
  sodium.db.registerCollections(['notes', 'plans']);
  sodium.hooks.on('server:beforeCreate', (ctx) => {
    if (ctx.server.limits.memoryMb > sodium.config.get('limit')) return ctx.deny('At most ' + sodium.config.get('limit') + ' MB.');
    ctx.server.name = 'renamed';
  });
  sodium.hooks.on('server:onCreate', ({ server }) => {
    throw new Error('cannot stand it');
  });
  sodium.hooks.on('auth:*', ({ user, ip }) => sodium.logger.info('login ' + JSON.stringify({ user, ip })));
  sodium.cron.register('nightly', '0 3 * * *', () => sodium.db.insert('notes', { id: 'nightly' }));
  sodium.http.registerRoutes((router) => {
    router.get('/who', async (req, res) =>
      res.json({ user: req.user, servers: await sodium.servers.list(), users: await sodium.users.list() }));
    router.post('/send', async (req, res) => {
      const answer = await fetch(req.body.url, { method: 'POST', headers: { authorization: 'Bearer s3cret' }, body: JSON.stringify(req.body) });
      res.status(answer.status).send(await answer.text());
    });
    router.post('/change', async (req, res) => {
      await sodium.servers.power(req.body.id, 'start');
      await sodium.config.set('limit', 5);
      const refused = await sodium.plugins.call('other', 'danger').catch((error) => error.message);
      res.json({ refused, limit: sodium.config.get('limit') });
    });
    router.post('/write', (req, res) => {
      sodium.db.insert('notes', { id: 'new', text: 'n' });
      sodium.db.update('plans', 'basic', { price: 9 });
      sodium.db.delete('plans', 'old');
      res.json(sodium.db.find('plans'));
    });
    router.get('/open', (req, res) => res.json({ key: sodium.config.get('key'), limit: sodium.config.get('limit') }));
    router.get('/fail', () => {
      throw new Error('broken on purpose');
    });
  });
  sodium.logger.info('hello');
}`;
const TRIED = {
  manifest: {
    permissions: PERMISSIONS,
    hooks: ['server:beforeCreate', { event: 'server:onCreate', onError: 'deny' }, 'auth:*'],
    network: { hosts: ['hooks.example.com'] },
    http: { public: ['/open'] },
    settings: {
      limit: { type: 'number', default: 512 },
      key: { type: 'string', secret: true },
      url: { type: 'url' },
    },
    styles: ['assets/tried.css'],
    contributes: { pages: [{ path: '/taken/:id', title: 'Taken' }], widgets: [{ id: 'clock', title: 'Clock' }] },
  },
  server: SERVER,
  client: `customElements.define('x-clock', class extends HTMLElement {}); export default () => undefined;`,
  files: { 'assets/tried.css': ':root { --sodium-color-accent: red; }' },
};
const OTHER = {
  manifest: {
    permissions: ['servers:read', 'ui:pages'],
    hooks: ['server:beforeCreate'],
    styles: ['assets/other.css'],
    contributes: { pages: [{ path: '/taken/:name', title: 'Mine' }], widgets: [{ id: 'clock', title: 'Mine' }] },
  },
  server: `export default (sodium) => {
    sodium.hooks.on('server:beforeCreate', () => undefined, 5);
    return { danger: () => sodium.logger.info('danger was called') };
  }`,
  client: `customElements.define('x-clock', class extends HTMLElement {}); export default () => undefined;`,
  files: { 'assets/other.css': ':root { --sodium-color-accent: blue; }' },
};
/** The same plugin at work, with documents of its own. */
const ACTIVE = {
  manifest: { permissions: ['db:own', 'http:routes'], settings: { key: { type: 'string', secret: true } } },
  server: `export default (sodium) => {
    sodium.db.registerCollections(['plans']);
    sodium.http.registerRoutes((router) => {
      router.post('/fill', (req, res) => {
        sodium.db.insert('plans', { id: 'basic', price: 5 });
        sodium.db.insert('plans', { id: 'old', price: 1 });
        res.json({ ok: true });
      });
      router.get('/plans', (req, res) => res.json(sodium.db.find('plans')));
    });
  }`,
};

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel.dispose());

const at = (id: string, below = ''): string => `/api/admin/plugins/${id}/preview${below}`;
async function report(id = 'tried'): Promise<PreviewReport> {
  const answer = await panel.admin.get(at(id, '/report'));
  expect(answer.status, answer.text).toBe(200);
  return answer.json;
}

describe('the preview of an update of an active plugin', () => {
  let url: string;
  const own = (route: string): string => `${url}api/plugins/tried${route}`;

  beforeAll(async () => {
    await panel.activate('other', OTHER);
    await panel.activate('tried', ACTIVE);
    await panel.admin.put('/api/admin/plugins/tried/settings', { values: { key: 'the real secret' } });
    expect((await panel.user.post('/api/plugins/tried/fill')).status).toBe(200);
    const server = { name: 'Anns castle', template: 'nodejs', limits: { memoryMb: 1024 } };
    expect((await panel.user.post('/api/servers', server)).status).toBe(201);
    await panel.drop('tried', TRIED);
    const opened = await panel.admin.post(at('tried'));
    expect(opened.status, opened.text).toBe(200);
    url = opened.json.url;
  });
  afterAll(() => panel.admin.delete(at('tried')));

  test('replays what happened lately, shows the verdicts and applies none', async () => {
    const { hooks, permissions, logs } = await report();
    const [create] = hooks.replays.filter(({ event }) => event === 'server:beforeCreate');
    expect(create).toMatchObject({
      source: 'recorded',
      handlers: [{ verdict: { kind: 'denied', reason: 'At most 512 MB.' } }],
    });
    const [created] = hooks.replays.filter(({ event }) => event === 'server:onCreate');
    expect(created!.handlers[0]!.verdict).toMatchObject({ kind: 'failed', denies: false });
    // A copy, under other names.
    expect(JSON.stringify(hooks.replays)).not.toMatch(/castle|"ann"|127\.0\.0\.1/);
    expect(logs.filter(({ text }) => text.startsWith('login ')).length).toBeGreaterThan(1);
    expect(JSON.stringify(logs)).not.toMatch(/"ann"|127\.0\.0\.1/);
    expect(permissions.used).toMatchObject({ 'servers:read': expect.any(Number), 'users:read': expect.any(Number) });
    expect((await panel.user.get('/api/servers')).json.items[0].name).toBe('Anns castle');
  });

  test('sees the panel under other names, the same ones as its frame', async () => {
    const { json } = await panel.nobody.get(own('/who'));
    expect(JSON.stringify(json)).not.toMatch(/castle|"ann"|"root"|@example\.com.*ann/);
    expect(json.users).toHaveLength(2);
    const framed = await panel.nobody.get(`${url}api/servers`);
    expect(framed.json.items[0].name).toBe(json.servers[0].name);
    expect(json.user.username).toBe((await panel.nobody.get(`${url}api/auth/me`)).json.username);
  });

  test('knows servers and users by their real ids, as the documents do that it has kept', async () => {
    const [castle] = (await panel.user.get('/api/servers')).json.items as { id: string; owner: string }[];
    const { json: who } = await panel.nobody.get(own('/who'));
    expect(who.servers).toMatchObject([{ id: castle!.id, owner: castle!.owner }]);
    expect((await panel.nobody.get(`${url}api/servers/${castle!.id}`)).json.id).toBe(castle!.id);
    const replays = (await report()).hooks.replays.filter(({ event }) => event === 'server:onCreate');
    expect(replays[0]!.context).toMatchObject({ server: { id: castle!.id }, user: { id: castle!.owner } });
  });

  test('what it sends reaches a recorder, which answers what the admin chose', async () => {
    const answers = {
      default: { status: 200, body: '{}' },
      hosts: { 'hooks.example.com': { status: 503, body: 'not now' } },
    };
    expect((await panel.admin.put(at('tried', '/answers'), answers)).status).toBe(200);
    const sent = await panel.nobody.post(own('/send'), { url: 'https://hooks.example.com/a?b=1' });
    expect([sent.status, sent.text]).toEqual([503, 'not now']);
    expect((await panel.nobody.post(own('/send'), { url: 'https://elsewhere.example.org/' })).status).toBe(409);
    const [refused, recorded] = (await report()).egress;
    expect(refused).toMatchObject({
      host: 'elsewhere.example.org',
      status: null,
      refused: expect.stringMatching(/not among/),
    });
    expect(recorded).toMatchObject({
      method: 'POST',
      host: 'hooks.example.com',
      path: '/a?b=1',
      status: 503,
      refused: null,
    });
    expect(recorded!.headers.authorization).toBe('…');
    expect(recorded!.body).toContain('hooks.example.com');
  });

  test('its changes to the panel are noted, and not made', async () => {
    const [server] = (await panel.user.get('/api/servers')).json.items;
    const [known] = (await panel.nobody.get(`${url}api/servers`)).json.items;
    const { json } = await panel.nobody.post(own('/change'), { id: known.id });
    expect(json).toEqual({ refused: expect.stringMatching(/no other plugin is called/), limit: 5 });
    expect((await report()).actions.map(({ name }) => name)).toEqual(['plugins.call', 'config.set', 'servers.power']);
    expect((await panel.user.get(`/api/servers/${server.id}`)).json.state).toBe('offline');
    expect((await panel.logs('other')).join()).not.toContain('danger');
    expect((await panel.admin.get('/api/admin/plugins/tried/settings')).json.values).toEqual({ key: { set: true } });
  });

  test('its documents are told as a difference to the real ones, which stay as they are', async () => {
    expect((await panel.nobody.post(own('/write'))).json).toEqual([{ id: 'basic', price: 9 }]);
    const { counts, items, collections } = (await report()).documents;
    expect(collections).toEqual(['notes', 'plans']);
    expect(counts).toEqual({ added: 1, changed: 1, removed: 1 });
    expect(items).toEqual([
      { collection: 'notes', id: 'new', change: 'added', before: null, after: { id: 'new', text: 'n' } },
      {
        collection: 'plans',
        id: 'basic',
        change: 'changed',
        before: { id: 'basic', price: 5 },
        after: { id: 'basic', price: 9 },
      },
      { collection: 'plans', id: 'old', change: 'removed', before: { id: 'old', price: 1 }, after: null },
    ]);
    const real = await panel.user.get('/api/plugins/tried/plans');
    expect(real.json).toEqual([
      { id: 'basic', price: 5 },
      { id: 'old', price: 1 },
    ]);
  });

  test('settings are the defaults and what the admin types for it; stored secrets stay away', async () => {
    expect((await panel.nobody.get(own('/open'))).json.key).toBeNull();
    const tried = await panel.admin.put(at('tried', '/settings'), {
      values: { key: 'for a try', url: 'https://typed.example.net/x' },
    });
    expect(tried.json.settings).toMatchObject({ key: { set: true } });
    expect((await panel.nobody.get(own('/open'))).json.key).toBe('for a try');
    expect((await panel.nobody.post(own('/send'), { url: 'https://typed.example.net/y' })).status).toBe(200);
    const wrong = await panel.admin.put(at('tried', '/settings'), { values: { limit: 'many' } });
    expect([wrong.status, wrong.json.error.code]).toEqual([400, 'INVALID_SETTINGS']);
  });

  test('crons run on demand, errors name file and line, and a waiting report is told', async () => {
    const { revision } = await report();
    const waiting = panel.admin.get(at('tried', `/report?after=${revision}`));
    expect((await panel.admin.post(at('tried', '/crons/nightly/run'))).json).toMatchObject({ ok: true });
    expect((await waiting).json.revision).toBeGreaterThan(revision);
    await panel.nobody.get(own('/fail'));
    const { crons, errors, documents, resources } = await report();
    expect(crons).toMatchObject([{ name: 'nightly', lastRun: { ok: true } }]);
    expect(documents.counts.added).toBe(2);
    expect(errors[0]).toMatchObject({ source: 'server', where: expect.stringMatching(/^server\.js:\d+:\d+$/) });
    expect(resources.calls.find(({ kind }) => kind === 'http')!.errors).toBeGreaterThan(0);
    expect(resources.memoryBytes).toBeGreaterThan(0);
  });

  test('conflicts name what both have and the plugin that has it', async () => {
    const { conflicts } = await report();
    expect(conflicts.map(({ kind, name, plugin }) => [kind, name, plugin?.id])).toEqual([
      ['page', '/taken/:', 'other'],
      ['widget', 'clock', 'other'],
      ['tag', 'x-clock', 'other'],
      ['token', '--sodium-color-accent', 'other'],
      ['hook', 'server:beforeCreate', 'other'],
    ]);
    expect(conflicts.at(-1)!.message).toMatch(/priority 10\) runs after "other" \(5\)/);
  });

  test('a change that does not start leaves the one that runs; one that does takes its place', async () => {
    const broken = `export default () => {\n  throw new Error('typo');\n}`;
    await panel.drop('tried', { ...TRIED, server: broken });
    const before = (await panel.admin.get(at('tried'))).json;
    const kept = (await panel.admin.post(at('tried', '/reload'))).json;
    expect([kept.hash, kept.url]).toEqual([before.hash, before.url]);
    expect((await report()).problems[0]).toMatchObject({
      message: expect.stringContaining('typo'),
      where: 'server.js:2:9',
    });
    expect((await panel.nobody.get(own('/open'))).status).toBe(200);
    // It runs, and could not be activated.
    const never = `export default (sodium) => sodium.cron.register('never', '0 4 * *', () => {});`;
    await panel.drop('tried', { ...TRIED, server: never });
    expect((await panel.admin.post(at('tried', '/reload'))).json.hash).toBe(before.hash);
    expect((await report()).problems[0]).toMatchObject({ message: expect.stringContaining('Expected five fields') });

    await panel.drop('tried', { ...TRIED, server: SERVER.replace(`key: sodium`, `mended: true, key: sodium`) });
    const next = (await panel.admin.post(at('tried', '/reload'))).json;
    expect(next.hash).not.toBe(before.hash);
    // The frame that is open shows the new content: it is not loaded anew.
    expect(next.url).toBe(before.url);
    expect((await panel.nobody.get(own('/open'))).json).toEqual({ mended: true, key: 'for a try', limit: 512 });
    expect((await report()).problems).toEqual([]);
  });

  test('the active version knows nothing of it', async () => {
    const row = await panel.row('tried');
    expect(row).toMatchObject({ state: 'active', version: '1.0.0', update: { version: '1.0.0' } });
    expect(row.permissions.declared).toEqual(ACTIVE.manifest.permissions);
    expect((await panel.logs('tried')).join()).not.toContain('hello');
    expect((await panel.admin.get('/api/admin/plugins/tried/crons')).json.items).toEqual([]);
    expect((await panel.admin.get('/api/admin/plugins/tried/egress')).json.items).toEqual([]);
    expect((await panel.admin.get('/api/registry')).text).not.toContain('x-clock');
  });
});

describe('previews', () => {
  test('belong to one session: others neither see, steer nor end them, and its token opens no other plugin', async () => {
    await panel.drop('first', { manifest: { permissions: ['http:routes'] }, server: routes('first') });
    await panel.drop('second', { manifest: { permissions: ['http:routes'] }, server: routes('second') });
    const users = (await panel.admin.get('/api/admin/users')).json.items as { id: string; username: string }[];
    await panel.admin.patch(`/api/admin/users/${users.find(({ username }) => username === 'ann')!.id}`, {
      role: 'admin',
    });
    const ann = await new TestClient(() => panel.url).login('ann');
    const mine = (await panel.admin.post(at('first'))).json.url as string;
    const hers = (await ann.post(at('second'))).json.url as string;
    expect((await panel.nobody.get(`${mine}api/plugins/first/name`)).text).toBe('first');
    expect((await panel.nobody.get(`${hers}api/plugins/second/name`)).text).toBe('second');
    expect((await panel.nobody.get(`${mine}api/plugins/second/name`)).status).toBe(404);
    for (const below of ['', '/report']) expect((await ann.get(at('first', below))).status).toBe(404);
    expect((await ann.delete(at('first'))).status).toBe(404);
    expect((await ann.put(at('first'), { viewAs: 'user' })).status).toBe(404);
    expect((await panel.admin.get(at('first'))).json).toMatchObject({ url: mine, viewAs: 'admin' });
    // Logging out ends what the session tried.
    await ann.post('/api/auth/logout');
    expect((await panel.nobody.get(`${hers}api/plugins/second/name`)).status).toBe(404);
    await panel.admin.delete(at('first'));
    expect((await panel.nobody.get(`${mine}api/plugins/first/name`)).status).toBe(404);
    const audit = (await panel.admin.get('/api/admin/audit')).json.items as { action: string; target: string }[];
    const kept = audit
      .filter(({ action }) => action.startsWith('preview.'))
      .map(({ action, target }) => `${action} ${target}`);
    expect(kept.sort().slice(0, 4)).toEqual(expect.arrayContaining(['preview.close first', 'preview.close second']));
  });

  test('need an administrator, a plugin, and a package that could be activated', async () => {
    expect((await panel.nobody.post(at('first'))).status).toBe(401);
    const bob = await new TestClient(() => panel.url).register('bob');
    expect((await bob.post(at('first'))).status).toBe(403);
    expect((await panel.admin.post(at('nothing'))).status).toBe(404);
    await panel.drop('invalid', { manifest: { version: 'new' } });
    const refused = await panel.admin.post(at('invalid'));
    expect([refused.status, refused.json.error.code]).toEqual([400, 'INVALID_PACKAGE']);
    expect(refused.json.error.message).toContain('version');
  });

  test('of a theme give its files to the admin who tries it, under their later address, and to nobody else', async () => {
    const css = ':root { --sodium-color-accent: #3366ff; }';
    await panel.drop('paint', { manifest: { type: 'theme' }, files: { 'assets/theme.css': css } });
    const { json } = await panel.admin.post(at('paint'));
    const sheet = `/plugins/paint/${json.hash}/assets/theme.css`;
    expect((await panel.admin.get(sheet)).text).toBe(css);
    expect((await panel.user.get(sheet)).status).toBe(404);
    expect((await panel.nobody.get(sheet)).status).toBe(404);
    expect((await panel.nobody.get(json.url.slice(0, -1) + sheet)).text).toBe(css);
    expect((await report('paint')).process.state).toBe('none');
    await panel.admin.delete(at('paint'));
    expect((await panel.admin.get(sheet)).status).toBe(404);
    // Code that nobody agreed to is never given out on the panel's own origin.
    const { hash } = (await panel.admin.post(at('second'))).json;
    await panel.drop('coded', { server: routes('x'), client: 'export default () => undefined' });
    const coded = (await panel.admin.post(at('coded'))).json.hash;
    expect((await panel.admin.get(`/plugins/coded/${coded}/client.js`)).status).toBe(404);
    expect(hash).toBeTruthy();
    await panel.admin.delete(at('coded'));
    await panel.admin.delete(at('second'));
  });

  test('show made-up data alone where the browser could not keep real ones in', async () => {
    const opened = await panel.admin.post(at('tried'), { madeUp: true });
    const { url } = opened.json;
    const { json } = await panel.nobody.get(`${url}api/plugins/tried/who`);
    expect(json.servers.every(({ name }: { name: string }) => name.startsWith('Demo'))).toBe(true);
    expect(json.users.some(({ id }: { id: string }) => id === panel.user.user!.id)).toBe(false);
    expect((await panel.nobody.post(`${url}api/plugins/tried/write`)).json).toEqual([]);
    expect((await panel.nobody.get(`${url}api/templates`)).json.items.map(({ id }: { id: string }) => id)).toEqual([
      'demo',
    ]);
    const { hooks, documents } = await report();
    expect(hooks.replays.every(({ source }) => source === 'sample')).toBe(true);
    expect(JSON.stringify(documents)).not.toContain('price');
    await panel.admin.delete(at('tried'));
  });

  test('a plugin that fails at its start is shown with file and line, and its folder may go', async () => {
    await panel.drop('late', {
      manifest: { permissions: ['http:routes'] },
      server: `export default () => {\n\n  nowhere();\n}`,
    });
    expect((await panel.admin.post(at('late'))).status).toBe(200);
    expect((await report('late')).problems).toMatchObject([
      { where: 'server.js:3:3', message: expect.stringContaining('nowhere') },
    ]);
    await rm(path.join(panel.data, 'plugins/late'), { recursive: true });
    await panel.admin.get('/api/admin/plugins');
    await panel.admin.post('/api/admin/plugins/other/restart');
    await eventually(
      () => panel.admin.get(at('late')),
      ({ status }) => expect(status).toBe(404),
    );
  });

  test('a plugin that lacks a setting starts once the admin has typed it', async () => {
    await panel.drop('keyed', {
      manifest: { permissions: ['http:routes'], settings: { key: { type: 'string' } } },
      server: `export default (sodium) => {
        if (!sodium.config.get('key')) throw new Error('no key');
        sodium.http.registerRoutes((router) => router.get('/name', (req, res) => res.send('keyed')));
      }`,
    });
    const { url } = (await panel.admin.post(at('keyed'))).json;
    expect((await report('keyed')).routes).toEqual([]);
    expect((await panel.admin.put(at('keyed', '/settings'), { values: { key: 'k' } })).status).toBe(200);
    await eventually(
      () => report('keyed'),
      ({ routes: registered }) => expect(registered).toEqual([{ method: 'GET', path: '/name', public: false }]),
    );
    expect((await panel.nobody.get(`${url}api/plugins/keyed/name`)).text).toBe('keyed');
    await panel.admin.delete(at('keyed'));
  });

  test('of a stranger know servers and users by other ids, which fit together in it and mean nothing outside', async () => {
    const [castle] = (await panel.admin.get('/api/servers')).json.items as { id: string; owner: string }[];
    await panel.drop('stranger', TRIED);
    const { url } = (await panel.admin.post(at('stranger'))).json as { url: string };
    const { json: root } = await panel.admin.get('/api/auth/me');
    const { json: who } = await panel.nobody.get(`${url}api/plugins/stranger/who`);
    const framed = await panel.nobody.get(`${url}api/servers`);
    const [server] = framed.json.items as { id: string; owner: string }[];
    expect(who.servers).toMatchObject([{ id: server!.id, owner: server!.owner }]);
    expect(who.users.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([who.user.id, server!.owner]));
    const replays = (await report('stranger')).hooks.replays.filter(({ event }) => event === 'server:onCreate');
    expect(replays[0]!.context).toMatchObject({ server: { id: server!.id }, user: { id: server!.owner } });

    const inside = await Promise.all(
      [
        ...['api/auth/me', 'api/live', 'api/registry', 'api/account/preferences', `api/servers/${server!.id}`],
        `api/servers/${server!.id}/resources`,
      ].map((path) => panel.nobody.get(url + path)),
    );
    expect(inside.map(({ status }) => status)).toEqual(inside.map(() => 200));
    const { text: told } = await panel.admin.get(at('stranger', '/report'));
    for (const { text } of [{ text: told }, { text: JSON.stringify(who) }, framed, ...inside])
      for (const id of [castle!.id, castle!.owner, root.id]) expect(text).not.toContain(id);

    expect((await panel.nobody.get(`${url}api/servers/${castle!.id}`)).status).toBe(404);
    expect((await panel.nobody.get(`${url}api/servers/${castle!.id}/resources`)).status).toBe(404);
    expect((await panel.admin.get(`/api/servers/${server!.id}`)).status).toBe(404);
    await panel.admin.delete(at('stranger'));
  });

  test('are few for each admin', async () => {
    for (const id of ['first', 'second', 'coded']) expect((await panel.admin.post(at(id))).status).toBe(200);
    const refused = await panel.admin.post(at('tried'));
    expect([refused.status, refused.json.error.code]).toEqual([409, 'PREVIEW_LIMIT']);
    expect(refused.json.error.details.plugins).toEqual(['first', 'second', 'coded']);
    // The same again is no other.
    const again = await panel.admin.post(at('first'));
    expect(again.json.url).toBe((await panel.admin.get(at('first'))).json.url);
    for (const id of ['first', 'second', 'coded']) await panel.admin.delete(at(id));
  });
});

function routes(name: string): string {
  return `export default (sodium) => sodium.http.registerRoutes((router) => router.get('/name', (req, res) => res.send('${name}')))`;
}
