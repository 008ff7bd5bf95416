import { testPlugin } from '@sodium/sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** @type {import('@sodium/sdk/testing').TestPlugin} */
let plugin;
beforeAll(async () => {
  plugin = await testPlugin({ directory: new URL('..', import.meta.url), settings: { keep_days: 7 } });
}, 60_000);
afterAll(() => plugin?.dispose());

test('a note is kept, shown to its owner alone, and deleted by its owner alone', async () => {
  const { status, body } = await plugin.post('/notes', { text: ' Water the plants ' }, { user: 'ann' });
  expect(status).toBe(201);
  expect((await plugin.get('/notes', { user: 'ann' })).body.items).toMatchObject([{ text: 'Water the plants' }]);
  expect((await plugin.get('/notes', { user: 'root' })).body.items).toEqual([]);
  expect((await plugin.delete(`/notes/${body.id}`, { user: 'root' })).status).toBe(404);
  expect((await plugin.delete(`/notes/${body.id}`, { user: 'ann' })).status).toBe(204);
  expect(await plugin.documents('notes')).toEqual([]);
});

test('an empty note is refused', async () => {
  expect((await plugin.post('/notes', { text: ' ' })).status).toBe(400);
});

test('old notes are tidied away', async () => {
  await plugin.seed('notes', [
    { id: 'old', owner: 'ann', text: 'Old', at: '2020-01-01T00:00:00.000Z' },
    { id: 'new', owner: 'ann', text: 'New', at: new Date().toISOString() },
  ]);
  await plugin.runCron('tidy');
  expect((await plugin.documents('notes')).map(({ id }) => id)).toEqual(['new']);
});
