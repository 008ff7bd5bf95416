import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ShownViews } from './shown-views.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('views are told together, each once, and again when they are looked at an hour later', () => {
  const told: unknown[] = [];
  const views = new ShownViews((shown) => told.push(shown));
  for (const place of ['sidebar', 'page', 'page'] as const) views.note('billing', place);
  views.note('stats', 'page');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1000);
  const [sidebar, page, stats] = [
    { plugin: 'billing', place: 'sidebar' },
    { plugin: 'billing', place: 'page' },
    { plugin: 'stats', place: 'page' },
  ];
  expect(told).toEqual([[sidebar, page, stats]]);
  views.note('billing', 'page');
  vi.advanceTimersByTime(60 * 60_000);
  expect(told).toHaveLength(1);
  views.note('billing', 'page');
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([[sidebar, page, stats], [page]]);
});
