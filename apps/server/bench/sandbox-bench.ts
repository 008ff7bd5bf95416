import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandboxHost } from '../src/plugins/sandbox/sandbox-host.js';
import type { InstanceSpec, PluginInstance } from '../src/plugins/sandbox/types.js';

export interface Figure {
  what: string;
  value: number;
  unit: string;
  target: number | null;
  met: boolean | null;
}

const SOURCE = `export default (sodium) => {
  sodium.hooks.on('server:onCreate', () => {});
  sodium.http.registerRoutes((router) => router.get('/', (req, res) => res.json({ ok: true })));
}`;

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Figures of the sandbox alone, on a folder that `buildSandbox` has filled. */
export async function benchSandbox(folder: string): Promise<Figure[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sodium-bench-'));
  const serverFile = path.join(directory, 'server.js');
  await writeFile(serverFile, SOURCE);
  const cold = createSandboxHost({ folder, capabilities: {}, spare: false });
  const warm = createSandboxHost({ folder, capabilities: {}, spare: true });
  let count = 0;
  const spec = (): InstanceSpec => ({
    meta: { id: `bench-${++count}`, name: 'bench', version: '1.0.0', sodium: '1.0.0' },
    serverFile,
    hasPermission: () => true,
    onPermissionUsed: () => undefined,
    declaredHooks: ['*'],
    config: {},
    store: { kind: 'disk', directory: path.join(directory, `db-${count}`) },
    resident: false,
    onLog: () => undefined,
    onState: () => undefined,
  });
  const timed = async (instance: PluginInstance): Promise<number> => {
    const start = performance.now();
    await instance.activate();
    return performance.now() - start;
  };

  const coldMs: number[] = [];
  const warmMs: number[] = [];
  for (let round = 0; round < 7; round++) {
    const one = cold.create(spec());
    coldMs.push(await timed(one));
    await one.stop(0);
    const other = warm.create(spec());
    const ms = await timed(other);
    if (round > 0) warmMs.push(ms);
    await other.stop(0);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }

  const instance = cold.create(spec());
  await instance.activate();
  const call = (): Promise<unknown> =>
    instance.hook(0, 'server:onCreate', { user: { id: 'a' }, server: { id: 'b', name: 'c' } }, 2000);
  for (let i = 0; i < 3000; i++) await call();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < 10_000; i++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  const cpu = process.cpuUsage(before);
  const busy = process.cpuUsage();
  for (let i = 0; i < 10_000; i += 50) await Promise.all(Array.from({ length: 50 }, call));
  const busyCpu = process.cpuUsage(busy);
  const { state } = instance;
  const pid = state.kind === 'running' ? state.pid : 0;
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
  const idle = cold.create(spec());
  await idle.activate();
  const idleState = idle.state;
  const idleRollup = await readFile(`/proc/${idleState.kind === 'running' ? idleState.pid : 0}/smaps_rollup`, 'utf8');
  const idleKb = ['Private_Clean', 'Private_Dirty'].reduce(
    (sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(idleRollup)?.[1] ?? 0),
    0,
  );
  await Promise.all([cold.close(), warm.close()]);
  await rm(directory, { recursive: true, force: true });
  return [
    figure('hook round trip, p50', median(times) * 1000, 'µs', 60),
    figure('panel CPU per hook call, one at a time', (cpu.user + cpu.system) / 10_000, 'µs', null),
    figure('panel CPU per hook call, 50 at once', (busyCpu.user + busyCpu.system) / 10_000, 'µs', 11),
    figure('activation from nothing', median(coldMs), 'ms', null),
    figure('activation from the warm spare', median(warmMs), 'ms', 15),
    figure('private memory, freshly started', idleKb / 1024, 'MB', 13),
    figure(
      'private memory after 23 000 calls',
      (kilobytes('Private_Clean') + kilobytes('Private_Dirty')) / 1024,
      'MB',
      null,
    ),
  ];
}

function figure(what: string, value: number, unit: string, target: number | null): Figure {
  return { what, value: Math.round(value * 100) / 100, unit, target, met: target === null ? null : value <= target };
}
