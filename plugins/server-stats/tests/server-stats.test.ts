import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPlugin, type TestPlugin } from '@sodium/sdk/testing';

const HOUR_MS = 3_600_000;
let stats: TestPlugin;

beforeAll(async () => {
  stats = await testPlugin({
    directory: new URL('..', import.meta.url),
    now: '2030-03-01T10:00:00Z',
    settings: { history_hours: 2 },
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

test('forgets what is older than an admin wants to keep, and servers that are deleted', async () => {
  await stats.advance(3 * HOUR_MS);
  await stats.reportUsage('alpha', { cpu: 70 });
  await stats.advance(60_000);
  await stats.reportUsage('alpha', { cpu: 90 });
  expect((await stats.documents('samples')).map(({ cpu }) => cpu)).not.toContain(20);
  await stats.deleteServer('alpha');
  expect(await stats.documents('samples', { server: 'alpha' })).toEqual([]);
});
