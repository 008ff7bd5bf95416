import type { PluginPoint } from '@sodium/contract';
import { expect, test } from 'vitest';
import { activityRows, callsPerMinute, series } from './activity-series.js';

const point = (at: number, patch: Partial<PluginPoint> = {}): PluginPoint => ({
  at,
  ms: 10_000,
  cpu: 10,
  memoryBytes: 100,
  calls: 5,
  errors: 0,
  p50Ms: 1,
  p99Ms: 2,
  ...patch,
});

test('times without samples are idle, not a line from one sample to the next', () => {
  const line = series([point(10_000), point(20_000), point(100_000)], 101_000, ({ cpu }) => cpu, 0);
  expect(line).toEqual([
    { at: 10_000, value: 10 },
    { at: 20_000, value: 10 },
    { at: 20_001, value: 0 },
    { at: 90_000, value: 0 },
    { at: 100_000, value: 10 },
  ]);
  const idleSince = series([point(10_000)], 200_000, ({ p99Ms }) => p99Ms, null);
  expect(idleSince.at(-1)).toEqual({ at: 200_000, value: null });
});

test('calls are counted per minute whatever the length of a sample', () => {
  expect(callsPerMinute(point(0, { calls: 5, ms: 10_000 }))).toBe(30);
  expect(callsPerMinute(point(0, { calls: 5, ms: 2_000 }))).toBe(150);
});

test('the table has a row for each five minutes in which something happened, newest first', () => {
  const rows = activityRows([
    point(10_000, { cpu: 0, ms: 5_000, calls: 1 }),
    point(20_000, { cpu: 30, ms: 10_000, calls: 2, errors: 1, p99Ms: 9 }),
    point(700_000, { calls: 7 }),
  ]);
  expect(rows).toMatchObject([
    { at: 600_000, calls: 7 },
    { at: 0, calls: 3, errors: 1, cpu: 20, p99Ms: 9 },
  ]);
});
