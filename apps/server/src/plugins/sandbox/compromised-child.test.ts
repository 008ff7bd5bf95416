import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openTestSandbox, until, type TestPlugin, type TestSandbox } from './testing/sandbox-fixture.js';

/** A process that has thrown off everything of ours and speaks to the panel as it likes. */
const CHILD = `
const socket = new (require('node:net').Socket)({ fd: 3, readable: true, writable: true });
const send = (type, id, payload = Buffer.alloc(0)) => {
  if (!Buffer.isBuffer(payload)) payload = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const head = Buffer.alloc(9); head.writeUInt32LE(payload.length, 0); head[4] = type; head.writeUInt32LE(id, 5);
  socket.write(Buffer.concat([head, payload]));
};
const REGISTERED = { routes: [], hooks: [], crons: [], methods: ['go'], collections: [], ui: {} };
const answers = [];
let source = '';
let expected = 0, loadId = 0;
let pending = Buffer.alloc(0);
const attacks = {
  none: (id) => send(35, id, { value: 'fine' }),
  forgedIds: (id) => { for (let i = 0; i < 100; i++) { send(35, id + 1 + i, { value: 'forged' }); send(36, 99999 + i, { message: 'x' }); send(38, i, 'x'); } send(35, id, { value: 'fine' }); },
  strayFlood: () => { for (let i = 0; i < 50000; i++) send(35, 1e6 + i, { value: 1 }); },
  hugeHeader: () => { const head = Buffer.alloc(9); head.writeUInt32LE(0xffffffff, 0); head[4] = 35; socket.write(head); },
  unknownType: () => send(200, 1),
  typeZero: () => send(0, 1),
  panelsOwnType: () => send(5, 1),
  badJson: (id) => send(35, id, '{"value":'),
  hugeJson: (id) => send(35, id, { value: 'x'.repeat(900000) }),
  deepJson: (id) => send(35, id, '{"value":' + '['.repeat(50000) + ']'.repeat(50000) + '}'),
  wrongShape: (id) => send(36, id, { message: 5 }),
  httpAnswerToMethod: (id) => send(37, id, { status: 200, headers: {}, body: 0 }),
  bodyNobodyWants: (id) => { for (let i = 0; i < 10000; i++) send(38, id, Buffer.alloc(10)); },
  logFlood: () => { for (let i = 0; i < 10000; i++) send(42, 0, { level: 'info', text: 'x' }); },
  logShape: () => send(42, 0, { level: 'shout', text: 'x' }),
  unknownCapability: (id) => call(id, 'no.such', []),
  prototypeCapability: (id) => call(id, 'constructor', []),
  protoCapability: (id) => call(id, '__proto__', []),
  withoutPermission: (id) => call(id, 'secret', []),
  wrongArguments: (id) => call(id, 'open', { not: 'a tuple' }),
  protoArguments: (id) => { waiting = id; send(40, 7, '{"name":"echo","args":{"a":1,"__proto__":{"polluted":true},"b":{"\\\\u005f_proto__":{"polluted":true}}}}'); },
  forgedChain: (id) => { waiting = id; send(40, 7, { name: 'chain', args: {}, via: 424242 }); },
  realChain: (id) => { waiting = id; send(40, 7, { name: 'chain', args: {}, via: id }); },
  callFlood: () => { for (let i = 0; i < 20000; i++) send(40, i, { name: 'open', args: ['x'] }); },
  slowCallFlood: () => { for (let i = 0; i < 300; i++) send(40, i, { name: 'slow', args: {} }); },
  sameCallTwice: () => { send(40, 5, { name: 'slow', args: {} }); send(40, 5, { name: 'slow', args: {} }); },
  hugeAttachment: () => send(40, 5, { name: 'echo', args: {}, attachment: 1e9 }),
  manyAttachments: () => { for (let i = 0; i < 300; i++) send(40, i, { name: 'echo', args: {}, attachment: 8e6 }); },
  heldAttachments: () => { for (let i = 0; i < 6; i++) { send(40, i, { name: 'slow', args: {}, attachment: 6553600 }); for (let n = 0; n < 100; n++) send(41, i, Buffer.alloc(65536)); } },
  chunkNobodyAnnounced: () => send(41, 5, 'x'),
  longerThanAnnounced: () => { send(40, 5, { name: 'echo', args: {}, attachment: 2 }); send(41, 5, 'xxxx'); },
  storeUninvited: () => send(64, 0, 'x'),
  pongFlood: () => { for (let i = 0; i < 20000; i++) send(43, 0, { timers: 0, calls: 0 }); },
  pongShape: () => send(43, 0, { timers: -1 }),
  bootedFlood: () => { for (let i = 0; i < 20000; i++) send(32, 0); },
  partialFrame: () => { const head = Buffer.alloc(9); head.writeUInt32LE(1000, 0); head[4] = 35; socket.write(head); },
  closes: () => socket.destroy(),
  exits: () => process.exit(3),
};
const http = {
  '/status': (id) => send(37, id, { status: 99999, headers: {}, body: 0 }),
  '/split': (id) => send(37, id, { status: 200, headers: { 'x-a': 'a\\r\\nset-cookie: b=c' }, body: 0 }),
  '/name': (id) => send(37, id, { status: 200, headers: { 'x a\\n': 'b' }, body: 0 }),
  '/twice': (id) => { send(37, id, { status: 200, headers: {}, body: 10 }); send(37, id, { status: 200, headers: {}, body: 10 }); },
  '/longer': (id) => { send(37, id, { status: 200, headers: {}, body: 2 }); send(38, id, 'xxxx'); },
  '/gigantic': (id) => send(37, id, { status: 200, headers: {}, body: 1e12 }),
  '/pushy': (id) => { send(37, id, { status: 200, headers: {}, body: 30e6 }); for (let i = 0; i < 400; i++) send(38, id, Buffer.alloc(65536)); },
  '/nohead': (id) => send(35, id, { value: 1 }),
  '/ok': (id) => send(37, id, { status: 200, headers: {}, body: 0 }),
};
let waiting = 0;
const call = (id, name, args) => { waiting = id; send(40, 7, { name, args }); };
socket.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 9 && pending.length >= 9 + pending.readUInt32LE(0)) {
    const length = pending.readUInt32LE(0), type = pending[4], id = pending.readUInt32LE(5), payload = pending.subarray(9, 9 + length);
    pending = pending.subarray(9 + length);
    if (type === 1) { loadId = id; expected = JSON.parse(payload).attachment; }
    else if (type === 2 && id === loadId) { source += payload; if (source.length >= expected) send(35, id, { value: { ...REGISTERED, ...JSON.parse(/@@(.*)@@/.exec(source)?.[1] ?? '{}') } }); }
    else if (type === 6) attacks[JSON.parse(payload).args[0]](id);
    else if (type === 4) http[JSON.parse(payload).path](id);
    else if (type === 8) send(43, 0, { timers: 0, calls: 0 });
    else if (type === 10 && waiting) { send(35, waiting, { value: JSON.parse(payload) }); waiting = 0; }
  }
});
socket.on('close', () => process.exit(0));
send(32, 0);
`;

let folder: string;
let sandbox: TestSandbox;
let secretCalls = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sodium-compromised-'));
  await writeFile(path.join(folder, 'child.cjs'), CHILD);
  sandbox = await openTestSandbox({
    folder,
    limits: { methodMs: 1500, httpMs: 1500, hangWallMs: 1500, hangCpuMs: 400, settleMs: 100, backoffMs: [10] },
    capabilities: {
      open: { permission: null, args: z.tuple([z.string()]), handle: () => 'open' } as never,
      secret: { permission: 'users:read', args: z.array(z.unknown()), handle: () => ++secretCalls } as never,
      echo: { permission: null, args: z.unknown(), handle: (args) => args },
      chain: { permission: null, args: z.unknown(), handle: (_args, caller) => caller.chain },
      slow: {
        permission: null,
        args: z.unknown(),
        handle: (_args, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
      },
    },
  });
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
});

const start = async (registered: object = {}): Promise<TestPlugin> => {
  // The child reads what it shall claim to have registered from a comment in the source.
  const plugin = await sandbox.plugin(`/*@@${JSON.stringify(registered)}@@*/\nexport default () => {}`, {
    permissions: ['http:routes'],
  });
  await plugin.instance.activate();
  return plugin;
};

describe('a compromised process', () => {
  it.each(['none', 'forgedIds'])('cannot answer for others: %s', async (attack) => {
    const plugin = await start();
    expect(await plugin.instance.method('go', [attack], [])).toBe('fine');
    await plugin.instance.stop(0);
  });

  it.each([
    ['unknownCapability', /no "no.such"/],
    ['prototypeCapability', /no "constructor"/],
    ['protoCapability', /no "__proto__"/],
    ['withoutPermission', /needs the permission "users:read"/],
    ['wrongArguments', /something else than it takes/],
  ])('is refused what it may not do: %s', async (attack, message) => {
    const plugin = await start();
    const { error } = (await plugin.instance.method('go', [attack], [])) as { error: { message: string } };
    expect(error.message).toMatch(message);
    expect(secretCalls).toBe(0);
    await plugin.instance.stop(0);
  });

  it('cannot smuggle prototypes or invent a chain of calls', async () => {
    const plugin = await start();
    const { value } = (await plugin.instance.method('go', ['protoArguments'], [])) as { value: { b: object } };
    expect(value).toEqual({ a: 1, b: {} });
    expect(Object.hasOwn(value, '__proto__') || Object.hasOwn(value.b, '__proto__')).toBe(false);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(await plugin.instance.method('go', ['forgedChain'], ['outer'])).toEqual({ value: [] });
    expect(await plugin.instance.method('go', ['realChain'], ['outer'])).toEqual({ value: ['outer'] });
    await plugin.instance.stop(0);
  });

  it.each([
    'strayFlood',
    'hugeHeader',
    'unknownType',
    'typeZero',
    'panelsOwnType',
    'badJson',
    'hugeJson',
    'deepJson',
    'wrongShape',
    'httpAnswerToMethod',
    'bodyNobodyWants',
    'logFlood',
    'logShape',
    'callFlood',
    'slowCallFlood',
    'sameCallTwice',
    'hugeAttachment',
    'manyAttachments',
    'heldAttachments',
    'chunkNobodyAnnounced',
    'longerThanAnnounced',
    'storeUninvited',
    'pongFlood',
    'pongShape',
    'bootedFlood',
    'partialFrame',
    'closes',
    'exits',
  ])('is ended when it breaks the protocol: %s', { timeout: 15_000 }, async (attack) => {
    // prettier-ignore
    const plugin = await start();
    await expect(plugin.instance.method('go', [attack], [])).rejects.toMatchObject({ name: 'PluginError' });
    await until('it is ended', () => plugin.states.some(({ kind }) => kind === 'backoff'));
    await until('it is back', () => plugin.instance.state.kind === 'running');
    expect(await plugin.instance.method('go', ['none'], [])).toBe('fine');
    await plugin.instance.stop(0);
  });

  it.each<[string, 'ends' | 'lives']>([
    ['/status', 'lives'],
    ['/split', 'lives'],
    ['/name', 'lives'],
    ['/gigantic', 'lives'],
    ['/pushy', 'lives'],
    ['/twice', 'ends'],
    ['/longer', 'ends'],
    ['/nohead', 'ends'],
  ])('gets no malformed answer through: %s', { timeout: 15_000 }, async (target, outcome) => {
    const plugin = await start();
    await expect(plugin.request(target)).rejects.toThrow();
    if (outcome === 'ends') {
      await until('it is ended', () => plugin.states.some(({ kind }) => kind === 'backoff'));
      await until('it is back', () => plugin.instance.state.kind === 'running');
    }
    expect((await plugin.request('/ok')).status).toBe(200);
    await plugin.instance.stop(0);
  });

  it.each([
    ['a schedule', { crons: [{ name: 'x', expression: '* * * * *', timezone: 'UTC' }] }, /cron:register/],
    ['collections', { collections: ['a'] }, /db:own/],
    ['a hook', { hooks: [{ pattern: 'server:beforeCreate', priority: 1 }] }, /servers:read/],
    ['an unknown hook', { hooks: [{ pattern: 'nothing', priority: 1 }] }, /does not list this hook/],
    ['a page', { ui: { pages: [{ path: '/x', title: 'X' }] } }, /ui:pages/],
    ['a page that is none', { ui: { pages: [{ path: 'javascript:1', title: 'X' }] } }, /pages/],
    ['too many routes', { routes: new Array(5000).fill({ method: 'GET', path: '/' }) }, /could not start/],
  ])('cannot register without permission: %s', async (_name, registered, message) => {
    await expect(start(registered)).rejects.toThrow(message);
  });

  it('leaves nothing behind', async () => {
    await sandbox.close();
    const running = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const { readFileSync } = await import('node:fs');
    const left = running.filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  });
});
