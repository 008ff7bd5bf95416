import { testPlugin } from '@sodium/sdk/testing';
import { expect, test } from 'vitest';

test('users are told of their own servers, admins of all', async () => {
  const plugin = await testPlugin({
    directory: new URL('..', import.meta.url),
    servers: [
      { name: 'One', owner: 'ann', state: 'running' },
      { name: 'Two', owner: 'ann' },
      { name: 'Three', owner: 'root', state: 'running' },
    ],
  });
  try {
    expect((await plugin.get('/summary', { user: 'ann' })).body).toEqual({ running: 1, total: 2 });
    expect((await plugin.get('/summary', { user: 'root' })).body).toEqual({ running: 2, total: 3 });
  } finally {
    await plugin.dispose();
  }
});
