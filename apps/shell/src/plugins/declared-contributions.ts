import type { Contribution, PluginHandle } from '../slots/types.js';

/** What the registry says of a plugin, as the shell paints it before the plugin's code has run. */
export function declaredContributions(handle: PluginHandle): Contribution[] {
  const { entry } = handle;
  const { pages = [], sidebar = [], tabs = [], widgets = [], adminTabs = [] } = entry.contributes ?? {};
  const base = { plugin: entry, handle };
  return [
    ...pages.map((page): Contribution => ({
      ...base,
      ...page,
      kind: 'page',
      key: keyOf(entry.id, 'page', page.path),
      admin: page.admin ?? false,
    })),
    ...sidebar.map(({ badge: _, element: __, ...item }): Contribution => ({
      ...base,
      ...item,
      kind: 'sidebar',
      id: item.id ?? sidebarId(item.href),
      key: keyOf(entry.id, 'sidebar', item.href),
    })),
    ...tabs.map((tab): Contribution => ({ ...base, ...tab, kind: 'tab', key: keyOf(entry.id, 'tab', tab.id) })),
    ...widgets.map((widget): Contribution => ({
      ...base,
      ...widget,
      kind: 'widget',
      key: keyOf(entry.id, 'widget', widget.id),
      size: widget.size ?? 'small',
    })),
    ...adminTabs.map((tab): Contribution => ({
      ...base,
      ...tab,
      kind: 'adminTab',
      key: keyOf(entry.id, 'adminTab', tab.id),
      subtabs: tab.subtabs ?? [],
    })),
  ];
}

export const keyOf = (plugin: string, kind: Contribution['kind'], local: string): string =>
  `${plugin}/${kind}/${local}`;

/** `/todo/list` is "todo-list" to `before:` and `after:`. */
export const sidebarId = (href: string): string =>
  href
    .replace(/^\/+|\/+$/g, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
