import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPlugin, type TestPlugin } from '@sodium/sdk/testing';

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

test('forgets what is older than an admin wants to keep, and servers that are deleted', async () => {
  await stats.advance(3 * HOUR_MS);
  await stats.reportUsage('alpha', { cpu: 70 });
  await stats.advance(60_000);
  await stats.reportUsage('alpha', { cpu: 90 });
  expect((await stats.documents('samples')).map(({ cpu }) => cpu)).not.toContain(20);
  await stats.deleteServer('alpha');
  expect(await stats.documents('samples', { server: 'alpha' })).toEqual([]);
});
