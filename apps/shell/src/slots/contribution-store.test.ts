import { expect, test } from 'vitest';
import { ContributionConflict, ContributionStore } from './contribution-store.js';
import { arrangeSidebar } from './sidebar-order.js';
import type { PageContribution, TabContribution } from './types.js';

const plugin = (id: string) => ({
  plugin: { id } as PageContribution['plugin'],
  handle: {} as PageContribution['handle'],
});
const page = (owner: string, path: string): PageContribution => ({
  ...plugin(owner),
  kind: 'page',
  key: `${owner}/page/${path}`,
  path,
  title: path,
  admin: false,
});
const tab = (owner: string, id: string): TabContribution => ({
  ...plugin(owner),
  kind: 'tab',
  key: `${owner}/tab/${id}`,
  id,
  label: id,
});

test('the most specific page wins and params are decoded', () => {
  const store = new ContributionStore();
  for (const path of ['/todos/:id', '/todos/new', '/todos']) store.put(page('todo', path));
  expect(store.matchPage('/todos/new')?.contribution.path).toBe('/todos/new');
  expect(store.matchPage('/todos/a%20b')?.params).toEqual({ id: 'a b' });
  expect(store.matchPage('/todos/')?.contribution.path).toBe('/todos');
  expect(store.matchPage('/todos/1/2')).toBeNull();
  expect(store.matchPage('/todos/%E0%A4%A')?.params).toEqual({ id: '%E0%A4%A' });
});

test('a path of another plugin is refused with both names, also when its params are named differently', () => {
  const store = new ContributionStore();
  store.put(page('billing', '/invoices/:id'));
  expect(() => store.put(page('shop', '/invoices/:number'))).toThrow(/"shop".*"\/invoices\/:number".*plugin "billing"/);
  store.removePlugin('billing');
  store.put(page('shop', '/invoices/:number'));
  expect(store.pages).toHaveLength(1);
});

test.each(['/', '/login', '/servers', '/servers/:id/x', '/admin/x', '/api', '/preview/1', '/:anything', 'hello'])(
  'the path %s is refused',
  (path) => {
    expect(() => new ContributionStore().put(page('greedy', path))).toThrow(ContributionConflict);
  },
);

test('tabs of the panel and of other plugins are refused', () => {
  const store = new ContributionStore();
  expect(() => store.put(tab('a', 'console'))).toThrow(/taken by the panel/);
  store.put(tab('a', 'stats'));
  expect(() => store.put(tab('b', 'stats'))).toThrow(/plugin "a"/);
  store.put({ ...tab('a', 'stats'), label: 'Again' });
  expect(store.tabs[0]?.label).toBe('Again');
});

test('contributions stand in the order of the registry, and a change is announced once', async () => {
  const store = new ContributionStore();
  let changes = 0;
  store.addEventListener('change', () => (changes += 1));
  store.put(tab('b', 'one'));
  store.put(tab('a', 'two'));
  store.setOrder(['a', 'b']);
  expect(store.tabs.map((entry) => entry.id)).toEqual(['two', 'one']);
  await Promise.resolve();
  expect(changes).toBe(1);
  store.remove(store.tabs[0]!.key);
  expect(store.tabs.map((entry) => entry.id)).toEqual(['one']);
});

test('sidebar items take the places they ask for', () => {
  const core = [{ id: 'dashboard' }, { id: 'servers' }];
  const item = (id: string, position?: string) => ({ id, plugin: `${id}-plugin`, position });
  const order = (...items: ReturnType<typeof item>[]) => arrangeSidebar(core, items).map((entry) => entry.id);
  expect(order(item('a'), item('b', 'first'), item('c', 'first'))).toEqual(['b', 'c', 'dashboard', 'servers', 'a']);
  expect(order(item('a', 'after:dashboard'), item('b', 'after:dashboard'))).toEqual(['dashboard', 'a', 'b', 'servers']);
  expect(order(item('a', 'before:b-plugin'), item('b', 'before:servers'))).toEqual(['dashboard', 'a', 'b', 'servers']);
  expect(order(item('a', 'after:nobody'), item('b', 'after:c'), item('c', 'after:b'))).toEqual([
    'dashboard',
    'servers',
    'a',
    'b',
    'c',
  ]);
});
