import { expect, test } from 'vitest';
import { MinuteAverage } from './minute-average.js';

const minute = (n: number, seconds: number) => n * 60_000 + seconds * 1000;

test('a minute is averaged when the next one begins', () => {
  const averages = new MinuteAverage();
  expect(averages.add('a', { at: minute(1, 5), cpu: 10, memoryBytes: 100 })).toBeNull();
  expect(averages.add('b', { at: minute(1, 10), cpu: 90, memoryBytes: 900 })).toBeNull();
  expect(averages.add('a', { at: minute(1, 50), cpu: 20, memoryBytes: 300 })).toBeNull();
  expect(averages.add('a', { at: minute(2, 1), cpu: 99, memoryBytes: 1 })).toEqual({
    at: minute(1, 0),
    cpu: 15,
    memoryBytes: 200,
  });
});

test('a forgotten server starts from nothing', () => {
  const averages = new MinuteAverage();
  averages.add('a', { at: minute(1, 5), cpu: 10, memoryBytes: 100 });
  averages.forget('a');
  expect(averages.add('a', { at: minute(2, 5), cpu: 10, memoryBytes: 100 })).toBeNull();
});
