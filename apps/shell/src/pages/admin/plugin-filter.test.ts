import type { PluginRow } from '@sodium/contract';
import { describe, expect, it } from 'vitest';
import { filtered, filterFrom, queryOf } from './plugin-filter.js';

const row = (id: string, patch: Partial<PluginRow> = {}): PluginRow => ({
  id,
  name: id,
  version: '1.0.0',
  type: 'feature',
  description: '',
  state: 'active',
  warnings: [],
  permissions: { declared: [], approved: [], used: [] },
  ...patch,
});
const ROWS = [
  row('billing', { name: 'Billing', author: 'Ann', permissions: { declared: ['db:own'], approved: [], used: [] } }),
  row('alerts', { description: 'Sends to Discord', state: 'inactive', type: 'hook' }),
  row('wreck', { state: 'invalid', type: null }),
  row('old', { update: { version: '2.0.0', hash: 'x', addedPermissions: [] } }),
];
const shown = (query: string): string[] => filtered(ROWS, filterFrom(new URLSearchParams(query))).map(({ id }) => id);

describe('the filter of the plugin list', () => {
  it.each([
    ['', ['alerts', 'billing', 'old', 'wreck']],
    ['q=discord', ['alerts']],
    ['q=ANN+bill', ['billing']],
    ['q=nothing', []],
    ['state=inactive', ['alerts']],
    ['state=attention', ['old', 'wreck']],
    ['type=hook', ['alerts']],
    ['sort=state', ['wreck', 'billing', 'old', 'alerts']],
    ['sort=permissions', ['billing', 'alerts', 'old', 'wreck']],
    ['state=nonsense&sort=nonsense', ['alerts', 'billing', 'old', 'wreck']],
  ])('reads "%s" from the address', (query, ids) => expect(shown(query)).toEqual(ids));

  it('writes what it reads', () => {
    const query = '?q=a+b&state=active&type=theme&sort=state';
    expect(queryOf(filterFrom(new URLSearchParams(query)))).toBe(query);
    expect(queryOf(filterFrom(new URLSearchParams()))).toBe('');
  });
});
