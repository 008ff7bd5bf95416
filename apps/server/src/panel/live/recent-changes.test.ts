import { expect, test } from 'vitest';
import { RecentChanges } from './recent-changes.js';

test('the last change of each server is kept for an hour, and told as far back as a page was away', () => {
  let now = 0;
  const changes = new RecentChanges(() => now);
  const deleted = (id: string) => changes.add({ type: 'deleted', owner: 'o', id });
  const missed = (away?: number) => changes.missed(away).map((change) => 'id' in change && change.id);
  deleted('a');
  deleted('b');
  now = 20_000;
  deleted('a');
  expect(missed()).toEqual(['b', 'a']);
  now = 40_000;
  expect(missed()).toEqual(['a']);
  expect(missed(10_000)).toEqual(['b', 'a']);
  now = 3_620_001;
  deleted('c');
  expect(missed(Infinity)).toEqual(['c']);
});
