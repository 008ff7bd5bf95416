import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestSandbox, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

/*
 * Each attempt is the body of an async function inside a plugin. `found(thing)` throws CONTAINED unless the thing gives
 * authority; an attempt that returns normally has got out. Thrown errors count as contained.
 */
const PRELUDE = `
const own = globalThis;
const suspicious = ['process', 'require', 'Buffer', 'WebAssembly', 'SharedArrayBuffer', 'lockdown', 'navigator', 'BroadcastChannel', 'Worker', 'MessageChannel', 'gc', 'Deno'];
function contained(why) { throw new Error('CONTAINED ' + why); }
/** A way to run code: good for an attacker only when it reaches another global scope. */
function tryEvaluator(F) {
  if (typeof F !== 'function') contained('no evaluator');
  const scope = F('return this')() ?? F('return globalThis')();
  if (scope !== own && scope !== undefined) return 'another global scope';
  for (const name of suspicious) if (F('return typeof ' + name)() !== 'undefined') return 'global ' + name;
  contained('same scope');
}
function found(thing) {
  if (thing === undefined || thing === null) contained('nothing');
  for (const name of ['mainModule', 'binding', 'dlopen', '_linkedBinding', 'readFileSync', 'spawn', 'connect', 'createConnection', 'reallyExit']) {
    if (typeof thing[name] === 'function' || typeof thing[name] === 'object' && thing[name]) return 'authority ' + name;
  }
  contained('harmless');
}
function walk(start, seen = new Set(), depth = 0) {
  if ((typeof start !== 'object' && typeof start !== 'function') || start === null || seen.has(start) || depth > 12) return seen;
  seen.add(start);
  let keys = []; try { keys = Reflect.ownKeys(start); } catch {}
  for (const key of keys) {
    let d; try { d = Reflect.getOwnPropertyDescriptor(start, key); } catch { continue; }
    for (const v of [d.value, d.get, d.set]) walk(v, seen, depth + 1);
  }
  try { walk(Reflect.getPrototypeOf(start), seen, depth + 1); } catch {}
  return seen;
}
`;

const ATTEMPTS: Record<string, string> = {
  'Function constructor': 'return tryEvaluator(Function)',
  'constructor of a function': 'return tryEvaluator((() => {}).constructor)',
  'constructor of an async function': 'return tryEvaluator((async () => {}).constructor)',
  'constructor of a generator': 'return tryEvaluator((function* () {}).constructor)',
  'constructor of an async generator': 'return tryEvaluator((async function* () {}).constructor)',
  'constructor of the sodium object': 'return tryEvaluator(sodium.constructor.constructor)',
  'constructor of an endowed function': 'return tryEvaluator(setTimeout.constructor)',
  'constructor of fetch': 'return tryEvaluator(fetch.constructor)',
  'constructor of console.log': 'return tryEvaluator(console.log.constructor)',
  'constructor of a facade method': 'return tryEvaluator(sodium.db.find.constructor)',
  'constructor of crypto.subtle': 'return tryEvaluator(crypto.subtle.digest.constructor)',
  'constructor of a promise of the host':
    'return tryEvaluator((await crypto.subtle.digest("SHA-256", new Uint8Array(1)), crypto.subtle.digest("SHA-256", new Uint8Array(1))).constructor.constructor)',
  'constructor of a URL': 'return tryEvaluator(new URL("a:b").constructor.constructor)',
  'constructor of a timer': 'return tryEvaluator(setTimeout(() => {}, 1).constructor.constructor)',
  'constructor of a platform error': 'try { new URL("") } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'constructor of a clone error':
    'try { structuredClone(() => 1) } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'constructor of a facade error':
    'try { sodium.db.find("none") } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'constructor of a range error of the stack':
    'const f = () => f(); try { f() } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'constructor of a rejection by the panel':
    'try { await sodium.servers.list() } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'direct eval': 'return tryEvaluator((code) => () => eval("(function(){" + code + "})()"))',
  'indirect eval': 'return tryEvaluator((code) => () => (0, eval)("(function(){" + code + "})()"))',
  'eval for this': 'const s = (0, eval)("this"); return s === own ? contained("own") : "another scope"',
  'sloppy this':
    'const s = new Function("return (function () { return this })()")(); return s === own || s === undefined ? contained("own") : "another scope"',
  'arguments.callee.caller': 'const f = new Function("return arguments.callee.caller"); return found(f())',
  'function caller': 'function f() { return f.caller } return found(f())',
  'dynamic import': 'return found(await import("node:fs"))',
  'dynamic import in eval': 'return found(await (0, eval)("import(\\"node:fs\\")"))',
  'dynamic import in Function': 'return found(await new Function("return import(\\"node:fs\\")")())',
  'dynamic import hidden by a comment': 'return found(await new Function("return import/**/(\\"node:fs\\")")())',
  'dynamic import in an async function constructor':
    'const A = (async () => {}).constructor; return found(await A("return await import(\\"node:fs\\")")())',
  'HTML comment in eval': 'return found((0, eval)("<!-- \\n process"))',
  'import.meta': 'return found(import.meta.resolve ? import.meta : undefined)',
  'process by name': 'return found(process)',
  'require by name': 'return found(require("fs"))',
  'module by name': 'return found(module)',
  'globalThis.process': 'return found(globalThis.process)',
  'global and self': 'return found(global.process ?? self.process ?? global.require)',
  'with and unscopables':
    'return tryEvaluator((code) => new Function("with ({ [Symbol.unscopables]: {} }) { " + code + " }"))',
  prepareStackTrace:
    'Error.prepareStackTrace = (e, sites) => sites; const sites = new Error().stack; if (!Array.isArray(sites)) contained("text"); for (const s of sites) { const t = s.getThis?.() ?? s.getFunction?.(); if (t && t !== own) return "a frame of the host"; } contained("attenuated")',
  'prepareStackTrace on a subclass':
    'class E extends Error { static prepareStackTrace(e, sites) { return sites } } const sites = new E().stack; if (!Array.isArray(sites)) contained("text"); return found(sites[0].getFunction?.())',
  captureStackTrace:
    'const o = {}; Error.captureStackTrace?.(o); if (/node_modules|\\/work\\/|\\/tmp\\/|file:/.test(String(o.stack))) return "a host path"; contained("no path")',
  'host paths in stacks':
    'const stacks = [new Error().stack]; try { sodium.db.find("x") } catch (e) { stacks.push(e.stack) } try { await sodium.users.list() } catch (e) { stacks.push(e.stack) } try { new URL("") } catch (e) { stacks.push(e.stack) } if (/\\/(work|tmp|home|root|usr)\\//.test(stacks.join())) return "a host path: " + stacks.join(); contained("none")',
  stackTraceLimit:
    'Error.stackTraceLimit = Infinity; if (/child\\.cjs|\\/(work|tmp)\\//.test(new Error().stack)) return "a host path"; contained("none")',
  'prototype of Object': 'Object.prototype.polluted = 1; return ({}).polluted === 1 ? "polluted" : contained("frozen")',
  'prototype by __proto__':
    '({}).__proto__.polluted = 1; return ({}).polluted === 1 ? "polluted" : contained("frozen")',
  'prototype of Array':
    'Array.prototype.map = () => "polluted"; return [1].map() === "polluted" ? "polluted" : contained("frozen")',
  'prototype of Promise':
    'Promise.prototype.then = function () { return "polluted" }; return Promise.prototype.then.call(Promise.resolve()) === "polluted" ? "polluted" : contained("frozen")',
  'prototype of Function':
    'Function.prototype.call = () => "polluted"; return (() => 1).call() === "polluted" ? "polluted" : contained("frozen")',
  'defineProperty on an intrinsic':
    'Object.defineProperty(Map.prototype, "get", { value: () => "polluted" }); return "polluted"',
  'setPrototypeOf an intrinsic': 'Object.setPrototypeOf(Array.prototype, { polluted: 1 }); return "polluted"',
  'replaced JSON':
    'JSON.parse = () => "polluted"; return JSON.parse("1") === "polluted" ? "polluted" : contained("frozen")',
  'prototype of URL':
    'URL.prototype.toString = () => "polluted"; return String(new URL("a:b")) === "polluted" ? "polluted" : contained("frozen")',
  'prototype of TextDecoder':
    'TextDecoder.prototype.decode = () => "polluted"; return new TextDecoder().decode() === "polluted" ? "polluted" : contained("frozen")',
  'prototype of Headers':
    'Headers.prototype.get = () => "polluted"; return new Headers().get("a") === "polluted" ? "polluted" : contained("frozen")',
  'changed sodium object':
    'sodium.meta.id = "other"; return sodium.meta.id === "other" ? "changed" : contained("frozen")',
  'replaced facade method':
    'sodium.config.get = () => "mine"; return sodium.config.get() === "mine" ? "changed" : contained("frozen")',
  WebAssembly: 'return found(WebAssembly)',
  SharedArrayBuffer: 'return found(new SharedArrayBuffer(8))',
  'SharedArrayBuffer of a typed array':
    'return found(Object.getPrototypeOf(Int8Array).prototype.constructor.SharedArrayBuffer)',
  Atomics: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0); return "waited"',
  'the pool behind a buffer':
    'const b = new TextEncoder().encode("x"); if (b.buffer.byteLength > 8192) return "a pool"; contained("own memory")',
  'structuredClone with transfer':
    'const a = new ArrayBuffer(8); structuredClone(a, { transfer: [a] }); return a.byteLength === 0 ? "detached" : contained("ignored")',
  'Proxy as an argument':
    'let seen; sodium.logger.info(new Proxy({}, { get(t, k, r) { seen = r; return undefined }, ownKeys() { return [] } })); return found(seen?.constructor?.mainModule)',
  'thenable as a result of the panel':
    'let got; try { await sodium.plugins.call("x", "y", { then(r) { got = r } }) } catch {} return found(got)',
  species:
    'class P extends Promise { static get [Symbol.species]() { return function (ex) { ex((v) => v, (e) => e) } } } return found(await P.resolve(1).then(() => undefined))',
  'thenable job': 'let job; await { then(resolve) { job = resolve; resolve() } }; return tryEvaluator(job.constructor)',
  'toString of a hidden function':
    'const text = String(setTimeout) + String(sodium.db.find); if (/\\/(work|tmp)\\//.test(text)) return "a path"; contained("no path")',
  'inspect hook':
    'const k = Symbol.for("nodejs.util.inspect.custom"); let got; console.log({ [k](d, o, inspect) { got = inspect } }); if (got) return "inspect"; for (const c of [URL, URLSearchParams, TextEncoder, TextDecoder]) if (c.prototype[k]) return "hook on " + c.name; contained("none")',
  'events of AbortSignal':
    'const s = new AbortController().signal; if (Object.getOwnPropertySymbols(s).length) return "symbols"; contained("none")',
  'constructor of AbortSignal': 'return found(new AbortSignal())',
  createObjectURL: 'return found(URL.createObjectURL)',
  'CryptoKey internals':
    'const k = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]); for (const s of Reflect.ownKeys(k)) { const v = k[s]; if (v && typeof v === "object" && found(v)) return "internals" } contained("none")',
  'symbols of the registry':
    'for (const s of ["nodejs.dispose", "nodejs.worker_threads", "undici.globalDispatcher.1"]) { const v = globalThis[Symbol.for(s)]; if (v) return s } contained("none")',
  'undici through the global symbol': 'return found(globalThis[Symbol.for("undici.globalDispatcher.1")])',
  'statics of RegExp':
    '/(secret)/.test("a secret text"); for (const k of ["$1", "$_", "$&", "input", "lastMatch", "leftContext"]) if (RegExp[k] !== undefined) return "left behind in " + k; contained("none")',
  'constructor of a bound formatter': 'return tryEvaluator(new Intl.DateTimeFormat().format.constructor)',
  'constructor of a bound comparison': 'return tryEvaluator(new Intl.Collator().compare.constructor)',
  'constructor of an iterator of the platform':
    'return tryEvaluator(Object.getPrototypeOf(new URLSearchParams("a=1").entries()).next.constructor)',
  'iterators that only instances lead to':
    'for (const it of [new URLSearchParams("a=1").entries(), new Headers([["a", "b"]]).entries(), new Map().entries(), "a".matchAll(/a/g)]) { const proto = Object.getPrototypeOf(it); try { proto.next = () => "mine" } catch {} if (it.next() === "mine" && !Object.hasOwn(it, "next")) return "changed an iterator"; } contained("frozen")',
  'segments of text':
    'if (!Intl.Segmenter) contained("none"); const s = new Intl.Segmenter().segment("ab"); return tryEvaluator(s[Symbol.iterator]().next.constructor ?? s.containing.constructor)',
  'a cloned key':
    'const k = await crypto.subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, ["encrypt"]); const c = structuredClone(k); return tryEvaluator(c.constructor.constructor)',
  'a cloned error': 'return tryEvaluator(structuredClone(new TypeError("x")).constructor.constructor)',
  'constructor of a digest':
    'const d = await crypto.subtle.digest("SHA-256", new Uint8Array(1)); if (d.constructor !== ArrayBuffer) return "another ArrayBuffer"; return tryEvaluator(d.constructor.constructor)',
  'a rejection of the platform':
    'try { await crypto.subtle.importKey("raw", { get length() { throw 1 } }, "none", true, []) } catch (e) { return tryEvaluator(e.constructor.constructor) }',
  'getters handed to the platform':
    'let got; try { await crypto.subtle.importKey("raw", new Uint8Array(16), { get name() { got = new Error().stack; return "AES-GCM" } }, true, ["encrypt"]) } catch {} if (/\\/(work|tmp|home|root|usr)\\//.test(got)) return "a host path " + got; contained("none")',
  'the caller of a getter':
    'let got; const o = { get name() { try { got = arguments.callee.caller } catch {} return "AES-GCM" } }; try { await crypto.subtle.importKey("raw", new Uint8Array(16), o, true, ["encrypt"]) } catch {} return found(got)',
  'a callback of the platform':
    'let self; new URLSearchParams("a=1").forEach(function () { self = new Function("return this").call(undefined) }); return found(self === own ? undefined : self)',
  'constructors of request and answer': 'return tryEvaluator(sodium.auth.requireUser.constructor)',
  'a registry of finalizers':
    'let got; const r = new FinalizationRegistry(function () { got = this }); r.register({}, 1); return tryEvaluator(r.constructor.constructor)',
  'a weak reference to a facade':
    'return found(new WeakRef(sodium.db).deref().constructor.constructor("return this")().process)',
  'names of the host’s modules in eval':
    'return found((0, eval)("typeof require_scrub !== \\"undefined\\" ? require_scrub : undefined"))',
  'a source map of the host':
    'return found((0, eval)("1\\n//# sourceMappingURL=file:///etc/passwd") === 1 ? undefined : "read")',
  'async stacks':
    'const stack = await sodium.servers.list().then(() => "", (e) => e.stack + new Error().stack); if (/\\/(work|tmp|home|root|usr)\\//.test(stack)) return stack; contained("no path")',
  'a new compartment': 'return found(new Compartment())',
  'harden and lockdown': 'return found(globalThis.lockdown ?? globalThis.harden)',
  'everything reachable': `
    const seen = walk({ sodium, globalThis, timer: setTimeout(() => {}, 1), key: await crypto.subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', true, ['encrypt']), answer: sodium.plugins.call('a', 'b').catch(() => 0), error: await sodium.servers.list().catch((e) => e) });
    for (const thing of seen) {
      let name; try { name = typeof thing === 'function' ? Function.prototype.toString.call(thing).slice(0, 0) : ''; } catch {}
      for (const key of ['mainModule', 'binding', 'dlopen', 'reallyExit', 'readFileSync', 'spawnSync', '_handle', 'allocUnsafe', '_linkedBinding']) {
        let d; try { d = Reflect.getOwnPropertyDescriptor(thing, key); } catch {}
        if (d) return 'reached ' + key;
      }
    }
    contained(seen.size + ' objects')`,
  'mutable objects shared with the host': `
    const seen = walk({ globals: [Object, Array, Promise, URL, URLSearchParams, TextEncoder, Intl, Headers, Request, Response, AbortController, EventTarget, crypto, console, setTimeout, fetch], sodium });
    const loose = [...seen].filter((thing) => typeof thing === 'function' && !Object.isFrozen(thing));
    if (loose.length) return 'not frozen: ' + loose.slice(0, 5).map((f) => f.name).join();
    contained('all frozen')`,
};

/** All that a plugin's global scope may hold, whatever a version of Node.js adds to its own. */
const GLOBALS = `AbortController AbortSignal AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean CryptoKey DOMException DataView Date Error EvalError Event EventTarget FinalizationRegistry Float32Array Float64Array Function Headers Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Request Response Set String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet atob btoa clearImmediate clearInterval clearTimeout console crypto decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval fetch global globalThis isFinite isNaN parseFloat parseInt performance queueMicrotask self setImmediate setInterval setTimeout structuredClone undefined unescape`;

let sandbox: TestSandbox;
let plugin: TestPlugin;

beforeAll(async () => {
  sandbox = await openTestSandbox();
  const methods = Object.values(ATTEMPTS).map((body, index) => `a${index}: async () => { ${body} }`);
  plugin = await sandbox.plugin(`${PRELUDE}\nexport default function (sodium) { return { ${methods.join(',\n')} }; }`, {
    permissions: ['db:own', 'http:routes'],
  });
  await plugin.instance.activate();
  // Building the sandbox takes its time on a busy machine.
}, 60_000);
afterAll(() => sandbox.close());

describe('getting out of the sandbox', () => {
  it.each(Object.keys(ATTEMPTS).map((name, index) => [name, index] as const))('%s', async (_name, index) => {
    const outcome = await plugin.instance.method(`a${index}`, [], []).then(
      (escaped) => `ESCAPED: ${String(escaped)}`,
      (error: Error) => `contained: ${error.message}`,
    );
    expect(outcome).not.toMatch(/^ESCAPED/);
    expect(plugin.instance.state.kind).toBe('running');
  });

  it('gives plugins no globals but those that were looked at', async () => {
    const lister = await sandbox.plugin(
      'export default () => ({ list: () => Object.getOwnPropertyNames(globalThis) })',
    );
    await lister.instance.activate();
    const names = (await lister.instance.method('list', [], [])) as string[];
    expect(names.filter((name) => !GLOBALS.split(' ').includes(name))).toEqual([]);
    await lister.instance.stop(0);
  });

  it('gives the process nothing to find: no environment, no arguments, no files', () => {
    const { state } = plugin.instance;
    if (state.kind !== 'running') throw new Error('it does not run');
    expect(readFileSync(`/proc/${state.pid}/environ`, 'utf8')).toBe('');
    expect(readFileSync(`/proc/${state.pid}/cmdline`, 'utf8')).toMatch(
      /--(experimental-)?permission\0--allow-fs-read=/,
    );
    expect(readFileSync(`/proc/${state.pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
  });

  it('hands out bytes and objects of the plugin’s own realm alone', async () => {
    const peek = await sandbox.plugin(
      `export default (sodium) => sodium.http.registerRoutes((router) => router.post('/', (req, res) => res.json([
        req.rawBody.constructor === Uint8Array, req.body.constructor === Object, req.query.constructor === Object,
        req.params.constructor === Object, req.headers.constructor === Object, Object.isFrozen(Object.getPrototypeOf(req)), Object.isFrozen(Object.getPrototypeOf(res)),
      ])))`,
    );
    const headers = { 'content-type': 'application/json' };
    const answer = await peek.request('/?a=b', { method: 'POST', body: Buffer.from('{"a":1}'), headers });
    expect(answer.json()).toEqual(new Array(7).fill(true));
  });

  it('shows no neighbouring memory behind the bytes of a request', async () => {
    const peek = await sandbox.plugin(
      `export default (sodium) => sodium.http.registerRoutes((router) => router.post('/', (req, res) => res.json([req.rawBody.buffer.byteLength, req.rawBody.byteOffset])))`,
    );
    const body = Buffer.from('short');
    expect((await peek.request('/', { method: 'POST', body })).json()).toEqual([5, 0]);
  });
});
