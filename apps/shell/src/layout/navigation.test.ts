import { expect, it } from 'vitest';
import { currentItem } from './navigation.js';

const items = ['/', '/servers', '/stats', '/stats/all'].map((href) => ({ href }));

it.each([
  ['/', '/'],
  ['/servers/1/settings', '/servers'],
  ['/stats/all/7', '/stats/all'],
  ['/statistics', undefined],
])('marks the item for %s', (path, expected) => {
  expect(currentItem(items, path)?.href).toBe(expected);
});
