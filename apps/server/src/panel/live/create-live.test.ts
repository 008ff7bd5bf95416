import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LIVE_PATH,
  type ClientToServer,
  type ConsoleLine,
  type ServerToClient,
  type ShownView,
} from '@sodium/contract';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestHosting, scriptTemplate, temporaryData, type TestHosting } from '../test-hosting.js';
import type { LoggedIn } from '../users/account-service.js';
import { createLive, type Live } from './create-live.js';

type Client = Socket<ServerToClient, ClientToServer>;
type Answer = { ok: true; value: unknown } | { ok: false; error: { code: string } };

let data: Awaited<ReturnType<typeof temporaryData>>;
let hosting: TestHosting;
let http: HttpServer;
let live: Live;
let port: number;
let clients: Client[];
let admin: LoggedIn;
let alice: LoggedIn;
let bob: LoggedIn;

let shown: ShownView[];

beforeEach(async () => {
  data = await temporaryData();
  await mkdir(join(data.path, 'templates'));
  const script = `
    process.stdin.on('data', (data) => {
      if (String(data).startsWith('flood')) for (let line = 0; line < 150; line++) console.log('line ' + line);
      else console.log('got ' + String(data).trim());
    });
    console.log('ready');`;
  await writeFile(join(data.path, 'templates', 'script.json'), scriptTemplate('script', script));
  hosting = await openTestHosting(data.path, { sampleMs: 100 });
  http = createServer();
  shown = [];
  live = createLive(http, { ...hosting, shown: (view) => void shown.push(view) });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  port = (http.address() as AddressInfo).port;
  clients = [];
  const person = (username: string) =>
    hosting.accounts.register({ username, email: `${username}@example.com`, password: 'correct horse' }, { ip: '' });
  admin = await person('admin');
  alice = await person('alice');
  bob = await person('bob');
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  await live.close();
  http.close();
  await hosting.close();
  await data.remove();
});

function open(token: string | null, headers: Record<string, string> = {}, transport = 'websocket', auth = {}): Client {
  const cookie: Record<string, string> = token === null ? {} : { cookie: `sodium_session=${token}` };
  const extraHeaders = { ...cookie, ...headers };
  const client: Client = io(`http://127.0.0.1:${port}`, {
    path: LIVE_PATH,
    transports: [transport],
    extraHeaders,
    auth,
    forceNew: true,
    reconnection: false,
  });
  clients.push(client);
  return client;
}
async function connect(token: string, headers?: Record<string, string>, transport?: string): Promise<Client> {
  const client = open(token, headers, transport);
  await new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject));
  return client;
}
const refused = (client: Client): Promise<boolean> =>
  new Promise((resolve) => client.once('connect', () => resolve(false)).once('connect_error', () => resolve(true)));
const ask = (client: Client, event: string, message: unknown): Promise<Answer> =>
  (client as unknown as { timeout(ms: number): { emitWithAck(event: string, message: unknown): Promise<Answer> } })
    .timeout(5000)
    .emitWithAck(event, message);
async function runningServer(): Promise<string> {
  const { id } = await hosting.servers.create(alice.user, {
    name: 'One',
    template: 'script',
    limits: {},
    variables: {},
  });
  await hosting.servers.power(alice.user, id, 'start');
  await vi.waitFor(() => expect(hosting.servers.get(null, id).state).toBe('running'), 15_000);
  return id;
}

test('only a session connects, and only from a page of the same host', async () => {
  for (const transport of ['websocket', 'polling']) {
    expect(await refused(open(null, {}, transport))).toBe(true);
    expect(await refused(open('guess', {}, transport))).toBe(true);
    expect(await refused(open(alice.token, { origin: 'http://evil.example' }, transport))).toBe(true);
    expect(await refused(open(alice.token, { origin: 'null' }, transport))).toBe(true);
    expect((await connect(alice.token, { origin: `http://127.0.0.1:${port}` }, transport)).connected).toBe(true);
    expect((await connect(alice.token, {}, transport)).connected).toBe(true);
  }
});

test('console lines come in order, commands go in, and a reconnect gets what it missed', async () => {
  const id = await runningServer();
  const client = await connect(alice.token);
  const lines: ConsoleLine[] = [];
  client.on('server:console', (event) => lines.push(...event.lines));
  expect(await ask(client, 'console:subscribe', { server: id })).toMatchObject({
    ok: true,
    value: { lines: [{ seq: 1, text: 'ready' }] },
  });
  expect(await ask(client, 'console:command', { server: id, command: 'flood' })).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(lines.at(-1)?.text).toBe('line 149'), 5000);
  expect(lines.map((line) => line.seq)).toEqual(Array.from({ length: 151 }, (_, index) => index + 2));
  client.disconnect();
  hosting.servers.command(alice.user, id, 'x');
  await vi.waitFor(() => expect(hosting.servers.console(alice.user, id).at(-1)?.text).toBe('got x'), 5000);
  const again = await ask(await connect(alice.token), 'console:subscribe', { server: id, after: lines.at(-1)!.seq });
  expect(again).toMatchObject({
    value: {
      lines: [
        { stream: 'in', text: 'x' },
        { stream: 'out', text: 'got x' },
      ],
    },
  });
});

test('what a page shows of plugins is heard once in a while, and not from what is no such message', async () => {
  const client = await connect(alice.token);
  const page = { plugin: 'billing', place: 'page' };
  for (const message of [
    { shown: [page, { plugin: 'billing', place: 'everywhere' }] },
    { shown: Array.from({ length: 1001 }, () => page) },
    null,
    { shown: [page, { plugin: 'billing', place: 'sidebar' }, page] },
    { shown: [page] },
  ])
    client.emit('plugins:shown', message as never);
  await vi.waitFor(() => expect(shown).toHaveLength(2), 5000);
  // The messages of one connection arrive in order: what is answered now was sent last.
  await ask(client, 'console:unsubscribe', { server: 'none' });
  expect(shown).toEqual([page, { plugin: 'billing', place: 'sidebar' }]);
});

test('what changed before a page was connected, or while it was away, is told to it, and to nobody who may not see it', async () => {
  const id = await runningServer();
  const listen = (token: string, away?: number): { events: [string, unknown][] } => {
    const events: [string, unknown][] = [];
    open(token, {}, 'websocket', { away }).onAny((event: string, data: unknown) => void events.push([event, data]));
    return { events };
  };
  await vi.waitFor(() => expect(hosting.servers.latestUsage(alice.user)).toHaveLength(1), 5000);
  for (const away of [undefined, 3_600_000, -1]) {
    const hers = listen(alice.token, away);
    await vi.waitFor(() => expect(hers.events.map(([event]) => event)).toContain('server:usage'), 5000);
    expect(hers.events).toContainEqual(['server:state', expect.objectContaining({ id, state: 'running' })]);
  }
  const [his, all] = [listen(bob.token), listen(admin.token)];
  await vi.waitFor(() => expect(all.events.map(([event]) => event)).toContain('server:state'), 5000);
  await hosting.servers.delete(alice.user, id);
  await vi.waitFor(() => expect(all.events).toContainEqual(['server:deleted', { id }]), 5000);
  const later = listen(alice.token);
  await vi.waitFor(() => expect(later.events).toEqual([['server:deleted', { id }]]), 5000);
  expect(his.events).toEqual([]);
});

test('somebody else hears nothing of a server and cannot reach it; an admin can', async () => {
  const id = await runningServer();
  const [his, hers, all] = await Promise.all([connect(bob.token), connect(alice.token), connect(admin.token)]);
  const heard: Record<string, string[]> = { his: [], hers: [], all: [] };
  for (const [name, client] of Object.entries({ his, hers, all }))
    client.onAny((event: string) => heard[name]!.push(event));
  for (const event of ['console:subscribe', 'console:command'])
    expect(await ask(his, event, { server: id, command: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND' },
    });
  expect(await ask(all, 'console:subscribe', { server: id })).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(heard['all']!).toContain('server:usage'), 5000);
  await hosting.servers.power(alice.user, id, 'stop');
  await vi.waitFor(
    () => expect(heard['hers']!.filter((event) => event === 'server:state').length).toBeGreaterThan(1),
    10_000,
  );
  await hosting.servers.delete(alice.user, id);
  await vi.waitFor(() => expect(heard['hers']).toContain('server:deleted'), 5000);
  expect(heard['his']).toEqual([]);
});

test('a message is checked, told to plugins, and refused when there are too many', async () => {
  const id = await runningServer();
  const client = await connect(alice.token);
  for (const message of [null, 'x', { server: 5 }, { server: id }, { server: id, command: 'x'.repeat(3000) }])
    expect(await ask(client, 'console:command', message)).toMatchObject({
      ok: false,
      error: { code: 'INVALID_MESSAGE' },
    });
  expect(hosting.hooks.of('ws:message')).toEqual([]);
  await ask(client, 'console:command', { server: id, command: 'hello' });
  expect(hosting.hooks.of('ws:message')).toEqual([
    {
      user: { id: alice.user.id, username: 'alice', role: 'user' },
      server: id,
      message: { event: 'console:command', server: id, command: 'hello' },
    },
  ]);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => ask(client, 'console:unsubscribe', { server: id })),
  );
  expect(answers.some((answer) => !answer.ok && answer.error.code === 'TOO_MANY_MESSAGES')).toBe(true);
  // Without anything to answer to, and with rubbish: nothing breaks.
  (client as unknown as { emit(event: string, ...args: unknown[]): void }).emit(
    'console:command',
    { server: id },
    'not a function',
  );
  expect(client.connected).toBe(true);
});

test('a message that is too large, and a flood, end the connection', async () => {
  const id = await runningServer();
  const large = await connect(alice.token);
  const gone = new Promise((resolve) => large.once('disconnect', resolve));
  large.emit('console:command', { server: id, command: 'x'.repeat(100_000) }, () => undefined);
  await gone;
  const loud = await connect(alice.token);
  const cut = new Promise((resolve) => loud.once('disconnect', resolve));
  for (let index = 0; index < 1000; index++) loud.emit('console:unsubscribe', { server: id }, () => undefined);
  await cut;
});

test('logout, a new role and a deleted account end connections', async () => {
  const ended: string[] = [];
  const watch = async (name: string, token: string): Promise<{ gone: Promise<unknown> }> => {
    const client = await connect(token);
    client.on('session:ended', () => ended.push(name));
    return { gone: new Promise((resolve) => client.once('disconnect', resolve)) };
  };
  const watched = [await watch('alice', alice.token), await watch('bob', bob.token)];
  await hosting.accounts.logout(alice.token);
  await watched[0]!.gone;
  expect(ended).toEqual(['alice']);
  await hosting.accounts.updateAny(bob.user.id, { role: 'admin' });
  await watched[1]!.gone;
  expect(ended).toEqual(['alice', 'bob']);
});

test('everyone learns of a changed registry, admins of the plugin list', async () => {
  const [user, chief] = await Promise.all([connect(alice.token), connect(admin.token)]);
  const heard: string[] = [];
  user.onAny((event: string) => heard.push(`user ${event}`));
  chief.onAny((event: string) => heard.push(`admin ${event}`));
  live.notifyAdmins();
  live.broadcastRegistryChanged('"1"');
  await vi.waitFor(() =>
    expect([...heard].sort()).toEqual(['admin admin:plugins', 'admin registry:changed', 'user registry:changed']),
  );
});
