import { expect, test } from 'vitest';
import type { ServerStats } from '../points.js';
import { chartPaths, nearest, niceTop, niceTopBytes } from './chart-path.js';
import { formatBytes, formatPercent } from './format.js';
import { appendPoint, currentOf, fleetSamples } from './series.js';

const point = (at: number, cpu = 1) => ({ at, cpu, memoryBytes: cpu * 100 });
const server = (state: string, ...points: ReturnType<typeof point>[]): ServerStats => ({
  id: 's',
  name: 'S',
  state,
  points,
  alerts: [],
});

test('live points join history in order, and old ones leave the window', () => {
  expect(appendPoint([point(10), point(50)], point(100), 60).map(({ at }) => at)).toEqual([50, 100]);
  expect(appendPoint([point(50)], point(40), 60).map(({ at }) => at)).toEqual([50]);
});

test('the fleet is the sum of what each server used in a minute, and a server that is late still counts', () => {
  const a = server('running', point(0, 10), point(30_000, 20), point(60_000, 5), point(240_000, 5));
  const b = server('running', point(10_000, 100));
  expect(fleetSamples([a, b], 'cpu')).toEqual([
    { at: 0, value: 115 },
    { at: 60_000, value: 105 },
    { at: 240_000, value: 5 },
  ]);
});

test('a server that is off uses nothing now', () => {
  expect(currentOf(server('offline', point(0, 50))).cpu).toBe(0);
  expect(currentOf(server('running', point(0, 50))).cpu).toBe(50);
});

test('a line breaks where nothing was measured, and stays inside its frame', () => {
  const samples = [0, 60_000, 600_000].map((at) => ({ at, value: 500 }));
  const { line } = chartPaths(samples, { from: 0, to: 600_000, top: 100 });
  expect(line).toBe('M0 0L10 0M100 0L100 0');
  expect(nearest(samples, 70_000)?.at).toBe(60_000);
  expect(nearest([], 1)).toBeNull();
});

test('scales end at round numbers', () => {
  expect([niceTop(0, 10), niceTop(42, 10), niceTop(95, 10), niceTop(180, 10)]).toEqual([10, 50, 200, 200]);
  expect(niceTopBytes(100 * 2 ** 20, 2 ** 26)).toBe(2 ** 27);
});

test('values read like people write them', () => {
  expect([formatBytes(0), formatBytes(1536), formatBytes(200 * 2 ** 20)]).toEqual(['0 B', '1.5 KiB', '200 MiB']);
  expect([formatPercent(3.14159), formatPercent(150.4)]).toEqual(['3.1 %', '150 %']);
});
