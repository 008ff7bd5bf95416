import http from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';

const SERVER = `export default function (sodium) {
  sodium.http.registerRoutes((router) => {
    const seen = [];
    router.use((req, res, next) => { res.set('x-first', 'yes'); next(); });
    router.use('/area', (req, res, next) => { res.set('x-area', req.path); next(); });
    router.get('/area/inside', (req, res) => res.json({ path: req.path }));
    router.get('/users/:id', (req, res) => res.json({ params: req.params, query: req.query }));
    router.get('/two', (req, res, next) => { req.note = 'first'; next(); }, (req, res) => res.send(req.note));
    router.post('/echo', (req, res) => res.json({ body: req.body, raw: [...req.rawBody], type: req.get('Content-Type') }));
    router.post('/size', (req, res) => res.json({ bytes: req.rawBody.length }));
    router.get('/who', (req, res) => res.json({ user: req.user, ip: req.ip, headers: req.headers }));
    router.get('/away', (req, res) => res.redirect('/elsewhere'));
    router.get('/bytes', (req, res) => res.type('image/png').send(new Uint8Array([137, 80, 78, 71, 0, 255])));
    router.get('/large', (req, res) => { const data = new Uint8Array(20 * 1024 * 1024); data.fill(7); data[data.length - 1] = 9; res.send(data); });
    router.get('/sync-throw', () => { throw new Error('sync'); });
    router.get('/async-throw', async () => { await null; throw new Error('async'); });
    router.get('/unhandled/throw', async () => { throw new Error('nobody takes this'); });
    router.get('/cookie', (req, res) => res.set('set-cookie', 'sodium_session=stolen').set('x-mine', 'ok').send('x'));
    router.get('/mine', sodium.auth.requireUser, (req, res) => res.json({ id: req.user.id }));
    router.get('/admins', sodium.auth.requireAdmin, (req, res) => res.send('admin'));
    router.post('/webhooks/stripe', (req, res) => res.json({ got: req.rawBody.length, user: req.user }));
    router.use((error, req, res, next) => {
      if (req.path.startsWith('/unhandled')) return next(error);
      res.status(418).json({ caught: error.message });
    });
  });
}`;

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
  await panel.activate('web', {
    manifest: { permissions: ['http:routes'], http: { public: ['/webhooks/stripe', '/mine'] } },
    server: SERVER,
  });
});
afterAll(() => panel.dispose());

const at = (path: string): string => `/api/plugins/web${path}`;

test('params, query and middleware reach the handlers', async () => {
  const user = await panel.user.get(at('/users/a%20b?x=1&x=2&y=z'));
  expect(user.json).toEqual({ params: { id: 'a b' }, query: { x: ['1', '2'], y: 'z' } });
  expect(user.headers.get('x-first')).toBe('yes');
  expect(user.headers.get('x-area')).toBeNull();
  const area = await panel.user.get(at('/area/inside'));
  expect(area.json).toEqual({ path: '/area/inside' });
  expect(area.headers.get('x-area')).toBe('/inside');
  expect((await panel.user.get(at('/two'))).text).toBe('first');
  expect((await panel.user.get(at('/nowhere'))).status).toBe(404);
});

test('errors reach the error handler; what nobody takes is a 500 that blames the plugin', async () => {
  expect(await panel.user.get(at('/sync-throw'))).toMatchObject({ status: 418, json: { caught: 'sync' } });
  expect(await panel.user.get(at('/async-throw'))).toMatchObject({ status: 418, json: { caught: 'async' } });
  const unhandled = await panel.user.get(at('/unhandled/throw'));
  expect(unhandled.status).toBeGreaterThanOrEqual(500);
  expect(unhandled.json.error.plugin ?? unhandled.text).toContain('web');
  expect((await panel.logs('web')).join('\n')).toMatch(/nobody takes this[\s\S]*plugin:web\/server\.js:17/);
});

test('bodies arrive parsed and raw, byte for byte', async () => {
  const json = await panel.user.post(at('/echo'), { a: [1, 'ä'] });
  expect(json.json.body).toEqual({ a: [1, 'ä'] });
  expect(Buffer.from(json.json.raw).toString()).toBe('{"a":[1,"ä"]}');
  const form = await panel.user.call('POST', at('/echo'), {
    body: 'a=1&b=x+y',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(form.json.body).toEqual({ a: '1', b: 'x y' });
  const bytes = await panel.user.call('POST', at('/echo'), {
    body: new Uint8Array([0, 255, 10]),
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(bytes.json.raw).toEqual([0, 255, 10]);
  const broken = await panel.user.call('POST', at('/echo'), {
    body: '{"a":',
    headers: { 'content-type': 'application/json' },
  });
  expect(broken.status).toBe(418);
});

test('redirects and binary answers go through', async () => {
  const away = await panel.user.get(at('/away'));
  expect([away.status, away.headers.get('location')]).toEqual([302, '/elsewhere']);
  const bytes = await panel.user.get(at('/bytes'));
  expect(bytes.headers.get('content-type')).toBe('image/png');
  expect([...bytes.bytes]).toEqual([137, 80, 78, 71, 0, 255]);
  const head = await panel.user.call('HEAD', at('/bytes'));
  expect([head.status, head.bytes.length, head.headers.get('content-length')]).toEqual([200, 0, '6']);
});

test('a large answer waits for a slow reader while others are answered', async () => {
  const { hostname, port } = new URL(panel.url);
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http
      .get({ hostname, port, path: at('/large'), headers: { cookie: panel.user.sessionCookie } }, resolve)
      .on('error', reject);
  });
  response.pause();
  expect((await panel.user.get(at('/two'))).text).toBe('first');
  let bytes = 0;
  let last = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    last = chunk[chunk.length - 1]!;
  }
  expect([bytes, last]).toEqual([20 * 1024 * 1024, 9]);
});

test('uploads are accepted up to the limit and refused beyond it', async () => {
  const limit = 1024 * 1024;
  const fits = await panel.user.call('POST', at('/size'), { body: new Uint8Array(limit) });
  expect(fits.json).toEqual({ bytes: limit });
  const beyond = await panel.user.call('POST', at('/size'), { body: new Uint8Array(limit + 1) });
  expect([beyond.status, beyond.json.error.code]).toEqual([413, 'BODY_TOO_LARGE']);
});

test('a session is needed, except for the public routes of the manifest', async () => {
  expect(await panel.nobody.get(at('/two'))).toMatchObject({
    status: 401,
    json: { error: { code: 'LOGIN_REQUIRED' } },
  });
  expect((await panel.nobody.post(at('/webhooks/stripe'), 'payload')).json).toEqual({ got: 7, user: null });
  expect((await panel.nobody.get(at('/webhooks%2Fstripe'))).status).toBe(401);
  expect((await panel.nobody.get(at('/webhooks/stripe/../../two'))).status).toBe(401);
  expect((await panel.nobody.get(at('/webhooks/stripe/more'))).status).toBe(401);
});

test('auth.requireUser and auth.requireAdmin answer for those who may not', async () => {
  expect((await panel.nobody.get(at('/mine'))).status).toBe(401);
  expect((await panel.user.get(at('/mine'))).json).toEqual({ id: panel.user.user!.id });
  expect((await panel.user.get(at('/admins'))).status).toBe(403);
  expect((await panel.admin.get(at('/admins'))).text).toBe('admin');
});

test('the caller is known to the plugin, what identifies the session is not', async () => {
  const headers = { authorization: 'Bearer secret', 'x-sodium-admin': 'token', 'x-own': 'kept' };
  const { json } = await panel.user.get(at('/who'), { headers });
  expect(json.user).toEqual({ id: panel.user.user!.id, username: 'ann', role: 'user' });
  expect(json.ip).toBe('127.0.0.1');
  expect(json.headers['x-own']).toBe('kept');
  for (const name of ['cookie', 'authorization', 'x-sodium-admin']) expect(json.headers).not.toHaveProperty(name);
  const stolen = await panel.user.get(at('/cookie'));
  expect(stolen.headers.getSetCookie()).toEqual([]);
  expect(stolen.headers.get('x-mine')).toBe('ok');
});

test('a page of another origin changes nothing', async () => {
  const foreign = await panel.user.post(at('/echo'), { a: 1 }, { headers: { origin: 'https://evil.example' } });
  expect([foreign.status, foreign.json.error.code]).toEqual([403, 'FOREIGN_ORIGIN']);
  const own = await panel.user.call('POST', at('/size'), { body: 'x', headers: { origin: panel.url } });
  expect(own.status).toBe(200);
});

test('too many requests are told so by the standard headers, each plugin and caller apart', async () => {
  const limited = await TestPanel.start({
    config: { plugins: { http: { requestsPerMinute: 3, bodyLimitBytes: 10 } } },
  });
  try {
    const source = { manifest: { permissions: ['http:routes'] }, server: SERVER };
    await limited.activate('web', source);
    await limited.activate('web-two', source);
    const first = await limited.user.get(at('/two'));
    expect(first.headers.get('ratelimit-policy')).toContain('3');
    expect(first.headers.get('ratelimit')).toContain('remaining=2');
    expect((await limited.user.call('POST', at('/size'), { body: '12345678901' })).status).toBe(413);
    await limited.user.get(at('/two'));
    const refused = await limited.user.get(at('/two'));
    expect([refused.status, refused.json.error.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await limited.admin.get(at('/two'))).status).toBe(200);
    expect((await limited.user.get('/api/plugins/web-two/two')).status).toBe(200);
  } finally {
    await limited.dispose();
  }
});
