import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Document } from '@sodium/sdk';
import { testPlugin, type TestPlugin } from '@sodium/sdk/testing';
import { everyMinute, type Point } from '../src/points.js';

const HOUR_MS = 3_600_000;
let stats: TestPlugin;

beforeAll(async () => {
  stats = await testPlugin({
    directory: new URL('..', import.meta.url),
    now: '2030-03-01T10:00:00Z',
    settings: { history_hours: 2 },
    others: [
      {
        manifest: { id: 'discord-alerts' },
        server:
          'export default () => { const heard = []; return { notify: (alert) => heard.push(alert) > 0, heard: () => heard }; };',
      },
    ],
    servers: [
      { name: 'alpha', state: 'running' },
      { name: 'beta', state: 'running', owner: 'root' },
    ],
  });
}, 120_000);
afterAll(() => stats?.dispose());

test('keeps one averaged point per minute, and shows servers to those who may see them', async () => {
  await stats.reportUsage('alpha', { cpu: 10, memoryBytes: 100 });
  await stats.reportUsage('alpha', { cpu: 30, memoryBytes: 300 });
  await stats.advance(60_000);
  await stats.reportUsage('alpha', { cpu: 50 });
  expect(await stats.documents('samples')).toMatchObject([{ server: 'alpha', cpu: 20, memoryBytes: 200 }]);

  const mine = (await stats.get('/servers')).body.items;
  expect(mine).toMatchObject([{ id: 'alpha', state: 'running', points: [{ cpu: 20 }] }]);
  expect((await stats.get('/servers', { user: 'root' })).body.items).toHaveLength(2);
  expect((await stats.get('/servers/beta')).status).toBe(404);
});

test('raises an alert after minutes over a threshold, once, and ends it with a minute below', async () => {
  await stats.setConfig({ cpu_threshold: 80, threshold_minutes: 3 });
  const minutes = async (...values: number[]): Promise<void> => {
    for (const cpu of values) {
      await stats.advance(60_000);
      await stats.reportUsage('beta', { cpu });
    }
  };
  const alerts = async () => (await stats.get('/servers/beta', { user: 'root' })).body.alerts;
  const count = async (user: string) => (await stats.get('/alerts', { user })).body.count;
  await minutes(90, 95, 97);
  expect(await alerts()).toEqual([]);
  await minutes(99);
  expect(await alerts()).toMatchObject([{ metric: 'cpu', value: 97, threshold: 80 }]);
  expect([await count('root'), await count('ann')]).toEqual([1, 0]);
  await minutes(99, 10);
  expect(await alerts()).toHaveLength(1);
  expect(stats.logs.filter(({ text }) => text.includes('CPU of beta over 80 %'))).toHaveLength(1);
  expect(stats.usedPermissions).toContain('plugins:call');
  await minutes(10);
  expect(await alerts()).toEqual([]);
});

test('exports what its user may see', async () => {
  const csv = await stats.get('/servers.csv?minutes=60');
  expect(csv.headers['content-type']).toMatch(/^text\/csv/);
  expect(csv.headers['content-disposition']).toBe('attachment; filename="servers.csv"');
  expect(csv.text).toMatch(/^time,server,name,cpu_percent,memory_bytes\r\n\S+,alpha,alpha,20,200\r\n/);
  expect(csv.text).not.toContain('beta');
  expect((await stats.get('/servers/beta/stats.csv')).status).toBe(404);
  expect((await stats.get('/servers/beta/stats.csv', { user: 'root' })).text).toContain(',beta,beta,97,');
});

test('after six hours ten minutes become one point, and a day of them stays a line', async () => {
  await using plugin = await testPlugin({
    directory: new URL('..', import.meta.url),
    now: '2030-03-01T20:00:30Z',
    servers: [{ name: 'alpha', state: 'running' }],
    documents: { samples: dayOf('alpha', Date.parse('2030-03-01T20:00:00Z')) },
  });
  using writes = await plugin.recordWrites();
  await plugin.reportUsage('alpha', { cpu: 50 });
  await plugin.advance(60_000);
  await plugin.reportUsage('alpha', { cpu: 50 });
  const points = (await plugin.get('/servers/alpha?minutes=1440')).body.points as Point[];
  const [coarse, fine] = [points.filter(({ minutes }) => minutes), points.filter(({ minutes }) => !minutes)];
  expect(coarse[0]).toEqual({ at: Date.parse('2030-02-28T20:10:00Z'), cpu: 14.5, memoryBytes: 1450, minutes: 10 });
  expect([coarse.length, fine.length]).toEqual([107, 361]);
  const minutes = everyMinute(points).map(({ at }) => at);
  expect(minutes.every((at, i) => i === 0 || at - minutes[i - 1]! === 60_000)).toBe(true);
  // Whatever a crash leaves, nothing is there twice.
  writes.replay((state) => {
    const left = everyMinute(state.documents<Point & Document>('samples'));
    expect(new Set(left.map(({ at }) => at)).size).toBe(left.length);
  });
});

/** The minutes of a day, with values that go from 10 to 19 in each ten of them. */
const dayOf = (server: string, end: number): (Point & { id: string; server: string })[] =>
  Array.from({ length: 24 * 60 }, (_, minute) => {
    const at = end - (24 * 60 - minute) * 60_000;
    return { id: `${server}:${at}`, server, at, cpu: 10 + (minute % 10), memoryBytes: 1000 + 100 * (minute % 10) };
  });

test('forgets what is older than an admin wants to keep, and servers that are deleted', async () => {
  await stats.advance(3 * HOUR_MS);
  await stats.reportUsage('alpha', { cpu: 70 });
  await stats.advance(60_000);
  await stats.reportUsage('alpha', { cpu: 90 });
  expect((await stats.documents('samples')).map(({ cpu }) => cpu)).not.toContain(20);
  await stats.deleteServer('alpha');
  expect(await stats.documents('samples', { server: 'alpha' })).toEqual([]);
});
