import type { AuditEntry } from '@sodium/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestAnswer } from './test-client.js';
import { TestPanel } from './test-panel.js';
import { pluginZip } from './zip-fixture.js';

const BASE = '/api/admin/plugins';
const SECRET = 'never-to-be-written-down';
const permissions = ['http:routes', 'cron:register'];
const zip = (version: string): Buffer =>
  pluginZip(
    'audited',
    { version, permissions, settings: { key: { type: 'string', secret: true }, colour: { type: 'string' } } },
    {
      'server.js': `export default (sodium) => { sodium.cron.register('tidy', '0 3 * * *', () => {}); sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json({}))); }`,
    },
  );

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

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
  ['remove', by('delete', `${BASE}/audited?data=delete`), { action: 'plugin.remove', details: { data: 'delete' } }],
  [
    'registration',
    by('patch', '/api/admin/system', { registration: false }),
    { action: 'system.registration', details: { before: true, after: false } },
  ],
  ['make a token', by('post', '/api/admin/system/metrics-token'), { action: 'system.metrics-token' }],
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

test('every action of an admin is written down, with what was before and after, and never a secret', async () => {
  for (const [what, act, expected] of STEPS) {
    const answer = await act();
    expect(answer.status, `${what}: ${answer.text}`).toBeLessThan(300);
    const [entry] = (await panel.admin.get('/api/admin/audit?limit=1')).json.items;
    expect(entry, what).toMatchObject({ ...expected, actor: { username: 'root' } });
  }
  const all = await panel.admin.get('/api/admin/audit?limit=200');
  expect(all.text).not.toContain(SECRET);
});
