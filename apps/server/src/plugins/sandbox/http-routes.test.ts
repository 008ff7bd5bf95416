import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, until, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

const SOURCE = `
export default function (sodium) {
  sodium.http.registerRoutes((router) => {
    router.param('id', (req, res, next, value) => { if (value === 'bad') return next(new Error('bad id')); req.seen = value; next(); });
    router.use((req, res, next) => { res.set('x-first', 'yes'); next(); });
    router.use('/mounted', (req, res, next) => { req.mount = [req.baseUrl, req.path]; next(); });
    router.get('/mounted/inner', (req, res) => res.json([...req.mount, req.path]));
    router.get('/users/:id', (req, res, next) => { req.order = ['a']; next(); }, async (req, res) => { await null; res.json({ id: req.params.id, seen: req.seen, order: req.order, q: req.query }); });
    router.post('/echo', (req, res) => res.json({ body: req.body, raw: req.rawBody.length, isBytes: req.rawBody instanceof Uint8Array, type: req.get('Content-Type') ?? null }));
    router.get('/throws', () => { throw new TypeError('sync') });
    router.get('/rejects', async () => { await null; throw Object.assign(new Error('async'), { status: 418 }) });
    router.get('/passes', (req, res, next) => next(new Error('passed')));
    router.get('/uncaught/:x', () => { throw new Error('no handler for this one') });
    router.get('/skip', (req, res, next) => next('route'), (req, res) => res.send('not me'));
    router.get('/skip', (req, res) => res.send('me'));
    router.get('/redirect', (req, res) => res.redirect('/a b?c=ü'));
    router.get('/moved', (req, res) => res.redirect(308, 'https://example.com/'));
    router.get('/status', (req, res) => res.sendStatus(204));
    router.get('/bytes', (req, res) => res.type('png').send(new Uint8Array([1, 2, 255])));
    router.get('/html', (req, res) => res.send('<p>ü</p>'));
    router.get('/large', (req, res) => { const a = new Uint8Array(3_000_001); for (let i = 0; i < a.length; i++) a[i] = i % 251; res.send(a); });
    router.get('/twice', (req, res) => { res.send('one'); try { res.send('two') } catch (e) { sodium.logger.info(e.message) } });
    router.get('/files/*rest', (req, res) => res.json(req.params));
    router.get('/maybe/:x?', (req, res) => res.json(req.params));
    router.get('/me', sodium.auth.requireUser, (req, res) => res.json(req.user));
    router.get('/admin', sodium.auth.requireAdmin, (req, res) => res.send('root'));
    router.get('/split', (req, res) => { res.set('x', 'a\\r\\nb: c'); res.end() });
    router.use('/uncaught', (error, req, res, next) => next(error));
    router.use((error, req, res, next) => { if (error.message.startsWith('no handler')) return next(error); res.status(error.status ?? 500).json({ handled: error.message }); });
  });
}`;

let sandbox: TestSandbox;
let plugin: TestPlugin;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  plugin = await sandbox.plugin(SOURCE);
  await plugin.instance.activate();
});
afterAll(() => sandbox.close());

const json = { 'content-type': 'application/json' };

describe('routes of a plugin', () => {
  it.each<[string, unknown]>([
    ['/users/7?a=1&b=2&b=3', { id: '7', seen: '7', order: ['a'], q: { a: '1', b: ['2', '3'] } }],
    ['/users/a%2Fb', { id: 'a/b', seen: 'a/b', order: ['a'], q: {} }],
    ['/users/bad', { handled: 'bad id' }],
    ['/mounted/inner', ['/mounted', '/inner', '/mounted/inner']],
    ['/throws', { handled: 'sync' }],
    ['/rejects', { handled: 'async' }],
    ['/passes', { handled: 'passed' }],
    ['/files/a/b/c.txt', { rest: 'a/b/c.txt' }],
    ['/maybe', {}],
    ['/maybe/1', { x: '1' }],
  ])('GET %s', async (path, expected) => {
    const answer = await plugin.request(path);
    expect(answer.json()).toEqual(expected);
    expect(answer.headers['x-first']).toBe('yes');
  });

  it('parses bodies, keeps the raw bytes, and says what is wrong with one', async () => {
    const post = (body: string, type: string) =>
      plugin.request('/echo', { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type } });
    expect((await post('{"a":[1]}', 'application/json; charset=utf-8')).json()).toEqual({
      body: { a: [1] },
      raw: 9,
      isBytes: true,
      type: 'application/json; charset=utf-8',
    });
    expect((await post('a=1&b=2&b=3', 'application/x-www-form-urlencoded')).json()).toMatchObject({
      body: { a: '1', b: ['2', '3'] },
    });
    expect((await post('hi', 'text/plain')).json()).toMatchObject({ body: 'hi' });
    expect((await post('\u0000', 'application/octet-stream')).json()).toMatchObject({ raw: 1 });
    const bare = await sandbox.plugin(
      `export default (s) => s.http.registerRoutes((r) => r.post('/', (req, res) => res.json(1)))`,
    );
    const refused = await bare.request('/', { method: 'POST', headers: json, body: Buffer.from('{"a":') });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ error: { code: 'INVALID_JSON' } });
  });

  it('answers 404, 405, HEAD and OPTIONS', async () => {
    expect((await plugin.request('/nothing')).status).toBe(404);
    const wrong = await plugin.request('/html', { method: 'POST' });
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect((await plugin.request('/html', { method: 'OPTIONS' })).status).toBe(204);
    const head = await plugin.request('/html', { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '9']);
  });

  it('redirects, sends bytes, text and statuses', async () => {
    expect((await plugin.request('/redirect')).headers.location).toBe('/a%20b?c=%C3%BC');
    expect(await plugin.request('/moved')).toMatchObject({
      status: 308,
      headers: { location: 'https://example.com/' },
    });
    expect((await plugin.request('/status')).status).toBe(204);
    const bytes = await plugin.request('/bytes');
    expect([bytes.headers['content-type'], [...bytes.bytes]]).toEqual(['image/png', [1, 2, 255]]);
    expect((await plugin.request('/html')).headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await plugin.request('/skip')).text).toBe('me');
    expect((await plugin.request('/twice')).text).toBe('one');
    expect((await plugin.request('/split')).json()).toMatchObject({
      handled: expect.stringContaining('control characters') as string,
    });
  });

  it('streams large answers, also to a reader that takes its time', async () => {
    const { bytes, headers } = await plugin.request('/large');
    expect(headers['content-length']).toBe('3000001');
    expect(bytes.length).toBe(3_000_001);
    expect(bytes.every((byte, index) => byte === index % 251)).toBe(true);
  });

  it('guards routes for users and admins', async () => {
    const user = { id: 'u', username: 'ann', role: 'user' as const };
    expect((await plugin.request('/me')).status).toBe(401);
    expect((await plugin.request('/me', { user })).json()).toEqual(user);
    expect((await plugin.request('/admin', { user })).status).toBe(403);
    expect((await plugin.request('/admin', { user: { ...user, role: 'admin' } })).text).toBe('root');
  });

  it('fails by name when nothing handles an error, and in time when nothing answers', async () => {
    await expect(plugin.request('/uncaught/1')).rejects.toMatchObject({
      code: 'PLUGIN_FAILED',
      message: expect.stringContaining('no handler for this one') as string,
    });
    const hurried = await openTestSandbox({ limits: { httpMs: 300 } });
    const hanging = await hurried.plugin(
      `export default (sodium) => sodium.http.registerRoutes((router) => router.get('/hangs', () => {}))`,
    );
    await hanging.instance.activate();
    await expect(hanging.request('/hangs')).rejects.toMatchObject({ code: 'PLUGIN_TIMEOUT' });
    const caller = new AbortController();
    const gone = hanging.instance.http(
      { method: 'GET', path: '/hangs', query: '', headers: {}, ip: '', user: null, body: new Uint8Array(0) },
      caller.signal,
    );
    queueMicrotask(() => caller.abort());
    await expect(gone).rejects.toThrow(/caller .* has gone/);
    const counted = hanging.instance.metrics().calls.find(({ kind }) => kind === 'http')!;
    await hurried.close();
    // Nobody waited for the second one: that is no fault of the plugin's.
    expect(counted.errors).toBe(1);
  });
});

describe('the life of a process', () => {
  it('ends when idle, and comes back with its documents at the next request', async () => {
    const lazy = await openTestSandbox({ spare: true, limits: { idleMs: 300 } });
    const sleepy = await lazy.plugin(`export default (sodium) => {
      sodium.db.registerCollections(['runs']);
      sodium.http.registerRoutes((router) => router.post('/', (req, res) => { sodium.db.insert('runs', {}); res.json(sodium.db.count('runs')); }));
    }`);
    const registered = await sleepy.instance.activate();
    expect((await sleepy.request('/', { method: 'POST' })).text).toBe('1');
    await until('it is idle', () => sleepy.instance.state.kind === 'idle');
    expect((await sleepy.request('/', { method: 'POST' })).text).toBe('2');
    await sleepy.instance.stop();
    const again = await lazy.plugin(
      `export default (sodium) => sodium.http.registerRoutes((router) => router.get('/', (req, res) => res.send('late')))`,
    );
    again.instance.restore?.({ ...registered, routes: [{ method: 'GET', path: '/' }] });
    expect(again.instance.state.kind).toBe('idle');
    expect((await again.request('/')).text).toBe('late');
    await lazy.close();
  });

  it('lets running work end when it is stopped, and refuses new work', async () => {
    const busy = await sandbox.plugin(
      `export default (sodium) => sodium.http.registerRoutes((router) => router.get('/', (req, res) => { setTimeout(() => res.send('done'), 200) }))`,
    );
    await busy.instance.activate();
    const running = busy.request('/');
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = busy.instance.stop();
    await expect(busy.request('/')).rejects.toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
    expect((await running).text).toBe('done');
    await stopped;
  });

  it('ends a plugin’s writes when its permission is revoked', async () => {
    const writer = await sandbox.plugin(
      `export default (sodium) => { sodium.http.registerRoutes((router) => router.get('/', (req, res) => res.json(Object.keys(sodium.db).length))) }`,
    );
    await writer.instance.activate();
    writer.permissions.delete('http:routes');
    await expect(writer.request('/')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    writer.permissions.delete('db:own');
    await until('its process has ended', () => writer.instance.state.kind === 'idle');
    expect(writer.states.map(({ kind }) => kind)).not.toContain('backoff');
  });

  it('tells the running plugin about changed settings before the change is answered', async () => {
    const plugin2 = await sandbox.plugin(
      `export default (sodium) => { let seen = 0; sodium.config.onChange((c) => { seen = Object.keys(c).join() }); return { read: () => [sodium.config.get('a'), sodium.config.getAll(), seen] } }`,
      { config: { a: 1, b: { c: 2 } } },
    );
    await plugin2.instance.activate();
    expect(await plugin2.instance.method('read', [], [])).toEqual([1, { a: 1, b: { c: 2 } }, 0]);
    await plugin2.instance.updateConfig({ a: 5 }, { a: 5, b: { c: 2 } });
    expect(await plugin2.instance.method('read', [], [])).toEqual([5, { a: 5, b: { c: 2 } }, 'a']);
    await expect(plugin2.instance.method('none', [], [])).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' });
  });
});
