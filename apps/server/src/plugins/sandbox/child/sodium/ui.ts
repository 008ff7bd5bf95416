import type { Contributes } from '@sodium/sdk/manifest';
import { UI_PERMISSIONS } from '../../protocol/ui-permissions.js';
import { assertOpen, type SodiumContext } from './context.js';

type Entry = Record<string, unknown>;
type Lists = { [K in keyof Contributes]-?: Entry[] };

/** Declarations for the shell: fields that JSON keeps; functions such as `render` belong to the client and are left out. */
export function createUi(context: SodiumContext): Record<string, (value: unknown) => void> {
  const { permissions, registered } = context;
  const add = (list: keyof Lists, entry: Entry): void => {
    assertOpen(context, 'sodium.ui');
    ((registered.ui as Partial<Lists>)[list] ??= []).push(entry);
  };
  return {
    registerPages: (pages) => {
      permissions.require('sodium.ui.registerPages', ...UI_PERMISSIONS.page);
      for (const [path, page] of Object.entries(pages as Record<string, Entry>))
        add('pages', { ...pick(page, 'title', 'icon', 'admin'), path });
    },
    addSidebarItem: (item) => {
      permissions.require('sodium.ui.addSidebarItem', ...UI_PERMISSIONS.sidebar);
      add('sidebar', pick(item, 'id', 'label', 'icon', 'href', 'position', 'group'));
    },
    addServerTab: (tab) => {
      permissions.require('sodium.ui.addServerTab', ...UI_PERMISSIONS.tab);
      add('tabs', pick(tab, 'id', 'label', 'icon'));
    },
    addDashboardWidget: (widget) => {
      permissions.require('sodium.ui.addDashboardWidget', ...UI_PERMISSIONS.widget);
      add('widgets', pick(widget, 'id', 'title', 'size'));
    },
    addAdminTab: (tab) => {
      permissions.require('sodium.ui.addAdminTab', ...UI_PERMISSIONS.admin);
      add('adminTabs', pick(tab, 'id', 'label', 'subtabs'));
    },
  };
}

function pick(value: unknown, ...keys: string[]): Entry {
  if (typeof value !== 'object' || value === null)
    throw new TypeError('sodium.ui needs an object that describes what to add.');
  const entry: Entry = {};
  for (const key of keys) {
    const field = (value as Entry)[key];
    if (field !== undefined && typeof field !== 'function') entry[key] = JSON.parse(JSON.stringify(field));
  }
  return entry;
}
