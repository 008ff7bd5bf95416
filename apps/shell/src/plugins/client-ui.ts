import type { RegistryEntry } from '@sodium/contract';
import type { ClientSodium, Dispose, Permission } from '@sodium/sdk';
import type { ContributionStore } from '../slots/contribution-store.js';
import type { Contribution, PluginHandle } from '../slots/types.js';
import { keyOf, sidebarId } from './declared-contributions.js';
import type { Disposables } from './disposables.js';

/** The plugin lacks a permission; the message says which, and the line to add. */
export class PermissionError extends Error {
  override readonly name = 'PermissionError';
}

/** `sodium.ui`: what the client registers is merged over what was declared; where both speak, the client wins. */
export function createUi(handle: PluginHandle, store: ContributionStore, owned: Disposables): ClientSodium['ui'] {
  const { entry } = handle;
  const { id, ui } = entry;

  function put(contribution: Contribution): Dispose {
    if (owned.disposed) throw new Error(`Plugin "${id}" is no longer active here, so it cannot add anything.`);
    const declared = store.get(contribution.key);
    store.put({ ...declared, ...defined(contribution) } as Contribution);
    return owned.add(() => store.remove(contribution.key));
  }
  const base = (kind: Contribution['kind'], local: string) => ({ key: keyOf(id, kind, local), plugin: entry, handle });

  return Object.freeze<ClientSodium['ui']>({
    registerPages(pages) {
      require(ui.pages, entry, 'add pages', 'ui:pages');
      const disposals = Object.entries(pages).map(([path, definition]) => {
        requireView(definition, `the page "${path}"`);
        return put({
          ...base('page', path),
          kind: 'page',
          path,
          title: definition.title,
          admin: definition.admin ?? false,
          definition,
        });
      });
      return () => disposals.forEach((dispose) => dispose());
    },
    addSidebarItem(item) {
      require(ui.sidebar, entry, 'add a sidebar item', 'ui:sidebar');
      requireText(item, ['label', 'href'], 'A sidebar item');
      if (!/^\/(?!\/)/.test(item.href))
        throw new TypeError(`A sidebar item’s "href" starts with one "/", found "${item.href}".`);
      const { label, icon, href, badge, position } = item;
      const declared = store.get(keyOf(id, 'sidebar', href)) as { id?: string } | undefined;
      const local = declared?.id ?? sidebarId(href);
      return put({
        ...base('sidebar', href),
        kind: 'sidebar',
        id: local,
        label,
        icon,
        href,
        badge,
        position,
        definition: item,
      });
    },
    addServerTab(tab) {
      require(ui.tabs, entry, 'add a server tab', 'ui:server-tabs');
      requireText(tab, ['id', 'label'], 'A server tab');
      requireView(tab, `the server tab "${tab.id}"`);
      return put({
        ...base('tab', tab.id),
        kind: 'tab',
        id: tab.id,
        label: tab.label,
        icon: tab.icon,
        definition: tab,
      });
    },
    addDashboardWidget(widget) {
      require(ui.widgets, entry, 'add a dashboard widget', 'ui:widgets');
      requireText(widget, ['id', 'title'], 'A dashboard widget');
      requireView(widget, `the dashboard widget "${widget.id}"`);
      const { id: local, title, size } = widget;
      const declared = store.get(keyOf(id, 'widget', local)) as { size?: typeof size } | undefined;
      return put({
        ...base('widget', local),
        kind: 'widget',
        id: local,
        title,
        size: size ?? declared?.size ?? 'small',
        definition: widget,
      });
    },
    addAdminTab(tab) {
      require(ui.admin, entry, 'add an admin tab', 'ui:admin');
      requireText(tab, ['id', 'label'], 'An admin tab');
      requireView(tab, `the admin tab "${tab.id}"`);
      return put({
        ...base('adminTab', tab.id),
        kind: 'adminTab',
        id: tab.id,
        label: tab.label,
        subtabs: tab.subtabs ?? [],
        definition: tab,
      });
    },
  });
}

function require(allowed: boolean, entry: RegistryEntry, what: string, permission: Permission): void {
  if (allowed) return;
  throw new PermissionError(
    `Plugin "${entry.id}" may not ${what}: it lacks the permission "${permission}". Add "${permission}" to "permissions" in its plugin.json; an admin then approves it.`,
  );
}

function requireText(value: object, fields: string[], what: string): void {
  for (const field of fields) {
    const found = (value as Record<string, unknown>)[field];
    if (typeof found !== 'string' || found === '')
      throw new TypeError(`${what} needs "${field}", a text, found ${JSON.stringify(found) ?? 'nothing'}.`);
  }
}

function requireView(definition: { render?: unknown; element?: unknown }, what: string): void {
  const { render, element } = definition;
  if (typeof render === 'function' || typeof element === 'function' || typeof element === 'string') return;
  throw new TypeError(`For ${what}, pass "render" (a function) or "element" (a class or a tag).`);
}

/** Without the fields that the client left open, so that they do not erase what was declared. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
