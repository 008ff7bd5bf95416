import { testPlugin } from '@sodium/sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** @type {import('@sodium/sdk/testing').TestPlugin} */
let plugin;
beforeAll(async () => {
  plugin = await testPlugin({
    directory: new URL('..', import.meta.url),
    servers: [
      { name: 'One', owner: 'ann', state: 'running' },
      { name: 'Two', owner: 'ann' },
      { name: 'Three', owner: 'root', state: 'running' },
    ],
  });
}, 60_000);
afterAll(() => plugin?.dispose());

test('users are told of their own servers, admins of all', async () => {
  expect((await plugin.get('/summary', { user: 'ann' })).body).toEqual({ running: 1, total: 2 });
  expect((await plugin.get('/summary', { user: 'root' })).body).toEqual({ running: 2, total: 3 });
});
