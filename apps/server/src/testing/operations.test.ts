import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LeftOverData, PluginLogLine, PluginPoint } from '@sodium/contract';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestClient } from './test-client.js';
import { eventually, TestPanel } from './test-panel.js';

const BASE = '/api/admin/plugins/worker';
const SECRET = 'hunter2-"quoted"-secret';
let panel: TestPanel;
let outside: Server;
let host: string;
beforeAll(async () => {
  outside = createServer((_req, res) => void res.end('welcome'));
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  panel = await TestPanel.start({ config: { plugins: { network: { allowPrivate: true } } } });
  await panel.activate('worker', {
    manifest: {
      permissions: ['http:routes', 'db:own', 'cron:register', 'webhooks:send'],
      network: { hosts: [host] },
      settings: { key: { type: 'string', secret: true } },
    },
    server: `export default (sodium) => {
      sodium.db.registerCollections(['notes', 'empty']);
      sodium.cron.register('tidy', '0 3 * * *', () => { if (sodium.config.get('key') === null) throw new Error('no key'); });
      sodium.http.registerRoutes((r) => {
        r.post('/log/:level/:text', (req, res) => { sodium.logger[req.params.level](req.params.text); res.json({}); });
        r.get('/secret', (req, res) => { sodium.logger.info('key ' + sodium.config.get('key')); sodium.logger.info({ key: sodium.config.get('key') }); res.json({}); });
        r.post('/note', (req, res) => res.json(sodium.db.insert('notes', { text: 'x' })));
        r.get('/fetch', async (req, res) => {
          try { res.json({ text: await (await fetch(req.query.url, { method: 'POST', body: 'hello' })).text() }); }
          catch (error) { res.json({ error: error.message }); }
        });
        r.get('/bad', () => { throw new Error('bad'); });
      });
    }`,
  });
});
afterAll(async () => {
  await panel?.dispose();
  outside?.close();
});

const log = (level: string, text: string): Promise<unknown> =>
  panel.user.post(`/api/plugins/worker/log/${level}/${encodeURIComponent(text)}`);
const texts = async (query: string): Promise<string[]> =>
  (await panel.admin.get(`${BASE}/logs?${query}`)).json.items.map((line: PluginLogLine) => line.text);

/** Reads what a followed log sends, one message a time. */
async function* follow(query = ''): AsyncGenerator<{ last?: number; lines?: PluginLogLine[] }> {
  const response = await panel.admin.open('GET', `${BASE}/logs?follow=1${query}`);
  expect(response.headers.get('content-type')).toContain('x-ndjson');
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop()!;
    for (const part of parts) yield JSON.parse(part);
  }
}

test('a log is searched by level and text, and paged backwards', async () => {
  for (const [level, text] of [
    ['debug', 'one'],
    ['info', 'Two apples'],
    ['warn', 'three apples'],
    ['error', 'four'],
  ] as const)
    await log(level, text);
  await eventually(
    () => texts(''),
    (all) => expect(all).toContain('four'),
  );
  expect(await texts('level=warn')).toEqual(['three apples', 'four']);
  expect(await texts('q=APPLES')).toEqual(['Two apples', 'three apples']);
  expect(await texts('limit=1')).toEqual(['four']);
  const [four] = (await panel.admin.get(`${BASE}/logs?limit=1`)).json.items;
  expect(await texts(`limit=2&before=${four.seq}`)).toEqual(['Two apples', 'three apples']);
  expect((await panel.admin.get(`${BASE}/logs?limit=1`)).json.more).toBe(true);
  expect((await panel.admin.get(`${BASE}/logs?level=loud`)).status).toBe(400);
});

test('a followed log sends lines as they come, to admins outside of the user area alone, and ends with their session', async () => {
  const other = await new TestClient(() => panel.url).login('root');
  const lines = follow();
  expect((await lines.next()).value).toEqual({ last: expect.any(Number) });
  await log('info', 'live one');
  expect((await lines.next()).value.lines.map((line: PluginLogLine) => line.text)).toEqual(['live one']);
  await lines.return(undefined);

  expect((await panel.user.get(`${BASE}/logs?follow=1`)).status).toBe(403);
  const browser = { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' } };
  expect((await panel.admin.get(`${BASE}/logs?follow=1`, browser)).status).toBe(403);

  const ending = (await other.open('GET', `${BASE}/logs?follow=1`)).body!.getReader();
  await ending.read();
  await other.post('/api/auth/logout');
  await log('info', 'after the end');
  const rest = await ending.read();
  expect(new TextDecoder().decode(rest.value)).not.toContain('after the end');
  expect(rest.done).toBe(true);
});

test('secrets that a plugin logs are not in its log', async () => {
  await panel.admin.put(`${BASE}/settings`, { values: { key: SECRET } });
  await panel.user.get('/api/plugins/worker/secret');
  const all = await eventually(
    () => texts(''),
    (lines) => expect(lines.filter((line) => line.includes('[secret]'))).toHaveLength(2),
  );
  expect(all.join('\n')).not.toContain('hunter2');
});

test('figures over time appear once it is called', async () => {
  for (const path of ['secret', 'secret', 'bad']) await panel.user.get(`/api/plugins/worker/${path}`);
  const history = await eventually(
    async () => (await panel.admin.get(`${BASE}/metrics`)).json.history as PluginPoint[],
    (points) => {
      const sum = (pick: (point: PluginPoint) => number): number => points.reduce((all, one) => all + pick(one), 0);
      expect(sum((point) => point.calls)).toBeGreaterThan(3);
      expect(sum((point) => point.errors)).toBe(1);
    },
  );
  const busy = history.find((point) => point.calls > 0)!;
  expect(busy.p99Ms).toBeGreaterThanOrEqual(busy.p50Ms);
  expect(busy.memoryBytes).toBeGreaterThan(1e6);
  const { plugins } = (await panel.admin.get('/api/admin/operations')).json;
  expect(plugins).toMatchObject([{ id: 'worker', state: 'active', errors: 1 }]);
});

test('what it sends is listed with its size and how it ended, without the path', async () => {
  const ask = (url: string): Promise<unknown> =>
    panel.user.get(`/api/plugins/worker/fetch?url=${encodeURIComponent(url)}`);
  await ask(`http://${host}/webhooks/secret-token`);
  await ask('https://example.com/');
  const { items, allowed } = (await panel.admin.get(`${BASE}/egress`)).json;
  expect(items).toMatchObject([
    { host: 'example.com', status: null, refused: true, sentBytes: 0, error: expect.stringContaining('network.hosts') },
    { host, method: 'POST', status: 200, refused: false, sentBytes: 5, receivedBytes: 7 },
  ]);
  expect(allowed).toEqual([host]);
  expect(JSON.stringify(items)).not.toContain('secret-token');
});

test('a task that is run by hand tells how it went, in its history and in the audit log', async () => {
  const run = await panel.admin.post(`${BASE}/crons/tidy/run`);
  expect(run.json).toMatchObject({ ok: true, by: 'root' });
  expect((await panel.admin.get(`${BASE}/crons`)).json.items[0].history[0]).toEqual(run.json);
  const [entry] = (await panel.admin.get('/api/admin/audit?action=plugin.task')).json.items;
  expect(entry).toMatchObject({ target: 'worker', details: { task: 'tidy', ok: true } });
});

test('documents are counted where they lie, also those that were never compacted', async () => {
  for (let n = 0; n < 3; n++) await panel.user.post('/api/plugins/worker/note');
  const { json } = await panel.admin.get(`${BASE}/data?count=1`);
  expect(json.collections).toContainEqual(expect.objectContaining({ name: 'notes', documents: 3 }));
  expect(json.quotaBytes).toBeGreaterThan(json.bytes);
});

test('the audit log is filtered by who, what, on what and any word', async () => {
  const ask = async (query: string): Promise<string[]> =>
    (await panel.admin.get(`/api/admin/audit?${query}`)).json.items.map((entry: { action: string }) => entry.action);
  expect(await ask('target=worker&action=plugin.activate')).toEqual(['plugin.activate']);
  expect(new Set(await ask('action=plugin.'))).toEqual(new Set(['plugin.activate', 'plugin.settings', 'plugin.task']));
  expect(await ask('actor=nobody-else')).toEqual([]);
  expect(await ask('q=TIDY')).toEqual(['plugin.task']);
  expect(await ask(`until=${new Date(0).toISOString()}`)).toEqual([]);
  expect((await panel.admin.get('/api/admin/audit?since=yesterday')).status).toBe(400);
});

test('the data of a removed plugin are listed, exported and deleted', async () => {
  const list = async (): Promise<LeftOverData[]> => (await panel.admin.get('/api/admin/plugin-data')).json.items;
  const DATA = '/api/admin/plugin-data/worker';
  expect(await list()).toEqual([]);
  expect((await panel.admin.delete(DATA)).status).toBe(404);
  await panel.admin.put(`${BASE}/settings`, { values: { key: null } });
  await panel.admin.delete(`${BASE}?data=keep`);

  expect(await list()).toMatchObject([{ id: 'worker', bytes: expect.any(Number), changedAt: expect.any(String) }]);
  expect((await list())[0]!.bytes).toBeGreaterThan(10);
  const files = unzipSync((await panel.admin.get(`${DATA}/export`)).bytes);
  expect(JSON.parse(Buffer.from(files['collections/notes.json']!).toString())).toHaveLength(3);
  expect((await panel.user.get('/api/admin/plugin-data')).status).toBe(403);
  expect((await panel.admin.delete(DATA)).status).toBe(204);
  expect(await list()).toEqual([]);
  expect((await panel.admin.get(`${DATA}/export`)).status).toBe(404);
  expect((await panel.admin.delete('/api/admin/plugin-data/..%2Fpanel')).status).toBe(404);
});
