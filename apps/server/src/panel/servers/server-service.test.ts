import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerCreate } from '@sodium/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  ADMIN,
  ALICE,
  BOB,
  openTestHosting,
  scriptTemplate,
  temporaryData,
  type TestHosting,
} from '../test-hosting.js';
import type { ServerEvent } from './server-events.js';

const SCRIPT = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), Number(process.env.SLOW ?? 0))); console.log('ready'); setInterval(() => {}, 1000);`;

let data: Awaited<ReturnType<typeof temporaryData>>;
let hosting: TestHosting;

beforeEach(async () => {
  data = await temporaryData();
  await mkdir(join(data.path, 'templates'));
  const variables = [
    { name: 'SLOW', label: 'Slowness', default: '0', pattern: '^\\d+$' },
    { name: 'MODE', label: 'Mode', options: ['a', 'b'], default: 'a' },
  ];
  await writeFile(join(data.path, 'templates', 'script.json'), scriptTemplate('script', SCRIPT, { variables }));
  await writeFile(join(data.path, 'templates', 'broken.json'), '{"id": "broken", "start": "rm -rf /"}');
  await writeFile(join(data.path, 'templates', 'torn.json'), '{"id": ');
  hosting = await openTestHosting(data.path, { sampleMs: 100 });
});
afterEach(async () => {
  await hosting.close();
  await data.remove();
});

const body = (more: Partial<ServerCreate> = {}): ServerCreate => ({
  name: 'One',
  template: 'script',
  limits: {},
  variables: {},
  ...more,
});
const create = (more?: Partial<ServerCreate>) => hosting.servers.create(ALICE, body(more));
const reach = (id: string, state: string) =>
  vi.waitFor(() => expect(hosting.servers.get(null, id).state).toBe(state), { timeout: 15_000 });

test('every shipped template starts from a name alone, answers on its port, and stops in good order', async () => {
  const shipped = hosting.servers.templates().filter((template) => template.id !== 'script');
  expect(shipped.map((template) => template.id)).toEqual(['nodejs', 'static', 'generic']);
  for (const { id: template } of shipped) {
    const { id } = await create({ template });
    await hosting.servers.power(ALICE, id, 'start');
    await reach(id, 'running');
    const port = hosting.servers.get(ALICE, id).variables['PORT'];
    if (template !== 'generic') expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    else
      await vi.waitFor(
        () => expect(hosting.servers.console(ALICE, id).some((line) => line.text.startsWith('Ready.'))).toBe(true),
        5000,
      );
    if (template === 'static') {
      expect((await fetch(`http://127.0.0.1:${port}/..%2fserve.mjs`)).status).toBe(404);
      expect((await fetch(`http://127.0.0.1:${port}/nothing`)).status).toBe(404);
    }
    await hosting.servers.power(ALICE, id, 'stop');
    await reach(id, 'offline');
    expect(hosting.servers.get(ALICE, id).lastExit).toBeUndefined();
  }
});

test('the Node.js starter answers commands', async () => {
  const { id } = await create({ template: 'nodejs' });
  await hosting.servers.power(ALICE, id, 'start');
  await reach(id, 'running');
  hosting.servers.command(ALICE, id, 'help');
  hosting.servers.command(ALICE, id, 'status');
  const text = () =>
    hosting.servers
      .console(ALICE, id)
      .map((line) => line.text)
      .join('\n');
  await vi.waitFor(() => expect(text()).toMatch(/Commands: help, status, stop[^]*Up \d+ s/), 5000);
  hosting.servers.command(ALICE, id, 'stop');
  await reach(id, 'offline');
  expect(hosting.servers.get(ALICE, id).lastExit).toMatchObject({ code: 0, crashed: false });
});

test('a plugin’s veto prevents the server, and its change is kept', async () => {
  hosting.hooks.decide = (event) =>
    event === 'server:beforeCreate' ? { plugin: 'quota', reason: 'No more servers.' } : undefined;
  await expect(create()).rejects.toMatchObject({
    status: 403,
    code: 'SERVER_CREATE_DENIED',
    message: 'No more servers.',
    extra: { plugin: 'quota' },
  });
  expect(hosting.servers.list(ALICE)).toEqual([]);
  hosting.hooks.decide = (_event, context) => {
    const draft = context as {
      user: { serverCount: number };
      server: { name: string; limits: object; variables: object };
    };
    expect(draft.user).toEqual({ ...ALICE, serverCount: 0 });
    Object.assign(draft.server, { name: 'Renamed', limits: { memoryMb: 512 }, variables: { MODE: 'b' } });
  };
  expect(await create()).toMatchObject({
    name: 'Renamed',
    limits: { memoryMb: 512 },
    variables: { MODE: 'b', SLOW: '0' },
  });
  hosting.hooks.decide = (_event, context) =>
    void Object.assign(context['server'] as object, { limits: { memoryMb: -1 } });
  await expect(create()).rejects.toMatchObject({ status: 502, code: 'SERVER_DRAFT_INVALID' });
  hosting.hooks.decide = (_event, context) =>
    void Object.assign(context['server'] as object, { variables: { MODE: 'c' } });
  await expect(create()).rejects.toMatchObject({ status: 400, code: 'INVALID_VARIABLES' });
});

test('two creations at once are counted one after the other', async () => {
  hosting.hooks.decide = (event, context) => {
    const { serverCount } = context['user'] as { serverCount: number };
    return event === 'server:beforeCreate' && serverCount >= 1
      ? { plugin: 'quota', reason: 'One is enough.' }
      : undefined;
  };
  const results = await Promise.allSettled([create(), create(), create()]);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('starting and deleting can be vetoed too', async () => {
  const { id } = await create();
  hosting.hooks.decide = (event) => ({ plugin: 'guard', reason: `not ${event}` });
  await expect(hosting.servers.power(ALICE, id, 'start')).rejects.toMatchObject({
    status: 403,
    code: 'SERVER_START_DENIED',
  });
  await expect(hosting.servers.delete(ALICE, id)).rejects.toMatchObject({ status: 403, code: 'SERVER_DELETE_DENIED' });
  expect(hosting.servers.get(ALICE, id).state).toBe('offline');
});

test('somebody else’s server does not exist; an admin sees all', async () => {
  const { id } = await create();
  const missing = { status: 404, code: 'NOT_FOUND' };
  expect(hosting.servers.list(BOB)).toEqual([]);
  expect(() => hosting.servers.get(BOB, id)).toThrow(expect.objectContaining(missing));
  await expect(hosting.servers.power(BOB, id, 'start')).rejects.toMatchObject(missing);
  await expect(hosting.servers.patch(BOB, id, { name: 'Mine' })).rejects.toMatchObject(missing);
  await expect(hosting.servers.delete(BOB, id)).rejects.toMatchObject(missing);
  await expect(hosting.servers.resources(BOB, id)).rejects.toMatchObject(missing);
  expect(() => hosting.servers.command(BOB, id, 'x')).toThrow(expect.objectContaining(missing));
  expect(hosting.servers.list(ADMIN).map((server) => server.id)).toEqual([id]);
});

test('power actions that make no sense are conflicts, and those at once are taken in turn', async () => {
  const { id } = await create({ variables: { SLOW: '300' } });
  const { servers } = hosting;
  await expect(servers.power(ALICE, id, 'stop')).rejects.toMatchObject({ status: 409, code: 'SERVER_NOT_RUNNING' });
  await expect(servers.power(ALICE, id, 'kill')).rejects.toMatchObject({ status: 409, code: 'SERVER_NOT_RUNNING' });
  const starts = await Promise.allSettled([1, 2, 3].map(() => servers.power(ALICE, id, 'start')));
  expect(starts.filter((start) => start.status === 'fulfilled')).toHaveLength(1);
  expect((starts[2] as PromiseRejectedResult).reason).toMatchObject({ status: 409, code: 'SERVER_ALREADY_RUNNING' });
  await reach(id, 'running');
  expect((await servers.power(ALICE, id, 'stop')).state).toBe('stopping');
  await expect(servers.power(ALICE, id, 'stop')).rejects.toMatchObject({ code: 'SERVER_STOPPING' });
  await expect(servers.power(ALICE, id, 'start')).rejects.toMatchObject({ code: 'SERVER_STOPPING' });
  await reach(id, 'offline');
});

test('a restart stops and starts again; a stop in between calls it off', async () => {
  const { id } = await create({ variables: { SLOW: '200' } });
  const { servers, hooks } = hosting;
  await servers.power(ALICE, id, 'restart');
  await reach(id, 'running');
  await servers.power(ALICE, id, 'restart');
  await expect(servers.power(ALICE, id, 'restart')).rejects.toMatchObject({ code: 'SERVER_RESTARTING' });
  await reach(id, 'running');
  await servers.power(ALICE, id, 'restart');
  await servers.power(ALICE, id, 'stop');
  await reach(id, 'offline');
  const changes = hooks.of('server:onStatusChange').map(({ from, to, action }) => [from, to, action]);
  expect(changes.slice(-2)).toEqual([
    ['running', 'stopping', 'restart'],
    ['stopping', 'offline', 'stop'],
  ]);
});

test('a suspended server is stopped, stays so, and says why', async () => {
  const { id } = await create();
  const { servers } = hosting;
  await servers.power(ALICE, id, 'start');
  await reach(id, 'running');
  await expect(servers.suspend(ALICE, id)).rejects.toMatchObject({ status: 403 });
  expect(await servers.suspend(null, id, 'The bill is open.')).toMatchObject({
    suspended: true,
    suspendReason: 'The bill is open.',
  });
  await reach(id, 'offline');
  await expect(servers.power(ALICE, id, 'start')).rejects.toMatchObject({
    status: 409,
    code: 'SERVER_SUSPENDED',
    message: 'The server is suspended: The bill is open.',
  });
  expect(await servers.unsuspend(ADMIN, id)).toMatchObject({ suspended: false });
  expect(servers.get(ALICE, id).suspendReason).toBeUndefined();
  await servers.power(ALICE, id, 'start');
});

test('variables are checked against the template, and limits are for admins', async () => {
  await expect(create({ variables: { SLOW: 'very' } })).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining('"SLOW" is "very"'),
  });
  await expect(create({ variables: { MODE: 'c' } })).rejects.toMatchObject({
    message: expect.stringContaining('expected one of "a", "b"'),
  });
  await expect(create({ variables: { LD_PRELOAD: 'x' } })).rejects.toMatchObject({
    message: expect.stringContaining('has no variable "LD_PRELOAD"'),
  });
  await expect(create({ variables: { PATH: 'x' } })).rejects.toMatchObject({
    message: expect.stringContaining('set by the panel'),
  });
  await expect(create({ template: 'nodejs', variables: { ENTRY: '../../x.js' } })).rejects.toMatchObject({
    status: 400,
  });
  await expect(create({ template: 'nodejs', variables: { ENTRY: '--eval=1.js' } })).rejects.toMatchObject({
    status: 400,
  });
  await expect(create({ template: 'no' })).rejects.toMatchObject({ status: 400, code: 'UNKNOWN_TEMPLATE' });
  const server = await create();
  const patched = await hosting.servers.patch(ALICE, server.id, {
    name: 'Two',
    variables: { ...server.variables, MODE: 'b' },
  });
  expect(patched).toMatchObject({ name: 'Two', variables: { MODE: 'b', PORT: server.variables['PORT'] } });
  await expect(hosting.servers.patch(ALICE, server.id, { variables: { PORT: '22' } })).rejects.toMatchObject({
    status: 400,
  });
  await expect(hosting.servers.patch(ALICE, server.id, { limits: { memoryMb: 1 } })).rejects.toMatchObject({
    status: 403,
  });
  expect(await hosting.servers.patch(ADMIN, server.id, { limits: { memoryMb: 99 } })).toMatchObject({
    limits: { memoryMb: 99 },
  });
  expect(() => hosting.servers.command(ALICE, server.id, 'a\nb')).toThrow(expect.objectContaining({ status: 400 }));
});

test('broken template files are reported and keep nothing else from working', () => {
  const problems = hosting.templates.problems.map((problem) => problem.file.split('/').at(-1));
  expect(problems).toEqual(['broken.json', 'torn.json']);
  expect(hosting.templates.problems[0]!.message).toContain('"start"');
});

test('every server has a port of its own', async () => {
  const servers = await Promise.all([
    create(),
    hosting.servers.create(BOB, body()),
    hosting.servers.create(ADMIN, body()),
  ]);
  expect(new Set(servers.map((server) => server.variables['PORT'])).size).toBe(3);
});

test('what happens is told: to hooks, to listeners, and as history', async () => {
  const heard: ServerEvent[] = [];
  hosting.servers.on((event) => heard.push(event));
  const { id } = await create();
  await hosting.servers.power(ALICE, id, 'start');
  await reach(id, 'running');
  await vi.waitFor(async () => {
    const { current, history } = await hosting.servers.resources(ALICE, id);
    expect(history.length).toBeGreaterThan(2);
    expect(current.memoryBytes).toBeGreaterThan(10e6);
  }, 10_000);
  await hosting.servers.delete(ALICE, id);
  expect(existsSync(join(data.path, 'servers', id))).toBe(false);
  const { hooks } = hosting;
  expect(hooks.of('server:onCreate')[0]).toMatchObject({
    user: ALICE,
    server: { id, state: 'offline', owner: ALICE.id },
  });
  expect(hooks.of('server:onDelete')[0]).toMatchObject({ user: ALICE, server: { id } });
  expect(hooks.of('server:resourceUsage')[0]).toMatchObject({
    server: { id },
    usage: { memoryBytes: expect.any(Number) },
  });
  expect(hooks.of('server:onStatusChange')[0]).toMatchObject({
    from: 'offline',
    to: 'starting',
    action: 'start',
    user: ALICE,
  });
  expect([...new Set(heard.map((event) => event.type))].sort()).toEqual([
    'changed',
    'console',
    'created',
    'deleted',
    'usage',
  ]);
});
