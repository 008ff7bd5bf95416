import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { HookBus, type HookSubscriber } from '../src/plugins/hooks/hook-bus.js';
import { createSandboxHost } from '../src/plugins/sandbox/sandbox-host.js';
import type { InstanceSpec, PluginInstance } from '../src/plugins/sandbox/types.js';
import { figures, type Bench } from './figure.js';
import { interleave, median } from './statistics.js';

const SANDBOX = fileURLToPath(new URL('../sandbox', import.meta.url));
const ROUNDS = 7;
const CALLS = 2000;
const CPU_CALLS = 10_000;
const IN_FLIGHT = 64;
const SILENT_CALLS = 100_000;
const SOURCE =
  "export default (sodium) => sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.server.name === 'forbidden') ctx.deny('no'); });";

const ECHO =
  "const s = new (require('net').Socket)({ fd: 3, readable: true, writable: true }); s.on('data', (d) => s.write(d));";

const user = { id: 'u1', username: 'admin', role: 'admin' as const, serverCount: 3 };
const CONTEXT = {
  user,
  server: { name: 'web', template: 'nodejs-app', limits: { memoryMb: 512 }, variables: { PORT: '3000' } },
} as never;

/** What raising a hook costs: when nobody listens, and with one listener in its sandbox. */
export const hookBench: Bench = {
  name: 'hooks',
  async run() {
    const directory = await mkdtemp(path.join(tmpdir(), 'sodium-bench-'));
    const host = createSandboxHost({ folder: SANDBOX, capabilities: {}, spare: false });
    try {
      const instance = host.create(await spec(directory));
      await instance.activate();
      return await measure(instance);
    } finally {
      await host.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function measure(instance: PluginInstance) {
  const silent = new HookBus();
  const heard = new HookBus();
  heard.subscribe(subscriber(instance));
  for (let warm = 0; warm < 2; warm++) {
    await raise(heard, CALLS);
    await announce(silent);
    await silentVeto(silent);
  }
  const echo = startEcho();
  const times = await interleave(ROUNDS, {
    announce: () => announce(silent),
    silentVeto: () => silentVeto(silent),
    listener: () => raise(heard, CALLS),
    echo: () => raise(echo, CALLS),
    listenerCpu: () => cpuPerCall(heard),
    echoCpu: () => cpuPerCall(echo),
  });
  echo.end();
  const { atMost, told } = figures('hooks');
  const from = { 'µs of a bare socket': times.of('echo') };
  return [
    atMost('event without listeners', times.of('announce'), 'µs', 1),
    atMost('veto hook without listeners', times.of('silentVeto'), 'µs', 1),
    atMost('hook with one sandboxed listener, p50', times.of('listener'), 'µs', 60, { from }),
    told('the same against a bare socket to a bare process', times.ratio('listener', 'echo'), 'x'),
    atMost(`the same, CPU of the panel per call, ${IN_FLIGHT} in flight`, times.of('listenerCpu'), 'µs', 11, {
      from: { 'µs of a bare socket': times.of('echoCpu') },
    }),
  ];
}

interface Raiser {
  before(event: 'server:beforeCreate', context: never): Promise<{ kind: string }>;
}

/** The baseline: a process that sends back what it gets, over the same kind of socket, with nothing in between. */
function startEcho(): Raiser & { end(): void } {
  const child = spawn(process.execPath, ['-e', ECHO], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  os.setPriority(child.pid!, 10);
  const stream = child.stdio[3] as Duplex;
  const message = Buffer.alloc(300);
  const waiting: (() => void)[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    for (bytes += chunk.length; bytes >= message.length; bytes -= message.length) waiting.shift()?.();
  });
  return {
    before: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ kind: 'allowed' }));
        stream.write(message);
      }),
    end: () => child.kill('SIGKILL'),
  };
}

/** CPU of this process per call, in microseconds. */
async function cpuPerCall(raiser: Raiser): Promise<number> {
  const before = process.cpuUsage();
  let left = CPU_CALLS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await raiser.before('server:beforeCreate', CONTEXT);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / CPU_CALLS;
}

async function announce(bus: HookBus): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < SILENT_CALLS; n++) bus.after('server:onCreate', () => CONTEXT);
  return ((performance.now() - began) / SILENT_CALLS) * 1000;
}

async function silentVeto(bus: HookBus): Promise<number> {
  const began = performance.now();
  for (let n = 0; n < SILENT_CALLS; n++) await bus.before('server:beforeCreate', CONTEXT);
  return ((performance.now() - began) / SILENT_CALLS) * 1000;
}

/** The median of many calls, one after another. */
async function raise(bus: Raiser, calls: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const began = performance.now();
    const result = await bus.before('server:beforeCreate', CONTEXT);
    times.push((performance.now() - began) * 1000);
    if (result.kind !== 'allowed') throw new Error('The hook was denied.');
  }
  return median(times);
}

function subscriber(instance: PluginInstance): HookSubscriber {
  return {
    plugin: instance.id,
    name: instance.id,
    order: 0,
    handlers: [{ pattern: 'server:beforeCreate', priority: 10 }],
    mayListen: () => true,
    onError: () => 'deny',
    call: (handler, event, context, deadlineMs) => instance.hook(handler, event, context, deadlineMs),
    warn: (message) => console.error(message),
  };
}

async function spec(directory: string): Promise<InstanceSpec> {
  const serverFile = path.join(directory, 'server.js');
  await writeFile(serverFile, SOURCE);
  return {
    meta: { id: 'bench', name: 'bench', version: '1.0.0', sodium: '1.0.0' },
    serverFile,
    hasPermission: () => true,
    onPermissionUsed: () => undefined,
    declaredHooks: ['server:beforeCreate'],
    config: {},
    store: { kind: 'disk', directory: path.join(directory, 'db') },
    resident: true,
    onLog: () => undefined,
    onState: () => undefined,
  };
}
