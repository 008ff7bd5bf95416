import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestPanel } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
  // The built shell's documents, as far as they matter here.
  await mkdir(`${panel.data}/no-shell`);
  for (const name of ['index.html', 'admin.html'])
    await writeFile(
      `${panel.data}/no-shell/${name}`,
      '<!doctype html><html lang="en"><head></head><body></body></html>',
    );
});
afterAll(() => panel.dispose());

const THEME = (css: string, theme = {}) => ({
  manifest: { type: 'theme', name: 'Night', theme: { stylesheet: 'assets/theme.css', ...theme } },
  files: { 'assets/theme.css': css },
});
const html = async (client = panel.user, path = '/') =>
  (await client.get(path, { headers: { accept: 'text/html' } })).text;
const preferences = async (client = panel.user) => (await client.get('/api/account/preferences')).json;

test('nobody without a session has preferences', async () => {
  expect((await panel.nobody.get('/api/account/preferences')).status).toBe(401);
  expect((await panel.nobody.put('/api/account/dashboard', { items: [] })).status).toBe(401);
});

test('the mode is kept for each user and written into the document', async () => {
  expect(await preferences()).toEqual({
    theme: null,
    mode: 'system',
    defaultTheme: 'sodium',
    shown: 'sodium',
    themes: [],
  });
  expect((await panel.user.put('/api/account/preferences', { mode: 'dark' })).json).toMatchObject({ mode: 'dark' });
  expect(await html()).toContain('<html data-mode="dark"');
  expect(await html(panel.admin)).toContain('<html data-mode="system"');
  expect(await html(panel.nobody, '/login')).not.toContain('data-mode');
});

test.each([{ mode: 'purple' }, { theme: '../x' }, { theme: 'Night' }, { other: 1 }, { theme: 'nobody' }])(
  '%j is refused',
  async (body) => {
    expect((await panel.user.put('/api/account/preferences', body)).status).toBe(400);
  },
);

test('a theme is chosen while it is active, shown in the document, and comes back with its plugin', async () => {
  await panel.activate('night', THEME(':root { --sodium-color-accent: #ff00ff }', { modes: ['dark'] }));
  const { themes } = await preferences();
  expect(themes).toMatchObject([
    {
      id: 'night',
      name: 'Night',
      modes: ['dark'],
      swatch: [expect.stringMatching(/^#/), expect.anything(), '#ff00ff', expect.anything()],
    },
  ]);
  const answer = await panel.user.put('/api/account/preferences', { theme: 'night' });
  expect(answer.json).toMatchObject({ theme: 'night', mode: 'dark', shown: 'night' });
  const link = `<link id="sodium-theme" rel="stylesheet" href="${themes[0].stylesheet}">`;
  expect(await html()).toContain(link);
  expect(await html()).toContain('data-skin="night" data-modes="dark"');
  expect(await html(panel.user, '/?safe=1')).not.toContain('sodium-theme"');
  expect(await html(panel.admin)).not.toContain(link);
  expect((await panel.nobody.get(themes[0].stylesheet)).text).toContain('#ff00ff');

  await panel.deactivate('night');
  expect(await html()).not.toContain('sodium-theme"');
  expect(await preferences()).toMatchObject({ theme: 'night', shown: 'sodium', themes: [] });
  await panel.activate('night', THEME(':root { --sodium-color-accent: #ff00ff }', { modes: ['dark'] }));
  expect(await preferences()).toMatchObject({ shown: 'night' });
});

test('the admin’s default is shown to those who chose nothing, visitors too', async () => {
  expect((await panel.user.patch('/api/admin/system', { theme: 'night' })).status).toBe(403);
  expect((await panel.admin.patch('/api/admin/system', { theme: 'nobody' })).status).toBe(400);
  expect((await panel.admin.patch('/api/admin/system', { theme: 'night' })).json).toMatchObject({ theme: 'night' });
  expect(await html(panel.nobody, '/login')).toContain('data-skin="night"');
  expect(await html(panel.admin, '/admin')).toContain('data-skin="night"');
  expect(await preferences(panel.admin)).toMatchObject({ theme: null, defaultTheme: 'night', shown: 'night' });
  await panel.admin.put('/api/account/preferences', { theme: 'sodium' });
  expect(await html(panel.admin)).not.toContain('data-skin');
});

test('a theme that reaches too far is refused with file and line, one of little contrast with a warning', async () => {
  const refused = await panel.tryActivate('greedy', THEME('\n.so-card { display: none }'));
  expect(refused.status).toBe(400);
  expect(refused.json.error.message).toContain('assets/theme.css:2:1: the selector ".so-card"');
  await panel.drop('pale', THEME(':root { --sodium-color-text: #999999 }', { modes: ['light'] }));
  await panel.admin.post('/api/admin/plugins/pale/activate', { permissions: [] });
  expect((await panel.row('pale')).warnings.join('\n')).toMatch(
    /--sodium-color-text on --sodium-color-surface has a contrast of 2\.\d\d:1 in light mode; WCAG AA asks for 4\.5:1/,
  );
});

test('a dashboard is kept as it was arranged, widgets of absent plugins too', async () => {
  const items = [
    { key: 'gone/widget/x', size: 'large' },
    { key: 'server-stats/widget/fleet', hidden: true },
  ];
  expect((await panel.user.get('/api/account/dashboard')).json).toEqual({ items: [] });
  expect((await panel.user.put('/api/account/dashboard', { items })).json).toEqual({ items });
  await panel.restart();
  expect((await panel.user.get('/api/account/dashboard')).json).toEqual({ items });
  expect((await panel.admin.get('/api/account/dashboard')).json).toEqual({ items: [] });
  expect(await preferences()).toMatchObject({ theme: 'night', mode: 'dark' });
});

test.each([
  {},
  { items: [{ key: '' }] },
  { items: [{ key: 'a', size: 'huge' }] },
  { items: [{ key: 'a' }, { key: 'a' }] },
  { items: Array.from({ length: 201 }, (_, at) => ({ key: `k${at}` })) },
  { items: [{ key: 'a', __proto__: null, html: '<script>' }] },
])('a layout that is none is refused (%#)', async (body) => {
  expect((await panel.user.put('/api/account/dashboard', body)).status).toBe(400);
});

test('preferences go with their user', async () => {
  const users = (await panel.admin.get('/api/admin/users')).json.items as { id: string; username: string }[];
  const { id } = users.find(({ username }) => username === 'ann')!;
  expect((await panel.admin.delete(`/api/admin/users/${id}`)).status).toBe(204);
  await vi.waitFor(async () => {
    for (const name of ['preferences', 'dashboards'])
      expect(await readFile(`${panel.data}/db/panel/${name}.json`, 'utf8')).not.toContain(id);
  });
});
