import type { AuditEntry } from '@sodium/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TestAnswer } from './test-client.js';
import { eventually, TestPanel } from './test-panel.js';
import { walkRoutes, type KnownRoute } from './walk-routes.js';
import { pluginZip } from './zip-fixture.js';

const BASE = '/api/admin/plugins';
const SECRET = 'never-to-be-written-down';
const permissions = ['http:routes', 'cron:register'];
const zip = (version: string): Buffer =>
  pluginZip(
    'audited',
    { version, permissions, settings: { key: { type: 'string', secret: true }, colour: { type: 'string' } } },
    {
      'server.js': `export default (sodium) => { sodium.cron.register('tidy', '0 3 * * *', () => {}); sodium.http.registerRoutes((r) => { r.get('/', (req, res) => res.json({})); r.get('/eat', () => { for (const all = []; ; ) all.push(new Array(1e6).fill(1)); }); }); }`,
    },
  );

let panel: TestPanel;
let routes: readonly KnownRoute[];
beforeAll(async () => {
  const walked = await walkRoutes(() => TestPanel.start());
  panel = walked.started;
  const isChange = ({ method, path }: KnownRoute): boolean => method !== 'GET' && path.startsWith('/api/admin/');
  routes = walked.routes.filter(isChange);
});
afterAll(() => panel?.dispose());

/** Changes that are not written down, each with why. */
const NOT_WRITTEN_DOWN: Record<string, string> = {
  'POST /api/admin/plugins/:id/settings/test': 'changes nothing: the plugin tries what is set',
  'POST /api/admin/plugins/:id/frames': 'a view of the admin’s own, for as long as it is open',
  'PUT /api/admin/plugins/:id/frames/:token': 'the same view, still open',
  'DELETE /api/admin/plugins/:id/frames/:token': 'the same view, closed',
  'PUT /api/admin/plugins/:id/preview': 'nothing of a preview leaves it; its begin is written down',
  'PUT /api/admin/plugins/:id/preview/answers': 'inside a preview',
  'PUT /api/admin/plugins/:id/preview/settings': 'inside a preview',
  'POST /api/admin/plugins/:id/preview/reload': 'inside a preview',
  'POST /api/admin/plugins/:id/preview/events': 'inside a preview',
  'POST /api/admin/plugins/:id/preview/crons/:name/run': 'inside a preview',
};

type Step = [what: string, act: () => Promise<TestAnswer>, expected: Partial<AuditEntry>];
const by = (method: 'post' | 'put' | 'patch' | 'delete', path: string, body?: unknown) => (): Promise<TestAnswer> =>
  panel.admin[method](path, body);
let user = '';
let server = '';

const STEPS: Step[] = [
  ['install', by('post', `${BASE}/install`, zip('1.0.0')), { action: 'plugin.install', target: 'audited' }],
  [
    'activate',
    by('post', `${BASE}/audited/activate`, { permissions }),
    {
      action: 'plugin.activate',
      details: expect.objectContaining({ before: null, after: expect.objectContaining({ version: '1.0.0' }) }),
    },
  ],
  [
    'settings',
    by('put', `${BASE}/audited/settings`, { values: { key: SECRET, colour: 'red' } }),
    {
      action: 'plugin.settings',
      details: {
        changed: ['key', 'colour'],
        before: { key: '(not set)', colour: null },
        after: { key: '(secret)', colour: 'red' },
      },
    },
  ],
  [
    'revoke',
    by('put', `${BASE}/audited/permissions`, { revoked: ['http:routes'] }),
    { action: 'plugin.permissions', details: { before: { revoked: [] }, after: { revoked: ['http:routes'] } } },
  ],
  ['run a task', by('post', `${BASE}/audited/crons/tidy/run`), { action: 'plugin.task' }],
  ['restart', by('post', `${BASE}/audited/restart`), { action: 'plugin.restart' }],
  [
    'release it from quarantine',
    async () => {
      await panel.admin.put(`${BASE}/audited/permissions`, { revoked: [] });
      await eventually(
        async () => (await panel.user.get('/api/plugins/audited/eat'), panel.row('audited')),
        ({ state }) => expect(state).toBe('quarantined'),
        60_000,
      );
      return panel.admin.post(`${BASE}/audited/quarantine/release`);
    },
    { action: 'plugin.release', target: 'audited' },
  ],
  ['install what nobody wants', by('post', `${BASE}/install`, zip('1.9.0')), { action: 'plugin.install' }],
  [
    'discard it',
    by('delete', `${BASE}/audited/update`),
    {
      action: 'plugin.discard-update',
      details: expect.objectContaining({ before: expect.objectContaining({ version: '1.9.0' }) }),
    },
  ],
  ['install another', by('post', `${BASE}/install`, zip('2.0.0')), { action: 'plugin.install' }],
  [
    'update',
    by('post', `${BASE}/audited/activate`, { permissions }),
    {
      action: 'plugin.activate',
      details: expect.objectContaining({
        before: expect.objectContaining({ version: '1.0.0' }),
        after: expect.objectContaining({ version: '2.0.0' }),
      }),
    },
  ],
  ['roll back', by('post', `${BASE}/audited/rollback`), { action: 'plugin.rollback' }],
  ['export', () => panel.admin.get(`${BASE}/audited/export`), { action: 'plugin.export' }],
  ['deactivate', by('post', `${BASE}/audited/deactivate`), { action: 'plugin.deactivate' }],
  [
    'preview',
    () => panel.admin.post(`${BASE}/audited/preview`, {}),
    { action: 'preview.open', target: 'audited', details: expect.objectContaining({ version: '2.0.0' }) },
  ],
  ['end the preview', by('delete', `${BASE}/audited/preview`), { action: 'preview.close', target: 'audited' }],
  [
    'remove and keep the data',
    by('delete', `${BASE}/audited?data=keep`),
    { action: 'plugin.remove', details: { data: 'keep' } },
  ],
  [
    'delete the data that is left',
    async () => {
      const [left] = (await panel.admin.get('/api/admin/plugin-data')).json.items;
      expect(left).toMatchObject({ id: 'audited', settings: 1 });
      return panel.admin.delete('/api/admin/plugin-data/audited');
    },
    { action: 'plugin.remove', target: 'audited', details: { data: 'delete' } },
  ],
  ['install it again', by('post', `${BASE}/install`, zip('1.0.0')), { action: 'plugin.install' }],
  ['remove', by('delete', `${BASE}/audited?data=delete`), { action: 'plugin.remove', details: { data: 'delete' } }],
  [
    'registration',
    by('patch', '/api/admin/system', { registration: false }),
    { action: 'system.registration', details: { before: true, after: false } },
  ],
  [
    'default theme',
    async () => {
      await panel.activate('dusk', {
        manifest: { type: 'theme', theme: { stylesheet: 'assets/theme.css' } },
        files: { 'assets/theme.css': ':root { --sodium-radius-md: 2px; }' },
      });
      return panel.admin.patch('/api/admin/system', { theme: 'dusk' });
    },
    { action: 'system.theme', details: { before: 'sodium', after: 'dusk' } },
  ],
  ['make a token', by('post', '/api/admin/system/metrics-token'), { action: 'system.metrics-token' }],
  [
    'revoke the token',
    by('delete', '/api/admin/system/metrics-token'),
    { action: 'system.metrics-token', details: { before: 'made', after: 'none' } },
  ],
  [
    'create a user',
    async () => {
      const answer = await panel.admin.post('/api/admin/users', {
        username: 'bob',
        email: 'bob@example.com',
        password: SECRET,
        role: 'user',
      });
      user = answer.json.id;
      return answer;
    },
    { action: 'user.create', target: 'bob' },
  ],
  [
    'change a user',
    () => panel.admin.patch(`/api/admin/users/${user}`, { role: 'admin', password: `${SECRET}-2` }),
    { action: 'user.update', details: { before: 'user', after: 'admin', passwordChanged: true } },
  ],
  ['delete a user', () => panel.admin.delete(`/api/admin/users/${user}`), { action: 'user.delete', target: 'bob' }],
  [
    'suspend a server',
    async () => {
      const [{ id: template }] = (await panel.user.get('/api/templates')).json.items;
      server = (await panel.user.post('/api/servers', { name: 'Web', template })).json.id;
      return panel.admin.post(`/api/admin/servers/${server}/suspend`, { reason: 'unpaid' });
    },
    { action: 'server.suspend', target: 'Web', details: { reason: 'unpaid' } },
  ],
  [
    'unsuspend it',
    () => panel.admin.post(`/api/admin/servers/${server}/unsuspend`),
    { action: 'server.unsuspend', target: 'Web' },
  ],
];

/** The routes that an address belongs to. */
const routesOf = (method: string, address: string): string[] =>
  routes
    .filter((route) => route.method === method)
    .filter(({ path }) =>
      new RegExp(`^${path.replace(/\/$/, '').replace(/:\w+/g, '[^/]+')}$`).test(address.split('?')[0]!),
    )
    .map(({ path }) => `${method} ${path}`);

test('every action of an admin is written down, with what was before and after, and never a secret', async () => {
  const calls = vi.spyOn(panel.admin, 'call');
  const done = new Set<string>();
  for (const [what, act, expected] of STEPS) {
    calls.mockClear();
    const answer = await act();
    expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(300);
    for (const [method, address] of calls.mock.calls) for (const route of routesOf(method, address)) done.add(route);
    const [entry] = (await panel.admin.get('/api/admin/audit?limit=1')).json.items;
    expect(entry, what).toMatchObject({ ...expected, actor: { username: 'root' } });
  }
  const all = await panel.admin.get('/api/admin/audit?limit=200');
  expect(all.text).not.toContain(SECRET);

  // Whoever adds a route that changes something writes it down, or says here why not.
  const known = routes.map(({ method, path }) => `${method} ${path}`);
  expect(known.filter((route) => !done.has(route) && !(route in NOT_WRITTEN_DOWN))).toEqual([]);
  expect(Object.keys(NOT_WRITTEN_DOWN).filter((route) => !known.includes(route))).toEqual([]);
}, 90_000);
