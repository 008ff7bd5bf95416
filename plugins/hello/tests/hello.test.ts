import { afterAll, beforeAll, expect, test } from 'vitest';
import { testPlugin, type TestPlugin } from '@sodium/sdk/testing';

let hello: TestPlugin;

beforeAll(async () => {
  hello = await testPlugin({
    directory: new URL('..', import.meta.url),
    users: [{ username: 'ann' }, { username: 'ben' }, { username: 'root', role: 'admin' }],
  });
});
afterAll(() => hello?.dispose());

test('keeps greetings in the name of whoever is logged in, and the newest first', async () => {
  await hello.post('/greetings', { text: '  Hello there  ' });
  await hello.advance(1000);
  await hello.post('/greetings', { text: 'Good evening' }, { user: 'ben' });
  const { body } = await hello.get('/greetings');
  expect(body).toMatchObject({
    total: 2,
    items: [
      { text: 'Good evening', author: 'ben' },
      { text: 'Hello there', author: 'ann' },
    ],
  });
  expect(await hello.documents('greetings')).toHaveLength(2);
});

test('refuses what is no greeting', async () => {
  for (const text of ['', '   ', 7, undefined, 'x'.repeat(281)]) {
    const answer = await hello.post('/greetings', { text });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'INVALID_GREETING']);
  }
});

test('lets its author or an admin remove a greeting, and nobody else', async () => {
  const { body } = await hello.post('/greetings', { text: 'Soon gone' });
  expect((await hello.delete(`/greetings/${body.id}`, { user: 'ben' })).status).toBe(403);
  expect((await hello.delete(`/greetings/${body.id}`, { user: 'root' })).status).toBe(204);
  expect((await hello.delete(`/greetings/${body.id}`)).status).toBe(404);
});

test('refuses new servers only while an admin wants that, with the reason given', async () => {
  expect(await hello.fire('server:beforeCreate', { server: 'alpha' })).toMatchObject({ denied: null });
  await hello.setConfig({ block_creation: true, block_reason: 'We are moving.' });
  expect(await hello.fire('server:beforeCreate', { server: 'alpha' })).toMatchObject({ denied: 'We are moving.' });
  expect(hello.logs.at(-1)?.text).toBe('Refused the server "alpha" of ann.');
});

test('shows the guest book on its page, in both themes and on a phone', async () => {
  for (const look of [{ theme: 'light' }, { theme: 'dark', viewport: 'phone' }] as const) {
    await using page = await hello.mount({ page: '/hello' }, look);
    await page.root.getByText('Good evening').waitFor();
    const text = `From the ${look.theme} side`;
    await page.root.getByRole('textbox').fill(text);
    await page.root.getByRole('button', { name: 'Say hello' }).click();
    await page.root.getByText(text).waitFor();
    const width = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width).toBeLessThanOrEqual(0);
    expect(page.errors).toEqual([]);
  }
});
