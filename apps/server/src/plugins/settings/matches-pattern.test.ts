import { expect, it } from 'vitest';
import { matchesPattern } from './matches-pattern.js';

it('a pattern has to match the whole text', () => {
  expect(matchesPattern('[A-Z]{3}', 'ABC')).toBe(true);
  expect(matchesPattern('[A-Z]{3}', 'ABCD')).toBe(false);
  expect(matchesPattern('a|b', 'ab')).toBe(false);
  expect(matchesPattern('`${1}`', 'x')).toBe(false);
});

it('a pattern that would take for ever does not hold the panel up, and is not tried twice', () => {
  const evil = `${'a'.repeat(60)}!`;
  const start = performance.now();
  for (let n = 0; n < 50; n += 1) expect(matchesPattern('(a+)+', evil)).toBe(false);
  expect(performance.now() - start).toBeLessThan(1500);
});
