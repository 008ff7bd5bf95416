import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreviewReport } from '@sodium/contract';
import { folderContent } from './folder-content.js';
import { KillablePanel } from './killable-panel.js';
import { eventually, TestPanel } from './test-panel.js';
import { pluginZip } from './zip-fixture.js';

const PERMISSIONS = ['db:own', 'http:routes', 'cron:register', 'webhooks:send', 'servers:read'];
/** Large enough to be compiled in a process of its own, whose work would be kept on disk. */
const PADDING = `/* ${'x'.repeat(40_000)} */`;
const hostile = (port: number) => ({
  manifest: {
    permissions: PERMISSIONS,
    hooks: ['server:beforeCreate'],
    network: { hosts: [`127.0.0.1:${port}`, 'localhost', '*.example.com'] },
  },
  server: `export default function (sodium) {
    sodium.db.registerCollections(['notes']);
    sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('hostile'));
    sodium.cron.register('write', '* * * * *', () => sodium.db.insert('notes', { id: 'cron' }));
    sodium.http.registerRoutes((router) => {
      router.get('/', (req, res) => res.json(sodium.db.find('notes')));
      router.post('/write', (req, res) => { sodium.db.insert('notes', { id: 'w', text: 'x'.repeat(1000) }); res.json({ ok: true }); });
      router.post('/flood', async (req, res) => {
        try {
          for (let n = 0; n < 60; n++) {
            sodium.db.insert('notes', { id: 'f' + n, text: 'x'.repeat(400000) });
            sodium.logger.info('y'.repeat(20000));
            await fetch('https://a.example.com/', { method: 'POST', body: 'z'.repeat(200000) });
          }
          res.json({ wrote: 60 });
        } catch (error) { res.status(507).json({ message: error.message }); }
      });
      router.post('/reach', async (req, res) => {
        const tried = {};
        for (const url of req.body.urls) tried[url] = await fetch(url).then((a) => a.status, (e) => e.message);
        res.json(tried);
      });
      router.post('/spin', () => { for (;;); });
      router.post('/eat', (req, res) => { const all = []; for (;;) all.push(new Array(100000).fill(all.length)); });
    });
  }
  ${PADDING}`,
});
const HONEST = {
  manifest: { permissions: ['db:own', 'http:routes'] },
  server: `export default (sodium) => {
    sodium.db.registerCollections(['notes']);
    sodium.http.registerRoutes((router) => {
      router.get('/', (req, res) => res.json(sodium.db.find('notes')));
      router.post('/', (req, res) => res.json(sodium.db.insert('notes', { id: 'real' })));
    });
  }`,
};

let panel: TestPanel;
let sink: Server;
let hits = 0;
beforeAll(async () => {
  panel = await TestPanel.start({ config: { plugins: { network: { allowPrivate: true } } } });
  sink = createServer((_req, res) => res.end(String((hits += 1))));
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  sink?.close();
  await panel?.dispose();
});

const at = (below = ''): string => `/api/admin/plugins/tried/preview${below}`;
const report = async (): Promise<PreviewReport> => (await panel.admin.get(at('/report'))).json;
/** The sandbox's processes of a panel. */
async function children(panel = process.pid): Promise<number[]> {
  const all = (await readFile(`/proc/${panel}/task/${panel}/children`, 'utf8')).split(' ').filter(Boolean);
  const commands = all.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  const sandboxed = (await Promise.all(commands)).map((command) => command.includes('child.cjs'));
  return all.filter((_pid, index) => sandboxed[index]).map(Number);
}
const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

test('a hostile preview reaches nobody, harms nobody, and leaves nothing behind', { timeout: 60_000 }, async () => {
  await panel.activate('tried', HONEST);
  expect((await panel.user.post('/api/plugins/tried')).status).toBe(200);
  const { port } = sink.address() as AddressInfo;
  await panel.drop('tried', hostile(port));
  await panel.admin.get('/api/admin/plugins/tried');
  // The process that is kept ready is there before and after.
  const spares = await eventually(
    () => children(),
    (found) => expect(found.length).toBe(2),
  );
  const before = await folderContent(panel.data);

  const { url } = (await panel.admin.post(at())).json as { url: string };
  const call = (route: string, body?: unknown) => panel.nobody.post(`${url}api/plugins/tried${route}`, body);
  const inside = await eventually(
    () => children(),
    (found) => expect(found.length).toBeGreaterThan(2),
  );
  expect((await call('/write')).status).toBe(200);
  await panel.admin.post(at('/crons/write/run'));

  // What its manifest lists is answered by the panel; the rest is refused.
  const listed = `http://127.0.0.1:${port}/`;
  const urls = [listed, `http://localhost:${port}/`, `${panel.url}/api/auth/me`, 'http://169.254.169.254/'];
  const reached = (await call('/reach', { urls })).json as Record<string, unknown>;
  expect(urls.filter((url) => reached[url] === 200)).toEqual([listed]);
  expect(hits).toBe(0);

  // As much as it can: it is refused at some point, and the report stays small.
  await call('/flood');
  const flooded = await panel.admin.get(at('/report'));
  expect(flooded.bytes.length).toBeLessThan(3_000_000);

  // A preview that spins or eats its memory is ended, and the one that users have goes on.
  for (const route of ['/spin', '/eat']) {
    const ended = call(route);
    expect((await panel.user.get('/api/plugins/tried')).json).toEqual([{ id: 'real' }]);
    expect((await ended).status).toBeGreaterThanOrEqual(500);
  }
  expect((await report()).errors.length).toBeGreaterThan(0);
  expect((await panel.row('tried')).state).toBe('active');
  const metrics = (await panel.admin.get('/api/admin/plugins/tried/metrics')).json;
  expect(metrics.metrics.restarts).toBe(0);
  const server = { name: 'free', template: 'nodejs' };
  expect((await panel.user.post('/api/servers', server)).status).toBe(201);
  const [made] = (await panel.user.get('/api/servers')).json.items;

  // While it spins, it is discarded.
  await eventually(
    () => panel.nobody.get(`${url}api/plugins/tried/`),
    ({ status }) => expect(status).toBe(200),
  );
  const spinning = call('/spin').catch(() => null);
  expect((await panel.admin.delete(at())).status).toBe(204);
  await spinning;
  // One at rest goes at once too: no watchdog would end that.
  expect((await panel.admin.post(at())).status).toBe(200);
  await eventually(
    () => children(),
    (found) => expect(found.length).toBe(3),
  );
  expect((await panel.admin.delete(at())).status).toBe(204);
  expect((await panel.user.delete(`/api/servers/${made.id}`)).status).toBeLessThan(300);

  for (const pid of inside)
    if (!spares.includes(pid))
      await eventually(
        async () => lives(pid),
        (alive) => expect(alive).toBe(false),
      );
  await eventually(
    () => children(),
    (found) => expect(found.length).toBe(2),
  );
  const after = await folderContent(panel.data);
  // The server was made and deleted beside it: only what is about that may differ.
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
  expect(differing.filter((name) => !/^(db\/panel\/server|servers)/.test(name))).toEqual([]);
});

test('a preview ends by itself, and with the panel, and its token with it', { timeout: 60_000 }, async () => {
  await panel.restart({ previewLifetimeMs: 700 });
  await panel.admin.get('/api/admin/plugins/tried');
  const quiet = (await children()).length;
  const { url } = (await panel.admin.post(at())).json as { url: string };
  const ends = performance.now();
  await eventually(
    () => panel.admin.get(at()),
    ({ status }) => expect(status).toBe(404),
  );
  expect(performance.now() - ends).toBeLessThan(3000);
  expect((await panel.nobody.get(`${url}api/auth/me`)).status).toBe(404);
  await eventually(
    () => children(),
    (found) => expect(found.length).toBeLessThanOrEqual(quiet + 1),
  );
  // It is nobody's from the moment it has run out; its process is ended at the next look around.
  await eventually(
    () => panel.admin.get('/api/admin/audit?action=preview.close&limit=1'),
    ({ json }) => expect(json.items[0].details.why).toBe('expired'),
  );
  await panel.restart();
  const opened = (await panel.admin.post(at())).json as { url: string };
  // What happened before the panel was restarted is replayed, unless the file that kept it was torn.
  const replayed = async (): Promise<unknown> =>
    (await report()).hooks.replays.find(({ event }) => event === 'server:beforeCreate');
  expect(await replayed()).toMatchObject({ source: 'recorded', handlers: [{ verdict: { kind: 'denied' } }] });
  await panel.close();
  const kept = path.join(panel.data, 'db/recent-events.json');
  await truncate(kept, 100);
  await panel.open();
  expect((await panel.admin.post(at())).status).toBe(200);
  expect(await replayed()).toMatchObject({ source: 'sample' });
  await panel.restart();
  expect((await panel.admin.get(at())).status).toBe(404);
  expect((await panel.nobody.get(`${opened.url}api/auth/me`)).status).toBe(404);
});

test('a panel that dies takes its previews along and finds its data as they were', { timeout: 60_000 }, async () => {
  const killable = await KillablePanel.prepare();
  try {
    await killable.start();
    await killable.admin.register('root');
    const { manifest, server } = hostile(1);
    const zip = pluginZip('tried', { ...manifest }, { 'server.js': server });
    expect((await killable.admin.post('/api/admin/plugins/install', zip)).status).toBe(201);
    const before = await folderContent(killable.data);
    const { url } = (await killable.admin.post(at())).json as { url: string };
    expect((await killable.admin.post(`${url}api/plugins/tried/write`)).status).toBe(200);
    const processes = await children(killable.pid);
    expect(processes.length).toBeGreaterThan(0);
    await killable.kill();
    for (const pid of processes)
      await eventually(
        async () => lives(pid),
        (alive) => expect(alive).toBe(false),
      );
    const after = await folderContent(killable.data);
    const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (name) => before[name] !== after[name],
    );
    expect(differing).toEqual([]);
    expect((await readdir(`${killable.data}/db`)).filter((name) => name.startsWith('plugins_'))).toEqual([]);
  } finally {
    await killable.dispose();
  }
});
