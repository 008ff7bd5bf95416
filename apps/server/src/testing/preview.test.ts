import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreviewReport } from '@sodium/contract';
import { eventually, TestPanel } from './test-panel.js';

const TRIED = {
  manifest: {
    permissions: [
      'db:own',
      'http:routes',
      'cron:register',
      'webhooks:send',
      'servers:read',
      'users:read',
      'servers:power',
      'plugins:call',
      'ui:pages',
    ],
    hooks: ['server:beforeCreate', 'server:onCreate', 'auth:*'],
    network: { hosts: ['hooks.example.com'] },
    http: { public: ['/open'] },
    settings: { limit: { type: 'number', default: 2 }, key: { type: 'string', secret: true } },
  },
  server: `export default function (sodium) {
    sodium.db.registerCollections('notes', 'plans');
    sodium.hooks.on('server:beforeCreate', (ctx) => {
      if (ctx.user.serverCount >= sodium.config.get('limit')) return ctx.deny('No more than ' + sodium.config.get('limit') + ' servers.');
      ctx.server.name = 'renamed';
    });
    sodium.hooks.on('server:onCreate', ({ server }) => { throw new Error('cannot stand ' + typeof server.name); });
    sodium.hooks.on('auth:*', ({ user, ip }) => sodium.db.insert('notes', { id: 'login-' + user.id, username: user.username, ip }));
    sodium.cron.register('nightly', '0 3 * * *', () => sodium.db.insert('notes', { id: 'nightly' }));
    sodium.http.registerRoutes((router) => {
      router.get('/who', async (req, res) => res.json({ user: req.user, servers: await sodium.servers.list(), users: await sodium.users.list() }));
      router.post('/send', async (req, res) => {
        const answer = await fetch(req.body.url, { method: 'POST', headers: { authorization: 'Bearer s3cret' }, body: JSON.stringify(req.body) });
        res.status(answer.status).send(await answer.text());
      });
      router.post('/power', async (req, res) => { await sodium.servers.power(req.body.id, 'stop'); res.json({ ok: true }); });
      router.post('/call', async (req, res) => res.json(await sodium.plugins.call('other', 'danger')));
      router.post('/notes', (req, res) => {
        sodium.db.insert('notes', { id: 'new', text: 'n' });
        sodium.db.update('plans', 'basic', { price: 9 });
        sodium.db.delete('plans', 'old');
        res.json(sodium.db.find('plans'));
      });
      router.get('/open', (req, res) => res.json({ key: sodium.config.get('key') }));
      router.get('/fail', () => { throw new Error('broken on purpose'); });
    });
    sodium.logger.info('hello from the preview');
  }`,
  client: `export default () => undefined;`,
};

describe('a preview', () => {
  let panel: TestPanel;
  beforeAll(async () => {
    panel = await TestPanel.start();
  });
  afterAll(() => panel.dispose());

  const base = (id: string): string => `/api/admin/plugins/${id}/preview`;
  const report = async (id: string): Promise<PreviewReport> =>
    (await panel.admin.get(`${base(id)}/report`)).json as PreviewReport;

  it('smokes', async () => {
    await panel.drop('tried', TRIED);
    const started = performance.now();
    const opened = await panel.admin.post(base('tried'));
    console.log(performance.now() - started, opened.status, opened.text);
    console.log(JSON.stringify(await report('tried'), null, 1));
    console.log(JSON.stringify((await panel.nobody.get(`${opened.json.url}api/plugins/tried/who`)).json, null, 1));
    expect((await panel.admin.delete(base('tried'))).status).toBe(204);
  });
});
