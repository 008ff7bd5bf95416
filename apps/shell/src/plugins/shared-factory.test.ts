import { expect, test, vi } from 'vitest';
import { factoryOf } from './shared-factory.js';

test('a module is fetched once, however many ask for it, and gives everybody the same', async () => {
  const load = vi.fn(async () => ({ version: 3 }));
  const get = factoryOf(load);
  expect(load).not.toHaveBeenCalled();
  const [one, two] = await Promise.all([get(), get()]);
  const three = await get();
  expect(one()).toBe(two());
  expect(one()).toBe(three());
  expect(load).toHaveBeenCalledTimes(1);
});

test('one that could not be fetched fails for those who waited, and is tried again by the next', async () => {
  const load = vi.fn(async () => ({ version: 3 })).mockRejectedValueOnce(new Error('away'));
  const get = factoryOf(load);
  const outcomes = await Promise.allSettled([get(), get()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect((await get())()).toEqual({ version: 3 });
  await get();
  expect(load).toHaveBeenCalledTimes(2);
});
