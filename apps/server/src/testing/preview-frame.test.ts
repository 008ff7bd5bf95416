import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PreviewReport } from '@sodium/contract';
import { TestClient } from './test-client.js';
import { TestPanel } from './test-panel.js';

const SERVER = `export default (sodium) => {
  sodium.db.registerCollections(['notes']);
  sodium.hooks.on('sidebar:items', (ctx) => {
    ctx.items = [...ctx.items.filter(({ id }) => id !== 'servers'), { id: 'stage', label: 'For ' + ctx.user.role, href: '/stage' }];
  });
  sodium.hooks.on('admin:tabs', (ctx) => {
    ctx.items = [...ctx.items.filter(({ id }) => id !== 'hidden'), { id: 'madeup', label: 'x', plugin: 'panel' }];
  });
  sodium.hooks.on('auth:*', (ctx) => sodium.logger.info(JSON.stringify(ctx)));
  sodium.hooks.on('server:*', (ctx) => sodium.logger.info(JSON.stringify(ctx)));
  sodium.http.registerRoutes((router) => {
    router.get('/all', async (req, res) =>
      res.json({ user: req.user, ip: req.ip, headers: { ...req.headers, host: '' }, users: await sodium.users.list(), servers: await sodium.servers.list() }));
    router.post('/notes', (req, res) => res.json(sodium.db.insert('notes', { by: req.user.id })));
    router.get('/notes', (req, res) => res.json(sodium.db.find('notes').length));
  });
};`;
const FILTERING = {
  manifest: {
    permissions: ['db:own', 'http:routes', 'servers:read', 'users:read', 'ui:pages', 'ui:sidebar', 'ui:admin'],
    hooks: ['sidebar:items', 'admin:tabs', 'auth:*', 'server:*'],
    contributes: {
      pages: [
        { path: '/servers/mine', title: 'Mine' },
        { path: '/:any', title: 'Any' },
      ],
      tabs: [{ id: 'console', label: 'Console' }],
      adminTabs: [{ id: 'shown', label: 'Shown' }],
    },
  },
  server: SERVER,
  client: `customElements.define('sodium-mine', class extends HTMLElement {}); export default () => undefined;`,
};
const CSS = ':root { --sodium-color-accent: #3366ff; }';
const THEME = { manifest: { type: 'theme' }, files: { 'assets/theme.css': CSS } };

let panel: TestPanel;
let url: string;
beforeAll(async () => {
  panel = await TestPanel.start();
  const server = {
    name: 'Marked castle',
    template: 'nodejs',
    variables: {},
    limits: { memoryMb: 256 },
  };
  expect((await panel.user.post('/api/servers', server)).status).toBe(201);
  await panel.activate('worn', THEME);
  await panel.drop('shelved', THEME);
  await panel.drop('torn', {
    ...THEME,
    files: { 'assets/theme.css': ':root { background: url(https://x.example/) }' },
  });
  await panel.drop('filtering', FILTERING);
  await panel.admin.get('/api/admin/plugins');
  url = (await panel.admin.post(at('filtering'))).json.url;
});
afterAll(() => panel.dispose());

const at = (id: string, below = ''): string => `/api/admin/plugins/${id}/preview${below}`;
const inFrame = (path: string): Promise<Awaited<ReturnType<TestClient['get']>>> =>
  panel.nobody.get(url + path, { headers: { 'x-forwarded-for': '10.9.8.7', 'x-real-ip': '10.9.8.7' } });

describe('a frame', () => {
  test('may wear every installed theme that could be activated, active or not, and has nothing else of other plugins', async () => {
    await panel.activate('coded', { manifest: { type: 'feature' }, client: 'export default () => undefined;' });
    const { json } = await inFrame('api/account/preferences');
    const themes = json.themes as { id: string; stylesheet: string }[];
    const ids = themes.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['worn', 'shelved']));
    expect(ids).not.toContain('torn');
    expect((await panel.admin.get(at('filtering'))).json.themes.map(({ id }: { id: string }) => id)).toEqual(ids);
    for (const { stylesheet } of themes) {
      expect(stylesheet.startsWith(url), stylesheet).toBe(true);
      expect((await panel.nobody.get(stylesheet)).status, stylesheet).toBe(200);
    }
    const shelved = themes.find(({ id }) => id === 'shelved')!.stylesheet;
    // Outside of the frame it is what it is: not active.
    expect((await panel.admin.get(shelved.slice(url.length - 1))).status).toBe(404);
    for (const file of ['plugin.json', 'assets/other.css', '../torn/assets/theme.css'])
      expect((await panel.nobody.get(shelved.replace('assets/theme.css', file))).status, file).toBe(404);
    const { hash } = (await panel.admin.get('/api/registry')).json.items.find(
      ({ id }: { id: string }) => id === 'coded',
    );
    expect((await panel.admin.get(`/plugins/coded/${hash}/client.js`)).status).toBe(200);
    expect((await inFrame(`plugins/coded/${hash}/client.js`)).status).toBe(404);
    // What was changed since it was checked is not given out.
    await panel.drop('shelved', { ...THEME, files: { 'assets/theme.css': CSS.replace('ff', 'fe') } });
    expect((await panel.nobody.get(shelved)).status).toBe(404);
  });

  test('shows the sidebar and the tabs as the backend of the tried plugin leaves them, to it alone', async () => {
    expect((await inFrame('api/registry')).json.filters).toEqual({ sidebar: true });
    const items = [
      { id: 'dashboard', label: 'Dashboard', href: '/' },
      { id: 'servers', label: 'Servers', href: '/servers' },
    ];
    const filtered = await panel.nobody.post(`${url}api/registry/sidebar`, { items });
    expect(filtered.json.items).toEqual([items[0], { id: 'stage', label: 'For admin', href: '/stage' }]);
    await panel.admin.put(at('filtering'), { viewAs: 'user' });
    const asUser = await panel.nobody.post(`${url}api/registry/sidebar`, { items });
    expect(asUser.json.items[1].label).toBe('For user');
    expect((await inFrame('api/registry')).json.items[0].contributes.adminTabs).toEqual([]);
    await panel.admin.put(at('filtering'), { viewAs: 'admin' });
    const tabs = ['hidden', 'shown'].map((id) => ({ id, label: id, plugin: 'filtering' }));
    expect((await panel.nobody.post(`${url}api/registry/admin-tabs`, { items: tabs })).json.items).toEqual([tabs[1]]);
    expect((await panel.nobody.post(`${url}api/registry/sidebar`, { items: 'all' })).status).toBe(400);
    // Everybody else's is as it was.
    expect((await panel.admin.post('/api/registry/sidebar', { items })).json.items).toEqual(items);
  });

  test('tells nobody’s name, address or words', async () => {
    const servers = (await inFrame('api/servers')).json.items as { id: string }[];
    const [{ id }] = servers as [{ id: string }];
    const paths = [
      ...['api/auth/me', 'api/registry', 'api/servers', `api/servers/${id}`, `api/servers/${id}/resources`],
      ...[`api/servers/${id}/schedules`, 'api/live', 'api/account/preferences', 'api/account/sessions'],
      ...['api/account/dashboard', 'api/plugins/filtering/all'],
    ];
    for (const role of ['admin', 'user']) {
      await panel.admin.put(at('filtering'), { viewAs: role });
      for (const path of paths) {
        const { status, text } = await inFrame(path);
        expect([path, status]).toEqual([path, 200]);
        expect([path, MARKS.exec(text)?.[0]]).toEqual([path, undefined]);
      }
    }
    await panel.admin.put(at('filtering'), { viewAs: 'admin' });
    await panel.admin.post(at('filtering', '/events'), {});
    const { text } = await panel.admin.get(at('filtering', '/report'));
    expect(text).toContain('server:beforeCreate');
    expect(text).toContain('auth:afterRegister');
    expect(MARKS.exec(text)?.[0]).toBeUndefined();
  });
});

/** What the real accounts and servers of this panel have, and a preview must not. */
const MARKS = /\broot\b|"ann"|ann@|root@|Marked castle|127\.0\.0\.1|10\.9\.8\.7/;

test('the report tells what the panel itself has already', async () => {
  const { conflicts } = (await panel.admin.get(at('filtering', '/report'))).json as PreviewReport;
  expect(conflicts.filter(({ plugin }) => plugin === null).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'page /servers/mine',
    'page /:any',
    'tab console',
    'tag sodium-mine',
  ]);
});

test('two admins who try the same plugin at once share nothing', async () => {
  const users = (await panel.admin.get('/api/admin/users')).json.items as { id: string; username: string }[];
  await panel.admin.patch(`/api/admin/users/${users.find(({ username }) => username === 'ann')!.id}`, {
    role: 'admin',
  });
  const ann = await new TestClient(() => panel.url).login('ann');
  expect((await ann.get(at('filtering'))).status).toBe(404);
  const hers = (await ann.post(at('filtering'))).json.url as string;
  expect(hers).not.toBe(url);
  await panel.nobody.post(`${url}api/plugins/filtering/notes`);
  expect((await inFrame('api/plugins/filtering/notes')).json).toBe(1);
  expect((await panel.nobody.get(`${hers}api/plugins/filtering/notes`)).json).toBe(0);
  const documents = (await ann.get(at('filtering', '/report'))).json.documents;
  expect(documents.counts).toEqual({ added: 0, changed: 0, removed: 0 });
  await ann.delete(at('filtering'));
  expect((await panel.nobody.get(hers)).status).toBe(404);
  expect((await inFrame('api/plugins/filtering/notes')).json).toBe(1);
});
