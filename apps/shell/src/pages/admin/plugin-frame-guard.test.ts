import { expect, test } from 'vitest';
import { FrameGuard } from './plugin-frame-guard.js';

test('a flood is told from busy work', () => {
  let now = 10_000;
  const guard = new FrameGuard(() => now);
  const busy = Array.from({ length: 2_000 }, () => {
    now += 20;
    return guard.admit();
  });
  expect(busy).not.toContain(false);
  const flood = Array.from({ length: 1_000 }, () => guard.admit());
  expect(flood.at(-1)).toBe(false);
});

test('each kind of request has its own limit, which time lifts', () => {
  let now = 10_000;
  const guard = new FrameGuard(() => now);
  const toasts = Array.from({ length: 8 }, () => guard.allows('toast'));
  expect(toasts.filter(Boolean)).toHaveLength(5);
  expect(guard.allows('report')).toBe(true);
  now += 11_000;
  expect(guard.allows('toast')).toBe(true);
  expect(guard.allows('height')).toBe(true);
});
