import { expect, it } from 'vitest';
import type { WidgetContribution } from '../slots/types.js';
import { changeItem, complete, moved, placeWidgets, reorder } from './dashboard-layout.js';

const widget = (key: string, size: WidgetContribution['size'] = 'medium') =>
  ({ kind: 'widget', key, id: key, title: key, size }) as WidgetContribution;
const keys = (items: readonly { key: string }[]): string => items.map(({ key }) => key).join(' ');

it('shows what nobody has arranged as the plugins offer it', () => {
  const placed = placeWidgets([], [widget('a'), widget('b', 'large')]);
  expect(placed.map(({ widget: { key }, size, hidden }) => [key, size, hidden])).toEqual([
    ['a', 'medium', false],
    ['b', 'large', false],
  ]);
});

it('keeps the user’s order and sizes, puts new widgets at the end, and passes over absent ones', () => {
  const items = [{ key: 'gone' }, { key: 'b', size: 'small' as const }, { key: 'a', hidden: true }];
  const placed = placeWidgets(items, [widget('a'), widget('b'), widget('c')]);
  expect(placed.map(({ widget: { key }, size, hidden }) => [key, size, hidden])).toEqual([
    ['b', 'small', false],
    ['a', 'medium', true],
    ['c', 'medium', false],
  ]);
});

it('moves widgets among those in view, while absent and hidden ones keep their place', () => {
  const items = complete(
    [{ key: 'gone' }, { key: 'a' }, { key: 'hidden', hidden: true }, { key: 'b' }],
    [widget('a'), widget('b'), widget('c')],
  );
  expect(keys(reorder(items, moved(['a', 'b', 'c'], 'a', 2)))).toBe('gone b hidden c a');
  expect(keys(reorder(items, moved(['a', 'b', 'c'], 'c', -1)))).toBe('gone c hidden a b');
  expect(keys(reorder(items, ['a', 'b', 'c']))).toBe('gone a hidden b c');
});

it('changes one entry and no other', () => {
  expect(changeItem([{ key: 'a' }, { key: 'b', size: 'small' }], 'b', { hidden: true })).toEqual([
    { key: 'a' },
    { key: 'b', size: 'small', hidden: true },
  ]);
});
