import { afterEach, expect, test, vi } from 'vitest';
import { testPlugin, type TestPlugin, type TestPluginOptions } from '@sodium/sdk/testing';
import type { Overview, RuleView } from '../src/shapes.js';
import { DiscordServer } from './discord-server.js';

const LONG = { timeout: 120_000 };
const ROOT = { user: 'root' };
let plugin: TestPlugin;
let discord: DiscordServer;
afterEach(async () => {
  await plugin?.dispose();
  await discord?.close();
});

async function open(options: Partial<TestPluginOptions> = {}): Promise<void> {
  discord = await DiscordServer.open();
  plugin = await testPlugin({
    directory: new URL('..', import.meta.url),
    servers: [
      { name: 'web', state: 'running' },
      { name: '@everyone *db*', id: 'db' },
    ],
    ...options,
    settings: { webhook_url: discord.url, ...options.settings },
  });
}

const overview = async (): Promise<Overview> => (await plugin.get('/admin/overview', ROOT)).body;
const create = (name: string): Promise<unknown> =>
  plugin.fire('server:onCreate', { user: 'ann', server: { id: name, name } });
const counts = (): Promise<{ waiting: number; deadTotal: number; sent: number }> =>
  overview().then(({ waiting, deadTotal, counts: { sent } }) => ({ waiting, deadTotal, sent }));
const eventually = (check: () => Promise<void> | void): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 50 });
const titles = (): string[] => discord.embeds.map(({ title }) => title);

test('tells what happens, switches and words apply, and nobody is called by a name', LONG, async () => {
  await open();
  await plugin.crash('web', 137);
  await plugin.power('db', 'start');
  await plugin.fire('auth:afterLogin', { user: 'root', ip: '203.0.113.7' });
  await plugin.fire('auth:afterLogin', { user: 'ann', ip: '203.0.113.8' });
  await plugin.deleteServer('web');
  await discord.until(({ embeds }) => embeds.length === 4);
  expect(titles()).toEqual(['Server crashed', 'Server started', 'Admin login', 'Server deleted']);
  expect(discord.embeds[0]!.description).toBe('**web** crashed with exit code 137.');
  expect(discord.embeds[1]!.description).toBe('**\\@everyone \\*db\\*** is running.');
  for (const { allowed_mentions: mentions, content } of discord.messages) {
    expect(mentions).toEqual({ parse: [] });
    expect(content).toBeUndefined();
  }

  const [role, user] = ['111111111111111111', '222222222222222222'];
  const rule = { title: 'Down: {server}', body: 'by {user}', roles: [role], users: [user], enabled: true };
  const save = (kind: string, body: unknown) => plugin.put(`/admin/rules/${kind}`, body, ROOT);
  expect((await save('stop', { ...rule, body: '{nope}' })).body.error.message).toMatch(/no placeholder \{nope\}/);
  expect((await save('stop', { ...rule, roles: ['@everyone'] })).status).toBe(400);
  expect((await save('gone', rule)).status).toBe(404);
  expect((await plugin.put('/admin/rules/stop', rule)).status).toBe(403);
  expect((await save('stop', rule)).status).toBe(200);
  await save('start', { ...rule, roles: [], users: [], enabled: false });
  const rules: RuleView[] = (await plugin.get('/admin/rules', ROOT)).body.items;
  expect(rules.find(({ kind }) => kind === 'start')).toMatchObject({ enabled: false, changed: true });
  await plugin.power('db', 'stop');
  await plugin.power('db', 'start');
  await create('after');
  await discord.until(() => titles().includes('Server created'));
  const last = discord.messages.findLast(({ content }) => content !== undefined)!;
  expect(last).toMatchObject({
    content: `<@&${role}> <@${user}>`,
    allowed_mentions: { parse: [], roles: [role], users: [user] },
  });
  expect(titles()).toContain('Down: \\@everyone \\*db\\*');
  expect(titles().filter((title) => title === 'Server started')).toHaveLength(1);
  const sample = await plugin.post('/admin/rules/crash/preview', { title: '{server}', body: '' }, ROOT);
  expect(sample.body.title).toBe('web \\*shop\\* \\@everyone');
});

test('a storm keeps to the bucket, folds what flaps, and loses nothing over kill -9', LONG, async () => {
  await open();
  [discord.limit, discord.windowMs] = [2, 250];
  const servers = Array.from({ length: 120 }, (_, n) => `s${n}`);
  for (const name of servers.slice(0, 60)) await create(name);
  for (let round = 0; round < 10; round += 1) {
    await plugin.fire('server:onStatusChange', { server: 'web', from: 'starting', to: 'running', action: 'start' });
    await plugin.fire('server:onStatusChange', { server: 'web', from: 'running', to: 'offline', action: 'crash', exitCode: round }); // prettier-ignore
  }
  await discord.until(({ messages }) => messages.length >= 2);
  await plugin.kill();
  for (const name of servers.slice(60)) await create(name);
  await plugin.kill();
  await plugin.runCron('deliver');
  const told = (): Set<string> => new Set(discord.embeds.map(({ description }) => /^\*\*(s\d+)\*\*/.exec(description)?.[1] ?? '')); // prettier-ignore
  await eventually(() => expect(servers.filter((name) => !told().has(name))).toEqual([]));
  await plugin.advance(61_000);
  await plugin.runCron('deliver');
  await eventually(async () => expect(await counts()).toMatchObject({ waiting: 0, deadTotal: 0 }));
  // An answer that a kill has cut off cannot be heeded, nor one to a clock that was put forward.
  expect(discord.beyondLimit).toBeLessThanOrEqual(3);
  expect(Math.max(...discord.messages.map(({ embeds }) => embeds.length))).toBe(10);

  const ofWeb = discord.embeds.filter(({ description }) => description.startsWith('**web**'));
  expect(ofWeb.length).toBeLessThanOrEqual(5);
  const folded = ofWeb.filter(({ title }) => title === 'Server keeps crashing').map(({ description }) => description);
  expect(folded.at(-1)).toMatch(/starts, \d+ crashes between/);
  expect(folded.at(-1)).toContain('Last exit code: 9.');
  // What is told twice was under way when the process was killed, and says so.
  const created = discord.embeds.filter(({ title }) => title === 'Server created');
  const repeated = created.filter(({ footer }) => footer !== undefined);
  expect(created.length - servers.length).toBeLessThanOrEqual(repeated.length);
  expect(repeated.length).toBeLessThanOrEqual(20);
});

test('waits as long as a 429 says, over a restart too', LONG, async () => {
  await open();
  const body = { message: 'You are being rate limited.', retry_after: 0.9, global: true };
  const limited = { status: 429, body, headers: { 'retry-after': '1', 'x-ratelimit-global': 'true' } };
  discord.instead = () => limited;
  await create('one');
  await discord.until(({ requests }) => requests === 1);
  await eventually(async () =>
    expect(await overview()).toMatchObject({ waiting: 1, waitingUntil: expect.any(Number) }),
  );
  const { waitingUntil } = await overview();
  discord.instead = null;
  await plugin.kill();
  await plugin.runCron('deliver');
  if (Date.now() < waitingUntil!) expect(discord.messages).toHaveLength(0);
  await discord.until(({ messages }) => messages.length === 1);
  expect(Date.now()).toBeGreaterThanOrEqual(waitingUntil!);
  expect(discord.requests).toBe(2);
});

test('tries again after errors, and gives up a message that Discord refuses, not its neighbours', LONG, async () => {
  await open();
  discord.instead = () => ({ status: 503, headers: { 'retry-after': '30' } });
  await create('one');
  await discord.until(({ requests }) => requests === 1);
  await eventually(async () => expect((await overview()).waitingUntil).toBeGreaterThan(Date.now() + 20_000));
  discord.instead = () => 'cut';
  await plugin.advance(31_000);
  await plugin.runCron('deliver');
  await eventually(async () => expect((await overview()).waitingReason).toBeTruthy());
  expect(JSON.stringify([plugin.logs, await overview()])).not.toContain('s3cret');
  const refuses = ({ embeds }: { embeds: { description: string }[] }) =>
    embeds.some(({ description }) => description.includes('bad')) ? { status: 400, body: { message: 'Invalid Form Body' } } : null; // prettier-ignore
  discord.instead = refuses;
  for (const name of ['bad', 'two', 'three']) await create(name);
  await plugin.advance(60_000);
  await plugin.runCron('deliver');
  await eventually(async () => expect(await counts()).toEqual({ waiting: 0, deadTotal: 1, sent: 3 }));
  const [dead] = (await overview()).dead;
  expect(dead).toMatchObject({ about: 'bad', error: expect.stringMatching(/400: Invalid Form Body/) });

  expect((await plugin.post('/admin/dead/none/retry', {}, ROOT)).status).toBe(404);
  discord.instead = null;
  await plugin.post(`/admin/dead/${dead!.id}/retry`, {}, ROOT);
  await eventually(async () => expect(await counts()).toEqual({ waiting: 0, deadTotal: 0, sent: 4 }));
  discord.instead = refuses;
  await create('bad again');
  await eventually(async () => expect((await counts()).deadTotal).toBe(1));
  await plugin.delete('/admin/dead', ROOT);
  expect(await plugin.documents('events')).toEqual([]);
});

test('a webhook that is gone is left alone until its address changes, and nothing is lost', LONG, async () => {
  await open();
  const { url } = discord;
  await plugin.setConfig({ webhook_url: `${url}-deleted` });
  await create('one');
  await eventually(async () => expect((await overview()).disabled?.reason).toMatch(/no such webhook \(404\)/));
  const { requests } = discord;
  await create('two');
  await plugin.restart();
  await plugin.runCron('deliver');
  expect(discord.requests).toBe(requests);
  expect(await plugin.call('testSettings')).toMatchObject({ ok: false, message: expect.stringMatching(/404/) });
  await plugin.setConfig({ webhook_url: url });
  await eventually(async () => expect(await counts()).toEqual({ waiting: 0, deadTotal: 0, sent: 2 }));
  expect((await overview()).disabled).toBeNull();
  expect(await plugin.call('testSettings')).toMatchObject({ ok: true });
  expect((await plugin.post('/admin/test', {}, ROOT)).body).toMatchObject({ ok: true });
  expect((await plugin.post('/admin/test')).status).toBe(403);
});

test('quiet hours hold or drop, and crashes may pass', LONG, async () => {
  await open({ now: '2026-07-10T21:00:00Z', settings: { quiet_mode: 'hold', quiet_timezone: 'Europe/Berlin', quiet_crashes: true } }); // prettier-ignore
  await create('held');
  await plugin.crash('web', 1);
  await discord.until(({ messages }) => messages.length === 1);
  expect(titles()).toEqual(['Server crashed']);
  const quietUntil = Date.parse('2026-07-11T05:00:00Z');
  await eventually(async () => expect(await overview()).toMatchObject({ waiting: 1, quietUntil }));
  await plugin.setTime('2026-07-11T05:00:01Z');
  await plugin.runCron('deliver');
  await discord.until(() => titles().includes('Server created'));

  await plugin.setConfig({ quiet_mode: 'drop' });
  await plugin.setTime('2026-07-11T21:00:00Z');
  await create('dropped');
  await eventually(async () => expect(await overview()).toMatchObject({ waiting: 0, counts: { dropped: 1 } }));
  await plugin.setConfig({ quiet_timezone: 'Europe/Atlantis' });
  expect(await plugin.call('testSettings')).toMatchObject({ ok: false, message: expect.stringMatching(/Atlantis/) });
});

test('other plugins raise alerts, each once', LONG, async () => {
  await open();
  const alert = { id: 'a', title: 'CPU of *web*', text: 'At 97 % @here', source: 'Server Stats', level: 'danger' };
  discord.instead = () => ({ status: 503 });
  expect(await plugin.call('notify', alert)).toBe(true);
  expect(await plugin.call('notify', alert)).toBe(false);
  await expect(plugin.call('notify', { title: '' })).rejects.toThrow();
  discord.instead = null;
  await plugin.advance(60_000);
  await plugin.runCron('deliver');
  await discord.until(({ messages }) => messages.length === 1);
  expect(discord.embeds).toMatchObject([
    { title: 'CPU of \\*web\\*', description: 'At 97 % \\@here', color: 0xdc2626 },
  ]);
});
