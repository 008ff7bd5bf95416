import { createHash } from 'node:crypto';
import { adminTabEntriesSchema, sidebarEntriesSchema, type Registry, type RegistryEntry } from '@sodium/contract';
import { declaredHooks, themeOf, type Contributes, type Manifest } from '@sodium/sdk/manifest';
import { matchHooks, type AdminTabEntry, type HookUser, type Permission, type SidebarEntry } from '@sodium/sdk';
import type { PluginManager } from './manager.js';
import { withoutAdminParts } from './registry-of-users.js';
import type { RunningPlugin } from './running-plugin.js';
import { UI_PERMISSIONS, type UiPlace } from './sandbox/protocol/ui-permissions.js';

interface Snapshot {
  registry: Registry;
  etag: string;
}

/** What the shell paints from: the active plugins, without anything secret. */
export class PluginRegistry {
  private cached: Record<HookUser['role'], Snapshot> | null = null;

  constructor(private readonly manager: PluginManager) {
    manager.onChange(() => {
      this.cached = null;
    });
  }

  /** Changes with anything that some shell is told; the same for all of them, so that all can be told of it at once. */
  get version(): string {
    return this.snapshot('admin').etag;
  }

  /** What a session of this role may know. Two roles never share an ETag: a browser keeps its copy when its user's role changes. */
  snapshot(role: HookUser['role']): Snapshot {
    this.cached ??= this.build();
    return this.cached[role];
  }

  private build(): Record<HookUser['role'], Snapshot> {
    const items = this.manager
      .allShown()
      .map((running) => registryEntry(running, this.manager.deps.consents.granted(running.manifest.id)));
    const filters = { sidebar: this.manager.deps.hooks.isListening('sidebar:items') };
    const version = etagOf({ items, filters });
    const forUsers = { items: withoutAdminParts(items), filters, version };
    return {
      admin: { registry: { items, filters, version }, etag: version },
      user: { registry: forUsers, etag: etagOf({ role: 'user', ...forUsers }) },
    };
  }

  /** What of these items is shown to this user, once the plugins that filter them were asked. */
  async filterSidebar(user: HookUser, items: SidebarEntry[]): Promise<SidebarEntry[]> {
    return (await this.manager.deps.hooks.filter('sidebar:items', { user, items }, sidebarEntriesSchema)).items;
  }

  /** The admin tabs of all plugins, as the plugins that filter them leave them. */
  async adminTabs(user: HookUser): Promise<AdminTabEntry[]> {
    const declared = this.snapshot('admin').registry.items.flatMap((entry) =>
      (entry.contributes?.adminTabs ?? []).map(({ id, label }) => ({ id, label, plugin: entry.id })),
    );
    const { items } = await this.manager.deps.hooks.filter(
      'admin:tabs',
      { user, items: declared },
      adminTabEntriesSchema,
    );
    // A tab belongs to a plugin that runs: none can be made up.
    return items.filter((tab) => declared.some(({ id, plugin }) => id === tab.id && plugin === tab.plugin));
  }

  /** Permissions changed without anything starting or stopping. */
  invalidate(): void {
    this.cached = null;
  }
}

const etagOf = (content: object): string =>
  `"${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 27)}"`;

/** A plugin that runs, or one that is tried. */
export type ShownPlugin = Pick<RunningPlugin, 'manifest' | 'hash' | 'registrations' | 'hasFile'>;

/** What the shell needs to know of one plugin that holds these permissions. */
export function registryEntry(running: ShownPlugin, permissions: readonly Permission[]): RegistryEntry {
  const { manifest, hash } = running;
  const granted = new Set(permissions);
  const theme = themeOf(manifest);
  const base = `/plugins/${manifest.id}/${hash}/`;
  const ui = uiRights(granted);
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    type: manifest.type,
    hash,
    client: running.hasFile('client.js') ? `${base}client.js` : null,
    base,
    styles: manifest.styles.map((style) => base + style),
    contributes: allowed(contributesOf(running), ui),
    theme: theme ? { stylesheet: base + theme.stylesheet, modes: theme.modes } : null,
    ui,
    shared: manifest.shared ?? {},
    ...(ui.sidebar && hearsSidebar(manifest) ? { filtersSidebar: true } : {}),
  };
}

/** Which of its halves listens only its code can tell. */
const hearsSidebar = (manifest: Manifest): boolean =>
  declaredHooks(manifest).some(({ event }) => matchHooks(event).includes('sidebar:items'));

function uiRights(granted: ReadonlySet<Permission>): RegistryEntry['ui'] {
  const may = (place: UiPlace): boolean => UI_PERMISSIONS[place].some((permission) => granted.has(permission));
  return { pages: may('page'), tabs: may('tab'), widgets: may('widget'), sidebar: may('sidebar'), admin: may('admin') };
}

/** The manifest's word, else what server.js declared; null when only the client's code can tell. */
function contributesOf(running: ShownPlugin): Contributes | null {
  if (running.manifest.contributes) return running.manifest.contributes;
  const declared = running.registrations.ui;
  const any = Object.values(declared).some((list) => list.length > 0);
  return any || !running.hasFile('client.js') ? declared : null;
}

function allowed(contributes: Contributes | null, ui: RegistryEntry['ui']): Contributes | null {
  if (!contributes) return null;
  const keep = <T>(right: boolean, list: T[] | undefined): T[] => (right ? (list ?? []) : []);
  return {
    pages: keep(ui.pages, contributes.pages),
    sidebar: keep(ui.sidebar, contributes.sidebar),
    tabs: keep(ui.tabs, contributes.tabs),
    widgets: keep(ui.widgets, contributes.widgets),
    adminTabs: keep(ui.admin, contributes.adminTabs),
  };
}
