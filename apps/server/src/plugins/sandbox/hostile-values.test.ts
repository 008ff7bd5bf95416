import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HookOutcome } from './types.js';
import { openTestSandbox, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

/* Values that a plugin may hand over at each door, made to confuse whoever reads them. */

let sandbox: TestSandbox;
beforeAll(async () => void (sandbox = await openTestSandbox({ limits: { httpMs: 3000 } })));
afterAll(() => sandbox.close());

const CTX = {
  user: { id: 'u', username: 'ann', role: 'user', serverCount: 1 },
  server: { name: 'a', template: 't', limits: {}, variables: {} },
};
const PASSED: HookOutcome = { kind: 'passed' };

describe('a hook', () => {
  it.each<[string, string, HookOutcome | RegExp]>([
    ['ctx.deny({ toString() { throw new Error("no text") } })', 'denies with what has no text', { kind: 'denied', reason: 'Refused by a plugin.' }],
    ['ctx.deny(Object.create(null))', 'denies with what cannot be text', { kind: 'denied', reason: 'Refused by a plugin.' }],
    ['ctx.deny(Symbol("s"))', 'denies with a symbol', { kind: 'denied', reason: 'Symbol(s)' }],
    ['ctx.deny("x".repeat(1e6))', 'denies at length', { kind: 'denied', reason: 'x'.repeat(300) }],
    ['ctx.deny("first"); ctx.deny("second"); throw new Error("later")', 'denies twice and throws', { kind: 'denied', reason: 'first' }],
    ['try { ctx.deny({ toString() { throw 1 } }) } catch {}', 'denies and catches', { kind: 'denied', reason: 'Refused by a plugin.' }],
    ['ctx.deny = () => {}', 'takes its own denial away', PASSED],
    ['return { then(resolve) { resolve({ kind: "denied", reason: "forged" }) } }', 'answers with a thenable', PASSED],
    ['return { kind: "denied", reason: "forged" }', 'answers with a verdict', PASSED],
    ['return { then() { throw new Error("thrown by then") } }', 'answers with a thenable that throws', /thrown by then/],
    ['ctx.server = null', 'removes what may be changed', PASSED],
    ['delete ctx.server', 'deletes what may be changed', PASSED],
    ['ctx.server = { get name() { throw new Error("thrown by name") } }', 'puts a getter there', /thrown by name/],
    ['ctx.server.name = { toJSON() { throw new Error("thrown by toJSON") } }', 'puts a value there that cannot be read', /thrown by toJSON/],
    ['ctx.server.name = 1n', 'puts a number there that JSON does not know', /BigInt/],
    ['ctx.server.name = "x".repeat(1e6)', 'puts far too much there', /256|bytes/],
    ['ctx.server = new Proxy({}, { get() { throw new Error("thrown by a proxy") } })', 'puts a proxy there', /thrown by a proxy/],
    ['Object.defineProperty(ctx, "server", { get() { ctx.deny("x"); return { name: "b" } } })', 'denies while its changes are read', { kind: 'denied', reason: 'x' }],
    ['ctx.__proto__.polluted = 1', 'reaches for the prototype', /polluted|extensible|read only/],
    ['ctx.server.limits = JSON.parse(\'{"__proto__":{"polluted":1}}\')', 'sends a prototype back', { kind: 'passed', changes: { server: { limits: {} } } }],
  ])('%s', async (body, _name, expected) => {
    const plugin = await sandbox.plugin(`export default (sodium) => sodium.hooks.on('server:beforeCreate', async (ctx) => { ${body} })`);
    await plugin.instance.activate();
    const outcome = plugin.instance.hook(0, 'server:beforeCreate', structuredClone(CTX), 2000);
    if (expected instanceof RegExp) await expect(outcome).rejects.toThrow(expected);
    else expect(await outcome).toEqual(expected);
    expect(plugin.instance.state.kind).toBe('running');
    await plugin.instance.stop(0);
  });
}); // prettier-ignore

describe('an answer', () => {
  const ANSWERS: Record<string, string> = {
    '/million-headers': 'for (let i = 0; i < 1e6; i++) res.set("x-" + i, "v"); res.end()',
    '/huge-header': 'res.set("x-a", "v".repeat(1e6)).end()',
    '/many-values': 'res.set("x-a", new Array(1e5).fill("v")).end()',
    '/crlf-in-list': 'res.set("x-a", ["fine", "a\\r\\nset-cookie: b=c"]).end()',
    '/crlf-in-name': 'res.set("x-a\\r\\nset-cookie", "b").end()',
    '/crlf-in-type': 'res.type("text/html\\r\\nset-cookie: b=c").send("x")',
    '/not-latin': 'res.set("x-a", "a\\u2603").end()',
    '/null': 'res.set("x-a", "a\\0b").end()',
    '/hostile-text': 'res.set("x-a", { toString() { throw new Error("t") } }).end()',
    '/status-100': 'res.status(100).end()',
    '/status-text': 'res.status("200").end()',
    '/status-behind': 'res.statusCode = 101; res.end()',
    '/status-nan': 'res.statusCode = NaN; res.end()',
    '/cyclic': 'const o = {}; o.o = o; res.json(o)',
    '/throwing': 'res.json({ toJSON() { throw new Error("t") } })',
    '/too-large': 'res.send("x".repeat(4e7))',
    '/redirect-lone': 'res.redirect("/\\ud800")',
    '/redirect-status': 'res.redirect(99, "/")',
  };
  const FINE: Record<string, [string, (answer: Awaited<ReturnType<TestPlugin['request']>>) => void]> = {
    '/redirect-split': ['res.redirect("/a\\r\\nset-cookie: b=c")', ({ headers }) => expect(headers.location).toBe('/a%0D%0Aset-cookie:%20b=c')],
    '/no-content': ['res.status(204).send("body")', ({ status }) => expect(status).toBe(204)],
    '/proto-header': ['res.set("__proto__", "x").end()', ({ headers }) => expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)],
    '/changed-later': ['const b = new Uint8Array([1, 2]); res.send(b); b[0] = 9', ({ bytes }) => expect([...bytes]).toEqual([1, 2])],
    '/twice': ['res.end("one"); try { res.end("two") } catch {}', ({ text }) => expect(text).toBe('one')],
  }; // prettier-ignore
  const routes = [...Object.entries(ANSWERS), ...Object.entries(FINE).map(([path, [body]]) => [path, body] as const)];
  let plugin: TestPlugin;
  beforeAll(async () => {
    const lines = routes.map(([path, body]) => `router.get('${path}', (req, res) => { ${body} });`);
    plugin = await sandbox.plugin(`export default (sodium) => sodium.http.registerRoutes((router) => {
      ${lines.join('\n')}
      router.post('/read/:__proto__/:constructor', (req, res) => res.json({
        polluted: ({}).polluted ?? null, own: [req.body, req.query, req.params].map((o) => Object.getPrototypeOf(o) === Object.prototype), body: req.body, query: req.query, params: req.params,
      }));
      router.get('/a/*one/b/*two/c/*three', (req, res) => res.send('matched'));
      router.get('/alive', (req, res) => res.send('alive'));
    })`);
    await plugin.instance.activate();
  });

  it.each(Object.keys(ANSWERS))('is refused as the plugin’s fault: %s', async (path) => {
    const answer = await plugin.request(path).catch((error: Error) => error);
    if (answer instanceof Error) expect(answer).toMatchObject({ name: 'PluginError', plugin: plugin.instance.id });
    else expect(answer.status).toBeGreaterThanOrEqual(500);
    expect((await plugin.request('/alive')).text).toBe('alive');
    expect(plugin.states.filter(({ kind }) => kind === 'backoff')).toEqual([]);
  });

  it.each(Object.entries(FINE))('is harmless: %s', async (path, [, check]) => check(await plugin.request(path)));

  it('is made from requests that bring no prototypes along', async () => {
    const body = Buffer.from('{"a":{"__proto__":{"polluted":1}},"\\u005f_proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const headers = { 'content-type': 'application/json' };
    const target = '/read/polluted/x?__proto__=polluted&constructor=x&toString=y&__proto__[polluted]=1';
    const answer = (await plugin.request(target, { method: 'POST', headers, body })).json();
    expect(answer).toMatchObject({ polluted: null, own: [true, true, true], body: { a: {}, constructor: {} }, query: { constructor: 'x', toString: 'y' }, params: { constructor: 'x' } }); // prettier-ignore
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from('__proto__=1&a=2') };
    expect((await plugin.request('/read/a/b', form)).json()).toMatchObject({ polluted: null, body: { a: '2' } });
  }); // prettier-ignore

  it('comes in time although a path is made to be matched slowly', async () => {
    const before = performance.now();
    expect((await plugin.request('/a' + '/b/c'.repeat(60) + '/')).status).toBe(404);
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('settings', () => {
  it('bring no prototypes along, and cannot be changed behind the panel’s back', async () => {
    const config = JSON.parse('{"a":{"__proto__":{"polluted":1}},"__proto__":{"polluted":2},"constructor":"c"}') as Record<string, unknown>;
    const plugin = await sandbox.plugin(
      `export default (sodium) => ({ read: () => { const all = sodium.config.getAll(); all.a = 'mine'; return [({}).polluted ?? null, all.polluted ?? null, sodium.config.get('constructor'), sodium.config.get('toString') ?? null, sodium.config.get('a')] } })`,
      { config },
    );
    await plugin.instance.activate();
    expect(await plugin.instance.method('read', [], [])).toEqual([null, null, 'c', null, {}]);
    await plugin.instance.stop(0);
  }); // prettier-ignore
});

describe('a document', () => {
  const SETUP = `sodium.db.registerCollections(['docs']); const put = (doc) => { const stored = sodium.db.insert('docs', doc); return sodium.db.get('docs', stored.id) };`;
  it.each<[string, string, unknown]>([
    ['a date', 'put({ id: "1", at: new Date(0) })', { id: '1', at: '1970-01-01T00:00:00.000Z' }],
    ['numbers that JSON does not know', 'put({ id: "1", a: NaN, b: Infinity, c: -0 })', { id: '1', a: null, b: null, c: 0 }],
    ['a map, a function and a symbol', 'put({ id: "1", m: new Map([[1, 2]]), f() {}, [Symbol("s")]: 1, u: undefined })', { id: '1', m: {} }],
    ['an array with holes', 'put({ id: "1", a: [1, , 3] })', { id: '1', a: [1, null, 3] }],
    ['an instance of a class', 'put(new (class { id = "1"; #secret = 2; get shown() { return 3 } })())', { id: '1' }],
    ['a large number', 'put({ id: "1", a: 1n })', /BigInt/],
    ['a cycle', 'const o = { id: "1" }; o.o = o; return put(o)', /circular|cyclic|deep/i],
    ['a getter that throws', 'put({ id: "1", get a() { throw new Error("thrown by a getter") } })', /thrown by a getter/],
    ['a getter that writes meanwhile', 'put({ id: "1", get a() { sodium.db.insert("docs", { id: "2" }); return 1 } })', { id: '1', a: 1 }],
    ['a getter that takes its own id', 'put({ id: "1", get a() { sodium.db.insert("docs", { id: "1", b: 2 }); return 1 } })', /1/],
    ['a proxy', 'put(new Proxy({}, { get(t, k) { return k === "id" ? "1" : undefined }, ownKeys: () => ["id"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: "1" }) }))', { id: '1' }],
    ['a proxy that throws', 'put(new Proxy({}, { ownKeys() { throw new Error("thrown by a proxy") } }))', /thrown by a proxy/],
    ['an id that is no text', 'put({ id: { toString: () => "1" } })', /id/],
    ['a prototype', 'const doc = put(JSON.parse(\'{"id":"1","__proto__":{"polluted":1}}\')); return ({}).polluted ?? (Object.getPrototypeOf(doc) === Object.prototype ? "clean" : "changed")', 'clean'],
    ['endless depth', 'let o = {}; for (let i = 0; i < 50000; i++) o = { o }; return put({ id: "1", o })', /deep|stack|nest/i],
    ['toJSON of another shape', 'put({ toJSON: () => 5 })', /object/i],
    ['bytes', 'put({ id: "1", b: new Uint8Array([1]) })', { id: '1', b: { 0: 1 } }],
    ['nothing', 'put(null)', /object/i],
    ['a list', 'put([1])', /object/i],
  ])('of %s is kept as JSON keeps it, or refused', async (_name, body, expected) => {
    const work = body.startsWith('put(') ? `return ${body}` : body;
    const plugin = await sandbox.plugin(
      `export default (sodium) => { ${SETUP} return { go: () => { ${work} } } }`,
    );
    await plugin.instance.activate();
    const kept = plugin.instance.method('go', [], []);
    if (expected instanceof RegExp) await expect(kept).rejects.toThrow(expected);
    else expect(await kept).toEqual(expected);
    await plugin.instance.restart();
    expect(plugin.instance.state.kind).toBe('running');
    await plugin.instance.stop(0);
  });
}); // prettier-ignore
