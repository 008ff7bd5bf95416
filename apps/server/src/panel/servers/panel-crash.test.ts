import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Server } from '@sodium/contract';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { scriptTemplate, temporaryData } from '../test-hosting.js';
import type { Isolation } from './isolation/isolation.js';

/** Starts a child in its group and one that leaves the group and its parent; nobody of them listens to SIGTERM. */
const STUBBORN = `
import { spawn } from 'node:child_process';
process.on('SIGTERM', () => undefined);
const body = 'process.on("SIGTERM", () => {}); process.on("SIGHUP", () => {}); setInterval(() => {}, 1000)';
const near = spawn(process.execPath, ['-e', body], { stdio: 'ignore' });
const far = spawn(process.execPath, ['-e', body], { stdio: 'ignore', detached: true });
far.unref();
console.log('ready');
setInterval(() => undefined, 1000);
`;
const QUIET = `process.on('SIGTERM', () => process.exit(0)); console.log('ready'); setInterval(() => {}, 1000);`;

const NOBODY = 65_534;
const bundle = join(dirname(fileURLToPath(import.meta.url)), '../../../node_modules/.cache/panel-host.mjs');
let data: Awaited<ReturnType<typeof temporaryData>>;
let hosts: Host[] = [];

beforeAll(async () => {
  await mkdir(dirname(bundle), { recursive: true });
  await build({
    entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'panel-host.fixture.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // The workspace's own packages are TypeScript; everything else is found in node_modules.
    plugins: [
      {
        name: 'externals',
        setup: (set) =>
          void set.onResolve({ filter: /^[^./]/ }, ({ path }) =>
            path.startsWith('@sodium/') || path.startsWith('/') ? null : { path, external: true },
          ),
      },
    ],
  });
});
afterAll(() => rm(bundle, { force: true }));

beforeEach(async () => {
  data = await temporaryData();
  await mkdir(join(data.path, 'templates'));
  await writeFile(
    join(data.path, 'templates', 'stubborn.json'),
    scriptTemplate('stubborn', STUBBORN, { stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 1 } }),
  );
  await writeFile(join(data.path, 'templates', 'quiet.json'), scriptTemplate('quiet', QUIET));
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) await host.kill();
  await vi.waitFor(() => expect(serverProcesses()).toEqual([]), 15_000);
  await data.remove();
});

class Host {
  static async start(isolation: string, uid?: number): Promise<Host> {
    // A group of its own, as a panel in a terminal has.
    const child = fork(bundle, [data.path, isolation, '41500'], {
      detached: true,
      execArgv: [],
      silent: true,
      ...(uid ? { uid, gid: uid } : {}),
    });
    const host = new Host(child);
    hosts.push(host);
    host.isolation = ((await host.#answer()) as { isolation: Isolation }).isolation;
    return host;
  }
  isolation!: Isolation;
  constructor(readonly child: ChildProcess) {}

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null): void =>
        reject(new Error(`The host ended: ${code ?? signal}`));
      this.child.once('exit', onExit);
      this.child.once('message', (answer) => {
        this.child.off('exit', onExit);
        resolve(answer);
      });
    });
  }
  async ask<T>(message: object): Promise<T> {
    const answer = this.#answer();
    this.child.send(message);
    return (await answer) as T;
  }
  async list(): Promise<(Server & { console: string[] })[]> {
    return (await this.ask<{ items: (Server & { console: string[] })[] }>({ do: 'list' })).items;
  }
  async startServer(template: string): Promise<string> {
    const { id } = await this.ask<Server>({ do: 'create', template });
    await this.ask({ do: 'power', id, action: 'start' });
    await vi.waitFor(
      async () => expect((await this.list()).find((server) => server.id === id)!.state).toBe('running'),
      15_000,
    );
    return id;
  }
  async kill(group = false): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    process.kill(group ? -this.child.pid! : this.child.pid!, 'SIGKILL');
    await gone;
  }
}

/** Processes that carry the mark of a server below this test's folder. */
function serverProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`HOME=${data.path}/servers/`);
      } catch {
        return false;
      }
    });
}

describe.each(['auto', 'none'])('with isolation "%s"', (isolation) => {
  test.each([false, true])(
    'after kill -9 of the panel (its whole group: %s) no process of a server is left, and servers come back',
    async (group) => {
      const first = await Host.start(isolation);
      const stubborn = await first.startServer('stubborn');
      const quiet = await first.startServer('quiet');
      const stopped = await first.startServer('quiet');
      await first.ask({ do: 'power', id: stopped, action: 'stop' });
      await vi.waitFor(() => expect(serverProcesses()).toHaveLength(4), 10_000);
      await first.kill(group);
      // Nobody starts the panel again: the watchdog alone has to do it.
      await vi.waitFor(() => expect(serverProcesses()).toEqual([]), 15_000);
      const second = await Host.start(isolation);
      await vi.waitFor(async () => {
        const states = Object.fromEntries((await second.list()).map((server) => [server.id, server.state]));
        expect(states).toEqual({ [stubborn]: 'running', [quiet]: 'running', [stopped]: 'offline' });
      }, 15_000);
      expect(serverProcesses()).toHaveLength(4);
    },
  );

  test('a panel that starts at once after a kill finds its servers once, not twice', async () => {
    let host = await Host.start(isolation);
    const id = await host.startServer('stubborn');
    for (let round = 0; round < 3; round++) {
      await host.kill();
      host = await Host.start(isolation);
      await vi.waitFor(async () => expect((await host.list())[0]).toMatchObject({ id, state: 'running' }), 15_000);
    }
    await vi.waitFor(() => expect(serverProcesses()).toHaveLength(3), 10_000);
  });

  test('killed at any moment while servers start and stop, it leaves nothing behind', async () => {
    const rounds = Number(process.env['KILL_ROUNDS'] ?? 5);
    let host = await Host.start(isolation);
    const ids: string[] = [];
    for (let index = 0; index < 3; index++)
      ids.push((await host.ask<Server>({ do: 'create', template: 'stubborn' })).id);
    for (let round = 0; round < rounds; round++) {
      for (const id of ids) host.child.send({ do: 'power', id, action: Math.random() < 0.7 ? 'start' : 'stop' });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
      await host.kill();
      await vi.waitFor(() => expect(serverProcesses()).toEqual([]), 15_000);
      host = await Host.start(isolation);
    }
  }, 120_000);

  test('when the watchdog is killed as well, the next start cleans up', async () => {
    const first = await Host.start(isolation);
    const id = await first.startServer('stubborn');
    const { watchdog } = JSON.parse(readFileSync(join(data.path, 'servers', '.watchdog.json'), 'utf8')) as {
      watchdog: { pid: number };
    };
    const before = serverProcesses();
    process.kill(first.child.pid!, 'SIGSTOP'); // It must not see that its watchdog is gone.
    process.kill(watchdog.pid, 'SIGKILL');
    await first.kill();
    expect(serverProcesses()).toEqual(before);
    const second = await Host.start(isolation);
    await vi.waitFor(async () => expect((await second.list())[0]).toMatchObject({ id, state: 'running' }), 15_000);
    const after = serverProcesses();
    expect(after).toHaveLength(3);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  });
});

test('an orderly end of the panel stops servers by their own procedure, and the next start brings them back', async () => {
  const first = await Host.start('auto');
  const id = await first.startServer('nodejs');
  const { items } = await first.ask<{ items: (Server & { console: string[] })[] }>({ do: 'close' });
  expect(items[0]!.state).toBe('offline');
  expect(items[0]!.console).toContain('Stopping');
  expect(serverProcesses()).toEqual([]);
  expect(existsSync(join(data.path, 'servers', '.watchdog.json'))).toBe(false);
  const second = await Host.start('auto');
  await vi.waitFor(async () => expect((await second.list())[0]).toMatchObject({ id, state: 'running' }), 15_000);
});

test('a second panel on the same folder is refused', async () => {
  await Host.start('none');
  await expect(Host.start('none')).rejects.toThrow('The host ended');
});

test.runIf(process.getuid?.() === 0)('a panel that is not root uses bubblewrap where that works', async (context) => {
  await chown(data.path, NOBODY, NOBODY);
  await chown(join(data.path, 'templates'), NOBODY, NOBODY);
  await chmod(join(data.path, 'templates'), 0o755);
  const host = await Host.start('auto', NOBODY);
  if (host.isolation.kind !== 'bubblewrap') return context.skip();
  const id = await host.startServer('nodejs');
  await host.ask({ do: 'power', id, action: 'stop' });
  await vi.waitFor(async () => expect((await host.list())[0]!.state).toBe('offline'), 15_000);
  expect((await host.list())[0]!.console).toContain('Stopping');
  await host.ask({ do: 'power', id, action: 'start' });
  await host.kill();
});
