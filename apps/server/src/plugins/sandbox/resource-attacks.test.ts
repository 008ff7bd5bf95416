import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, until, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

/** Bodies of an async function. `ends`: the process must be ended for it; `lives`: it must survive and still answer. */
const ATTACKS: Record<string, { body: string; outcome: 'ends' | 'lives' }> = {
  'an endless loop': { outcome: 'ends', body: 'for (;;);' },
  'an endless loop that catches everything': {
    outcome: 'ends',
    body: 'for (;;) try { for (;;); } catch {} finally { continue }',
  },
  'a catastrophic regular expression': { outcome: 'ends', body: '/^(a+)+$/.test("a".repeat(40) + "b")' },
  'an endless chain of microtasks': {
    outcome: 'ends',
    body: 'const again = () => Promise.resolve().then(again); await again()',
  },
  'an endless loop of awaits': { outcome: 'ends', body: 'for (;;) await null' },
  'endless microtasks that talk to the panel': {
    outcome: 'ends',
    body: 'for (;;) { sodium.logger.info("x"); await null }',
  },
  'a slow sort callback': {
    outcome: 'ends',
    body: 'new Array(1e7).fill(0).map(() => Math.random()).sort(() => { for (let i = 0; i < 1e6; i++); return 1 })',
  },
  'heap growth': {
    outcome: 'ends',
    body: 'const all = []; for (;;) all.push({ a: new Array(100).fill(Math.random()) })',
  },
  'heap growth in small steps': {
    outcome: 'ends',
    body: 'const all = []; const step = () => { for (let i = 0; i < 1000; i++) all.push("x".repeat(100) + i); setTimeout(step, 1) }; step(); await new Promise(() => {})',
  },
  'a growing string': {
    outcome: 'ends',
    body: 'const all = []; for (let i = 0;; i++) all.push(("x".repeat(1e6) + i).split("").join(""))',
  },
  'a growing map': { outcome: 'ends', body: 'const m = new Map(); for (let i = 0;; i++) m.set(i, { i, s: "v" + i })' },
  'a growing set of symbols': { outcome: 'ends', body: 'const s = new Set(); for (;;) s.add(Symbol())' },
  'array buffers off the heap': {
    outcome: 'ends',
    body: 'const all = []; for (;;) { all.push(new Uint8Array(16e6).fill(1)); await new Promise((r) => setTimeout(r, 1)) }',
  },
  'array buffers in one go': {
    outcome: 'ends',
    body: 'const all = []; for (;;) all.push(new Uint8Array(32e6).fill(1))',
  },
  'one enormous array': {
    outcome: 'ends',
    body: 'const a = new Array(1e9); for (let i = 0; i < a.length; i++) a[i] = i',
  },
  'text encoded over and over': {
    outcome: 'ends',
    body: 'const all = []; const e = new TextEncoder(); for (;;) all.push(e.encode("x".repeat(1e6)))',
  },
  'cloned structures': {
    outcome: 'ends',
    body: 'const o = { a: new Array(1e4).fill("x") }; const all = []; for (;;) all.push(structuredClone(o))',
  },
  'closures that keep everything': {
    outcome: 'ends',
    body: 'let keep = () => 0; for (;;) { const before = keep; const big = new Array(1000).fill(1); keep = () => [before, big] }',
  },
  'deep recursion': { outcome: 'lives', body: 'const f = () => f() + 1; f()' },
  'deep JSON to the panel': {
    outcome: 'lives',
    body: 'let o = {}; for (let i = 0; i < 50000; i++) o = { o }; return o',
  },
  'nested JSON within the size limit': {
    outcome: 'lives',
    body: 'let o = 1; for (let i = 0; i < 2000; i++) o = [o]; return o',
  },
  'a huge answer': { outcome: 'lives', body: 'return "x".repeat(5e6)' },
  'an answer with a cycle': { outcome: 'lives', body: 'const o = {}; o.o = o; return o' },
  'an answer that throws when it is read': {
    outcome: 'lives',
    body: 'return { get a() { throw new Error("got you") } }',
  },
  'an answer whose toJSON never ends well': { outcome: 'lives', body: 'return { toJSON() { return this } , a: 1n }' },
  'a thrown proxy': {
    outcome: 'lives',
    body: 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })',
  },
  'a thrown undefined': { outcome: 'lives', body: 'throw undefined' },
  'a promise that never settles': { outcome: 'lives', body: 'await new Promise(() => {})' },
  'a thenable that never calls back': { outcome: 'lives', body: 'return { then() {} }' },
  'a flood of timers': { outcome: 'lives', body: 'for (let i = 0; i < 1e5; i++) setTimeout(() => {}, 1e6)' },
  'a flood of log lines': { outcome: 'lives', body: 'for (let i = 0; i < 1e5; i++) console.log("line " + i)' },
  'log lines of a megabyte': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 200; i++) console.log("x".repeat(1e6), { a: ["y".repeat(1e6)] })',
  },
  'a flood of calls': { outcome: 'lives', body: 'for (let i = 0; i < 2e4; i++) sodium.servers.list().catch(() => {})' },
  'a flood of calls that are not awaited': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 1000; i++) sodium.servers.list()',
  },
  'calls with huge arguments': { outcome: 'lives', body: 'await sodium.servers.get("x".repeat(1e6))' },
  'fetches with huge bodies': {
    outcome: 'lives',
    body: 'await fetch("https://example.com", { method: "POST", body: "x".repeat(2e7) })',
  },
  'unhandled rejections': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 1e4; i++) Promise.reject(new Error("r" + i))',
  },
  'a throwing timer': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 500; i++) setTimeout(() => { throw new Error("t") }, 1)',
  },
  'a throwing microtask': { outcome: 'lives', body: 'queueMicrotask(() => { throw new Error("m") })' },
  'a throwing listener': {
    outcome: 'lives',
    body: 'const t = new EventTarget(); t.addEventListener("x", () => { throw new Error("l") }); t.dispatchEvent(new Event("x"))',
  },
  'a throwing abort listener': {
    outcome: 'lives',
    body: 'const c = new AbortController(); c.signal.onabort = () => { throw new Error("a") }; c.abort()',
  },
  'a finalizer that throws': {
    outcome: 'lives',
    body: 'const r = new FinalizationRegistry(() => { throw new Error("f") }); for (let i = 0; i < 1e5; i++) r.register({ i }, i)',
  },
  'a rejection that cannot be read': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 100; i++) Promise.reject(new Proxy(new Error("x"), { get() { throw 1 }, getPrototypeOf() { throw 2 } }))',
  },
  'a thousand key derivations at once': {
    outcome: 'lives',
    body: 'const k = await crypto.subtle.importKey("raw", new Uint8Array(8), "PBKDF2", false, ["deriveBits"]); for (let i = 0; i < 1000; i++) crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-512", salt: new Uint8Array(8), iterations: 2e6 }, k, 512).catch(() => {})',
  },
  'a hundred large keys at once': {
    outcome: 'lives',
    body: 'for (let i = 0; i < 100; i++) crypto.subtle.generateKey({ name: "RSA-PSS", modulusLength: 8192, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["sign"]).catch(() => {})',
  },
  'an error with an endless stack': {
    outcome: 'lives',
    body: 'const e = new Error("x"); Object.defineProperty(e, "stack", { value: "    at a (plugin:x/server.js:1:1)\\n".repeat(1e5) }); throw e',
  },
  'an error whose message is endless': { outcome: 'lives', body: 'throw new Error("x".repeat(5e6))' },
  'an error whose fields throw': {
    outcome: 'lives',
    body: 'throw { get name() { throw 1 }, get message() { throw 2 }, get stack() { throw 3 } }',
  },
  'a thenable that answers over and over': {
    outcome: 'lives',
    body: 'return { then(resolve, reject) { for (let i = 0; i < 1e4; i++) { resolve(i); reject(i) } throw new Error("t") } }',
  },
  'thenables without end': { outcome: 'ends', body: 'const t = { then(resolve) { resolve(t) } }; return t' },
  'an answer of a million keys': {
    outcome: 'lives',
    body: 'return Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ["key" + i, i]))',
  },
  'arguments with getters that recurse': {
    outcome: 'lives',
    body: 'const o = { get a() { return o } }; await sodium.plugins.call("x", "y", o)',
  },
  'asynchronous iteration without end': {
    outcome: 'ends',
    body: 'const g = (async function* () { for (;;) yield 1 })(); for await (const x of g);',
  },
  'late registration': { outcome: 'lives', body: 'sodium.hooks.on("*", () => {})' },
  'a log value with hostile getters': {
    outcome: 'lives',
    body: 'console.log({ get a() { throw 1 } }, new Proxy([], { get() { throw 2 } }), Object.create(null), Symbol("s"), 1n)',
  },
};

const source = (body: string): string => `
export default function (sodium) {
  sodium.http.registerRoutes((router) => router.get('/alive', (req, res) => res.send('alive')));
  return { go: async () => { ${body} } };
}`;

let sandbox: TestSandbox;
let bystander: TestPlugin;

beforeAll(async () => {
  sandbox = await openTestSandbox({ limits: { methodMs: 4000, hangCpuMs: 500, backoffMs: [50, 100] } });
  bystander = await sandbox.plugin(source(''), { id: 'bystander' });
  await bystander.instance.activate();
});
afterAll(() => sandbox.close());

/** How long the panel's event loop was held up at worst while `work` ran. */
async function worstPause(work: () => Promise<unknown>): Promise<number> {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  return worst;
}

describe('using up what is there', () => {
  it.each(Object.entries(ATTACKS))('%s', { timeout: 30_000 }, async (_name, { body, outcome }) => {
    const attacker = await sandbox.plugin(source(body));
    await attacker.instance.activate();
    const { state } = attacker.instance;
    const pid = state.kind === 'running' ? state.pid : 0;
    let settled = false;
    const pause = await worstPause(async () => {
      const attack = attacker.instance.method('go', [], []).then(
        () => (settled = true),
        () => (settled = true),
      );
      expect((await bystander.request('/alive')).text).toBe('alive');
      await attack;
      expect((await bystander.request('/alive')).text).toBe('alive');
    });
    expect(settled).toBe(true);
    expect(pause).toBeLessThan(400);
    const ended = attacker.states.some(({ kind }) => kind === 'backoff');
    if (outcome === 'ends') {
      await until('the process is ended', () => attacker.states.some(({ kind }) => kind === 'backoff'), 15_000);
      await until('it runs again', () => attacker.instance.state.kind === 'running', 15_000);
    } else {
      expect(
        ended,
        attacker.logs
          .map(({ text }) => text)
          .slice(-3)
          .join('\n'),
      ).toBe(false);
      expect(attacker.instance.state).toMatchObject({ kind: 'running', pid });
    }
    expect((await attacker.request('/alive')).text).toBe('alive');
    expect(attacker.logs.length).toBeLessThan(2000);
    await attacker.instance.stop(0);
  });

  it('quarantines what fails again and again, and releases it when told', { timeout: 30_000 }, async () => {
    const attacker = await sandbox.plugin(source('for (;;);'), { id: 'again' });
    await attacker.instance.activate();
    for (let failure = 0; failure < 3; failure++) {
      await expect(attacker.instance.method('go', [], [])).rejects.toThrow(/kept the processor/);
      const times = (kind: string): number => attacker.states.filter((state) => state.kind === kind).length;
      await until('it is back or given up', () => times('running') === failure + 2 || times('quarantined') === 1);
    }
    expect(attacker.instance.state).toMatchObject({
      kind: 'quarantined',
      reason: expect.stringMatching(/failed 3 times.*kept the processor/) as string,
    });
    await expect(attacker.request('/alive')).rejects.toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
    attacker.instance.releaseQuarantine();
    expect((await attacker.request('/alive')).text).toBe('alive');
  });

  it.each([
    ['a top level that never returns', 'for (;;); export default () => {}'],
    ['a top level await that never settles', 'await new Promise(() => {}); export default () => {}'],
    ['a default export that never returns', 'export default () => { for (;;); }'],
    ['a default export that never resolves', 'export default () => new Promise(() => {})'],
    ['no default export', 'export const a = 1'],
    ['a default export that is no function', 'export default { a: 1 }'],
    ['a syntax error', 'export default function ( {'],
  ])('does not start: %s', { timeout: 20_000 }, async (_name, text) => {
    const quick = await openTestSandbox({ limits: { loadMs: 1500, hangCpuMs: 500 } });
    const plugin = await quick.plugin(text);
    const pause = await worstPause(() =>
      expect(plugin.instance.activate()).rejects.toMatchObject({ name: 'PluginError' }),
    );
    expect(pause).toBeLessThan(400);
    await plugin.instance.stop(0);
    expect(plugin.instance.state.kind).toBe('stopped');
    await quick.close();
  });
});
