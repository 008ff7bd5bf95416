import { testPlugin } from '@sodium/sdk/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** @type {import('@sodium/sdk/testing').TestPlugin} */
let plugin;
beforeAll(async () => {
  plugin = await testPlugin({ directory: new URL('..', import.meta.url), settings: { limit: 2 } });
}, 60_000);
afterAll(() => plugin?.dispose());

/**
 * @param {'admin' | 'user'} role
 * @param {number} serverCount
 */
const create = (role, serverCount) => plugin.fire('server:beforeCreate', { user: { role, serverCount } });

test('a user may have as many servers as the limit says', async () => {
  expect((await create('user', 1)).denied).toBeNull();
  expect((await create('user', 2)).denied).toBe('You can have at most 2 servers.');
});

test('admins have no limit', async () => {
  expect((await create('admin', 50)).denied).toBeNull();
});
