import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryData } from '../test-hosting.js';
import { noIsolation } from './isolation/isolation.js';
import { LocalRuntime } from './local-runtime.js';
import type { RuntimeEvent, ServerExit, ServerSpec } from './runtime.js';

let data: Awaited<ReturnType<typeof temporaryData>>;
let runtime: LocalRuntime;
let events: RuntimeEvent[];

beforeEach(async () => {
  data = await temporaryData();
  await mkdir(join(data.path, 'servers'));
  runtime = await LocalRuntime.open({
    directory: join(data.path, 'servers'),
    isolation: noIsolation('test'),
    sampleMs: 100,
  });
  events = [];
  runtime.events((event) => events.push(event));
});
afterEach(async () => {
  await runtime.close(1000);
  await data.remove();
});

async function make(script: string, more: Partial<ServerSpec> = {}): Promise<ServerSpec> {
  const spec: ServerSpec = {
    id: 'server-1',
    number: 1,
    files: { 'main.mjs': script },
    install: [],
    start: [process.execPath, 'main.mjs'],
    env: { PORT: '41000' },
    ready: { pattern: '^ready', timeoutSeconds: 20 },
    stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 10 },
    limits: {},
    ...more,
  };
  await runtime.create(spec);
  return spec;
}

const states = (): string[] => events.flatMap((event) => (event.type === 'state' ? [event.to] : []));
const text = (): string[] => runtime.attach('server-1').map((line) => `${line.stream}: ${line.text}`);
const reach = (state: string) => vi.waitFor(() => expect(runtime.state('server-1')).toBe(state), { timeout: 15_000 });
const lastExit = (): ServerExit | undefined =>
  events.flatMap((event) => (event.type === 'state' && event.exit ? [event.exit] : [])).at(-1);
const exists = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

test('it is starting until its output says that it is ready, takes commands, and stops when asked', async () => {
  const spec = await make(`
    process.stdin.on('data', (data) => console.log('got ' + String(data).trim()));
    process.on('SIGTERM', () => { console.log('bye'); process.exit(3); });
    setTimeout(() => console.log('ready'), 200);`);
  await runtime.start(spec);
  expect(runtime.state('server-1')).toBe('starting');
  await reach('running');
  runtime.command('server-1', 'hello');
  await vi.waitFor(() => expect(text()).toContain('out: got hello'));
  await runtime.stop('server-1');
  expect(states()).toEqual(['starting', 'running', 'stopping', 'offline']);
  expect(text()).toEqual(['out: ready', 'in: hello', 'out: got hello', 'out: bye']);
  // However it ends after being asked to: it did as it was told.
  expect(lastExit()).toMatchObject({ code: 3, crashed: false });
});

test('a stop command goes to its input', async () => {
  const spec = await make(
    `console.log('ready'); process.stdin.on('data', (data) => String(data) === 'end\\n' && process.exit(0));`,
    {
      stop: { type: 'command', command: 'end', graceSeconds: 10 },
    },
  );
  await runtime.start(spec);
  await reach('running');
  await runtime.stop('server-1');
  expect(lastExit()).toMatchObject({ code: 0, signal: null, crashed: false });
});

test('one that does not stop is killed after the grace, with everything it started', async () => {
  const spec = await make(
    `import { spawn } from 'node:child_process';
     process.on('SIGTERM', () => undefined);
     // One that leaves the group and lets itself be adopted.
     const away = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
     away.unref();
     console.log('ready ' + away.pid);
     setInterval(() => undefined, 1000);`,
    { stop: { type: 'signal', signal: 'SIGTERM', graceSeconds: 0.3 } },
  );
  await runtime.start(spec);
  await reach('running');
  const away = Number(/ready (\d+)/.exec(text().join())![1]);
  expect(exists(away)).toBe(true);
  await runtime.stop('server-1');
  expect(lastExit()).toMatchObject({ signal: 'SIGKILL' });
  expect(exists(away)).toBe(false);
});

test('an end that nobody asked for is a crash, and says how', async () => {
  const spec = await make(`console.log('ready'); setTimeout(() => process.exit(7), 50);`);
  await runtime.start(spec);
  await reach('offline');
  expect(lastExit()).toMatchObject({ code: 7, crashed: true, message: 'It ended unexpectedly with exit code 7.' });
  expect(text()).toContain('panel: It ended unexpectedly with exit code 7.');
});

test('a program that does not exist is named', async () => {
  const spec = await make('', { start: ['no-such-program'] });
  await expect(runtime.start(spec)).rejects.toMatchObject({
    code: 'SERVER_START_FAILED',
    message: expect.stringContaining('"no-such-program"'),
  });
  expect(runtime.state('server-1')).toBe('offline');
});

test('one that never says it is ready counts as running after a time', async () => {
  const spec = await make(`setInterval(() => undefined, 1000)`, { ready: { pattern: 'never', timeoutSeconds: 0.2 } });
  await runtime.start(spec);
  await reach('running');
});

test('its environment holds nothing of the panel’s', async () => {
  process.env['SECRET_OF_THE_PANEL'] = 'x';
  const spec = await make(`console.log(JSON.stringify(process.env)); console.log('ready')`);
  await runtime.start(spec);
  await reach('offline');
  delete process.env['SECRET_OF_THE_PANEL'];
  const env = JSON.parse(text()[0]!.slice('out: '.length)) as Record<string, string>;
  expect(Object.keys(env).sort()).toEqual(['HOME', 'LANG', 'PATH', 'PORT', 'SODIUM_SERVER_ID', 'TERM']);
  expect(env['HOME']).toBe(join(data.path, 'servers', 'server-1'));
});

test('CPU and memory are those of the whole tree', async () => {
  const spec = await make(`
    import { spawn } from 'node:child_process';
    spawn(process.execPath, ['-e', 'const kept = Buffer.alloc(150e6, 1); for (;;) kept[0]++'], { stdio: 'inherit' });
    console.log('ready');`);
  await runtime.start(spec);
  await vi.waitFor(async () => {
    const usage = await runtime.stats('server-1');
    expect(usage.memoryBytes).toBeGreaterThan(180e6);
    expect(usage.cpu).toBeGreaterThan(15);
    expect(usage.uptimeMs).toBeGreaterThan(0);
    expect(usage.diskBytes).toBeGreaterThan(0);
  }, 15_000);
  await runtime.kill('server-1');
  expect(lastExit()).toMatchObject({ crashed: false });
});

test('above its memory limit it is ended, and told why', async () => {
  const spec = await make(
    `console.log('ready'); const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 20);`,
    { limits: { memoryMb: 200 } },
  );
  await runtime.start(spec);
  await reach('offline');
  expect(lastExit()).toMatchObject({
    crashed: true,
    message: expect.stringMatching(/^It was ended because it used \d+ MiB of memory; its limit is 200 MiB\.$/),
  });
});

test('a CPU limit holds for the whole tree, and it can still be stopped in good order', async () => {
  const spec = await make(
    `import { spawn } from 'node:child_process';
     spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'inherit' });
     process.on('SIGTERM', () => process.exit(5));
     console.log('ready');
     const spin = () => { const end = Date.now() + 20; while (Date.now() < end); setTimeout(spin, 0); };
     spin();`,
    { limits: { cpu: 30 } },
  );
  await runtime.start(spec);
  await reach('running');
  const usages = () => events.flatMap((event) => (event.type === 'usage' ? [event.usage.cpu] : [])).slice(5);
  await vi.waitFor(() => expect(usages().length).toBeGreaterThanOrEqual(25), { timeout: 15_000 });
  const mean = usages().reduce((sum, cpu) => sum + cpu, 0) / usages().length;
  expect(mean).toBeLessThan(60);
  expect(mean).toBeGreaterThan(5);
  await runtime.stop('server-1');
  expect(lastExit()).toMatchObject({ code: 5, crashed: false });
}, 30_000);

test('a flood of output does not hurt the panel', async () => {
  const spec = await make(`
    console.log('ready');
    const chunk = 'y\\n'.repeat(500_000);
    const write = () => { while (process.stdout.write(chunk)); process.stdout.once('drain', write); };
    write();`);
  await runtime.start(spec);
  await reach('running');
  const before = process.cpuUsage();
  let worst = 0;
  let last = performance.now();
  const ticks = setInterval(() => {
    worst = Math.max(worst, performance.now() - last);
    last = performance.now();
  }, 5);
  const start = performance.now();
  await vi.waitFor(() => expect(performance.now() - start).toBeGreaterThan(2000), { timeout: 10_000, interval: 100 });
  clearInterval(ticks);
  const used = process.cpuUsage(before);
  const lines = events.filter((event) => event.type === 'console').length;
  expect((used.user + used.system) / 1000).toBeLessThan(1000);
  expect(worst).toBeLessThan(250);
  expect(lines).toBeLessThan(8000);
  expect(text().some((line) => line.startsWith('panel: Too much output at once'))).toBe(true);
  await runtime.kill('server-1');
});

test('install commands run before, and a failed one says which', async () => {
  const spec = await make('', {
    files: {
      'good.mjs': `import { writeFileSync } from 'node:fs'; writeFileSync('made.txt', 'x')`,
      'bad.mjs': 'process.exit(4)',
    },
    install: [
      [process.execPath, 'good.mjs'],
      [process.execPath, 'bad.mjs'],
    ],
  });
  const installed = runtime.install(spec);
  expect(runtime.state('server-1')).toBe('installing');
  expect(await installed).toMatchObject({
    crashed: true,
    code: 4,
    message: expect.stringContaining('ended with code 4'),
  });
  expect(existsSync(join(data.path, 'servers', 'server-1', 'made.txt'))).toBe(true);
  expect(states()).toEqual(['installing', 'offline']);
});

test('deleting ends the processes and removes the folder', async () => {
  const spec = await make(`console.log('ready ' + process.pid); setInterval(() => undefined, 1000)`);
  await runtime.start(spec);
  await reach('running');
  const pid = Number(/ready (\d+)/.exec(text().join())![1]);
  await runtime.delete('server-1');
  expect(exists(pid)).toBe(false);
  expect(existsSync(join(data.path, 'servers', 'server-1'))).toBe(false);
});
