import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestPanel } from './test-panel.js';

const TOKEN = 'a-token-for-the-tests';
let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start({ config: { metrics: { token: TOKEN } } });
  await panel.activate('counted', {
    manifest: { permissions: ['http:routes', 'db:own'] },
    server: `export default (sodium) => {
      sodium.db.registerCollections(['notes']);
      sodium.http.registerRoutes((r) => {
        r.get('/', (req, res) => res.json(sodium.db.insert('notes', { text: 'x' })));
        r.get('/bad', () => { throw new Error('bad'); });
      });
    }`,
  });
  for (const path of ['', '', '', 'bad']) await panel.user.get(`/api/plugins/counted/${path}`);
});
afterAll(() => panel?.dispose());

const bearer = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});
const valueOf = (text: string, line: RegExp): number =>
  Number(new RegExp(`^${line.source} (\\S+)$`, 'm').exec(text)?.[1]);

test('Prometheus reads what each plugin costs and how it answers, and the panel itself', async () => {
  // The memory of a process is looked at a few times a second.
  await vi.waitFor(async () => {
    const { text } = await panel.nobody.get('/metrics', bearer(TOKEN));
    expect(valueOf(text, /sodium_plugin_memory_bytes\{plugin="counted"\}/)).toBeGreaterThan(1e6);
  });
  const { status, text, headers } = await panel.nobody.get('/metrics', bearer(TOKEN));
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/plain');
  expect(valueOf(text, /sodium_plugin_calls_total\{plugin="counted",kind="http"\}/)).toBe(4);
  expect(
    valueOf(text, /sodium_plugin_call_duration_seconds\{plugin="counted",kind="http",quantile="0.99"\}/),
  ).toBeGreaterThan(0);
  expect(valueOf(text, /sodium_plugin_data_bytes\{plugin="counted"\}/)).toBeGreaterThan(10);
  expect(valueOf(text, /sodium_plugin_state\{plugin="counted",version="1.0.0",state="active"\}/)).toBe(1);
  expect(text).toMatch(/^sodium_info\{version="/m);
  expect(text).toMatch(/^process_cpu_seconds_total /m);
  const again = (await panel.nobody.get('/metrics', bearer(TOKEN))).text;
  expect(valueOf(again, /sodium_plugin_calls_total\{plugin="counted",kind="http"\}/)).toBe(4);
});

test('only with the token, or as an admin outside of the user area', async () => {
  expect((await panel.nobody.get('/metrics')).status).toBe(401);
  expect((await panel.nobody.get('/metrics', bearer('wrong'))).status).toBe(401);
  expect((await panel.user.get('/metrics')).status).toBe(403);
  expect((await panel.admin.get('/metrics')).status).toBe(200);
  const browser = { headers: { 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'empty' } };
  expect((await panel.admin.get('/metrics', browser)).status).toBe(403);
});

test('the metrics of a plugin tell what its documents take', async () => {
  const { data } = (await panel.admin.get('/api/admin/plugins/counted/metrics')).json;
  expect(data.bytes).toBeGreaterThan(10);
});

test('a token made in the admin area opens the figures at once, replaces the one before, and is kept as a hash', async () => {
  const made = (await panel.admin.post('/api/admin/system/metrics-token')).json.token;
  expect((await panel.nobody.get('/metrics', bearer(made))).status).toBe(200);
  expect((await panel.nobody.get('/metrics', bearer(TOKEN))).status).toBe(401);
  expect(JSON.stringify(await panel.config())).not.toContain(made);
  expect((await panel.admin.get('/api/admin/system')).json.metricsToken).toEqual({
    kind: 'made',
    at: expect.any(String),
  });

  const next = (await panel.admin.post('/api/admin/system/metrics-token')).json.token;
  expect((await panel.nobody.get('/metrics', bearer(made))).status).toBe(401);
  expect((await panel.nobody.get('/metrics', bearer(next))).status).toBe(200);

  expect((await panel.admin.delete('/api/admin/system/metrics-token')).json.metricsToken).toEqual({ kind: 'none' });
  expect((await panel.nobody.get('/metrics', bearer(next))).status).toBe(401);
  const audit = (await panel.admin.get('/api/admin/audit?action=system.metrics-token')).json.items;
  expect(audit.map((entry: { details: unknown }) => entry.details)).toEqual([
    { before: 'made', after: 'none' },
    { before: 'made', after: 'made' },
    { before: 'typed', after: 'made' },
  ]);
  expect(JSON.stringify(audit)).not.toContain(next);
});
