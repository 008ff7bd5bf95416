import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestHosting, scriptTemplate, temporaryData, type TestHosting } from '../test-hosting.js';

let data: Awaited<ReturnType<typeof temporaryData>>;
let hosting: TestHosting;
let server: string;

const open = async () => {
  hosting = await openTestHosting(data.path, { cronFields: [5, 6] });
};
beforeEach(async () => {
  data = await temporaryData();
  await mkdir(join(data.path, 'templates'));
  const script = `process.stdin.on('data', (data) => console.log('got ' + data)); console.log('ready')`;
  await writeFile(join(data.path, 'templates', 'script.json'), scriptTemplate('script', script));
  await open();
  const { user } = await hosting.accounts.register(
    { username: 'anna', email: 'a@example.com', password: 'correct horse' },
    { ip: '' },
  );
  server = (await hosting.servers.create(user, { name: 'One', template: 'script', limits: {}, variables: {} })).id;
});
afterEach(async () => {
  await hosting.close();
  await data.remove();
});

const start = {
  name: 'Start',
  cron: '* * * * * *',
  timezone: 'UTC',
  task: { type: 'power', action: 'start' },
  enabled: true,
} as const;
const say = { ...start, name: 'Say', task: { type: 'command', command: 'hello' } } as const;

test('a schedule fires, also after a restart of the panel, and notes how it went', async () => {
  const { id } = await hosting.schedules.create(server, { ...start, enabled: false });
  expect(hosting.schedules.list(server)[0]).toMatchObject({ lastRun: null, nextRun: null });
  await hosting.schedules.update(server, id, { enabled: true });
  await hosting.close();
  await open();
  hosting.schedules.start();
  await vi.waitFor(() => expect(hosting.servers.get(null, server).state).toBe('running'), 15_000);
  await vi.waitFor(() => {
    // It fires again while the server runs: a conflict, noted as such.
    const [schedule] = hosting.schedules.list(server);
    expect(schedule).toMatchObject({ lastRun: { ok: false, message: 'The server is already running.' } });
    expect(Date.parse(schedule!.nextRun!)).toBeGreaterThan(Date.now() - 1000);
  }, 10_000);
});

test('run now sends a command', async () => {
  const { id } = await hosting.schedules.create(server, { ...say, cron: '0 4 * * *' });
  expect((await hosting.schedules.runNow(server, id)).lastRun).toMatchObject({ ok: false });
  await hosting.servers.power(null, server, 'start');
  await vi.waitFor(() => expect(hosting.servers.get(null, server).state).toBe('running'), 15_000);
  expect((await hosting.schedules.runNow(server, id)).lastRun).toMatchObject({ ok: true });
  await vi.waitFor(
    () => expect(hosting.runtime.attach(server).some((line) => line.text === 'got hello')).toBe(true),
    5000,
  );
});

test('a veto holds for schedules too', async () => {
  const { id } = await hosting.schedules.create(server, { ...start, cron: '0 4 * * *' });
  hosting.hooks.decide = () => ({ plugin: 'guard', reason: 'Not today.' });
  expect((await hosting.schedules.runNow(server, id)).lastRun).toMatchObject({ ok: false, message: 'Not today.' });
  expect(hosting.servers.get(null, server).state).toBe('offline');
});

test('the next run follows the time zone', async () => {
  const schedules = ['UTC', 'Asia/Tokyo'].map((timezone) =>
    hosting.schedules.create(server, { ...start, cron: '0 4 * * *', timezone }),
  );
  const [utc, tokyo] = (await Promise.all(schedules)).map((schedule) => new Date(schedule.nextRun!).getUTCHours());
  expect([utc, tokyo]).toEqual([4, 19]);
});

test('what cannot be read is refused with a reason', async () => {
  const create = (more: object) => hosting.schedules.create(server, { ...start, cron: '0 4 * * *', ...more });
  await expect(create({ cron: '99 4 * * *' })).rejects.toMatchObject({
    status: 400,
    code: 'INVALID_SCHEDULE',
    message: expect.stringContaining('"99 4 * * *"'),
  });
  await expect(create({ cron: 'soon' })).rejects.toMatchObject({ message: expect.stringContaining('expected 5') });
  await expect(create({ timezone: 'Mars/Olympus' })).rejects.toMatchObject({
    message: expect.stringContaining('"Mars/Olympus"'),
  });
  const { id } = await create({});
  await expect(hosting.schedules.update(server, id, { cron: '* *' })).rejects.toMatchObject({ status: 400 });
  await expect(hosting.schedules.update('another', id, { name: 'x' })).rejects.toMatchObject({ status: 404 });
});

test('schedules go with their server', async () => {
  await hosting.schedules.create(server, start);
  const owner = hosting.accounts.list()[0]!;
  await hosting.servers.delete(owner, server);
  await vi.waitFor(() => expect(hosting.schedules.list(server)).toEqual([]));
});
