import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HookBus, type HookSubscriber } from '../src/plugins/hooks/hook-bus.js';
import { createSandboxHost } from '../src/plugins/sandbox/sandbox-host.js';
import type { InstanceSpec, PluginInstance } from '../src/plugins/sandbox/types.js';
import { figures, type Bench } from './figure.js';
import { interleave, median } from './statistics.js';

const SANDBOX = fileURLToPath(new URL('../sandbox', import.meta.url));
const ROUNDS = 7;
const CALLS = 2000;
const SILENT_CALLS = 100_000;
const SOURCE = "export default (sodium) => sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.server.name === 'forbidden') ctx.deny('no'); });";

const user = { id: 'u1', username: 'admin', role: 'admin' as const, serverCount: 3 };
const CONTEXT = { user, server: { name: 'web', template: 'nodejs-app', limits: { memoryMb: 512 }, variables: { PORT: '3000' } } } as never;

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
  const cpu: number[] = [];
  const times = await interleave(ROUNDS, {
    announce: () => announce(silent),
    silentVeto: () => silentVeto(silent),
    listener: async () => {
      const before = process.cpuUsage();
      const took = await raise(heard, CALLS);
      const used = process.cpuUsage(before);
      cpu.push((used.user + used.system) / CALLS);
      return took;
    },
  });
  const { atMost } = figures('hooks');
  return [
    atMost('event without listeners', times.of('announce'), 'µs', 1),
    atMost('veto hook without listeners', times.of('silentVeto'), 'µs', 1),
    atMost('hook with one sandboxed listener, p50', times.of('listener'), 'µs', 60),
    atMost('the same, CPU of the panel per call', median(cpu), 'µs', 11),
  ];
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
async function raise(bus: HookBus, calls: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < calls; n++) {
    const began = performance.now();
    const result = await bus.before('server:beforeCreate', CONTEXT);
    times.push((performance.now() - began) * 1000);
    if (result.kind !== 'allowed') throw new Error(`The hook was denied: ${result.reason}`);
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
