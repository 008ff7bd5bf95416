import { isForAdminsOnly } from '@sodium/contract/page-path';
import type { AdminTabEntry, SidebarEntry } from '@sodium/sdk';
import { html } from 'lit';
import { coreItems } from './layout/core-items.js';
import type { NavigationItem } from './layout/navigation.js';
import './pages/plugin-page.js';
import { createPluginRuntime, type PluginRuntime } from './plugins/index.js';
import type { FallbackMatch, Route } from './router/router.js';
import { arrangeSidebar } from './slots/index.js';
import type { PageContribution, ShellHost, SidebarContribution } from './slots/types.js';

/** A page that is there by then is shown in one step: leaving the old one for a placeholder would only flicker. */
const PATIENCE_MS = 150;

interface SidebarRow extends NavigationItem {
  position?: string;
}

/**
 * Joins the plugin runtime with the shell: the sidebar's order, pages at addresses no core route has. Fires `sidebar`
 * and `change`.
 */
export class PluginHost extends EventTarget {
  readonly #runtime: PluginRuntime;
  #sidebar: NavigationItem[] = coreItems();
  #turn = 0;

  constructor(private readonly host: ShellHost) {
    super();
    this.#runtime = createPluginRuntime(host);
    this.store.addEventListener('change', () => {
      this.dispatchEvent(new Event('change'));
      void this.#arrange();
    });
  }

  get store(): PluginRuntime['store'] {
    return this.#runtime.store;
  }

  get sidebar(): readonly NavigationItem[] {
    return this.#sidebar;
  }

  start(): Promise<void> {
    return this.#runtime.start();
  }

  refresh = (): Promise<void> => this.#runtime.refresh();

  /** Resolves once a plugin's code has run or failed, or is not worth waiting for any longer. */
  loadSoon(plugin: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      const settled = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#runtime.load(plugin).then(settled, settled);
    });
  }

  /** What the clients make of the admin area's tabs; only a preview shows those beside the panel. */
  filterAdminTabs = (items: AdminTabEntry[]): Promise<AdminTabEntry[]> => this.#runtime.filterAdminTabs(items);

  prefetch = (plugin: string): void => this.#runtime.prefetch(plugin);

  matchPage = (path: string): FallbackMatch | null => {
    const found = this.store.matchPage(path);
    if (!found || (found.contribution.admin && this.host.user.role !== 'admin')) return null;
    return { route: pageRoute(this, found.contribution), params: found.params };
  };

  async #arrange(): Promise<void> {
    const turn = ++this.#turn;
    const contributed = this.#reachable(this.store.sidebar).map(rowOf);
    const rows = arrangeSidebar<SidebarRow>(coreItems(), contributed);
    this.#show(rows);
    const kept = await this.#runtime.filterSidebar(rows.map(entryOf));
    // A filter may reorder, hide, rename and add; badges and groups stay with their item.
    if (turn === this.#turn)
      this.#show(kept.map((entry) => ({ ...rows.find((row) => row.id === entry.id), ...entry })));
  }

  /** A link to a page that is for admins only would lead others nowhere. The panel leaves out what was declared; the rest is known here. */
  #reachable(items: readonly SidebarContribution[]): readonly SidebarContribution[] {
    if (this.host.user.role === 'admin') return items;
    const { pages } = this.store;
    return items.filter(({ href }) => !isForAdminsOnly(href, pages));
  }

  /** What plugins register when they run is mostly what they had declared: the sidebar then stays as it is drawn. */
  #show(rows: SidebarRow[]): void {
    if (sameRows(rows, this.#sidebar)) return;
    this.#sidebar = rows;
    for (const { plugin } of rows) if (plugin) this.host.shown?.(plugin, 'sidebar');
    this.dispatchEvent(new Event('sidebar'));
  }
}

function pageRoute(plugins: PluginHost, page: PageContribution): Route {
  const current = (): PageContribution => plugins.store.pages.find(({ key }) => key === page.key) ?? page;
  return {
    path: `plugin ${page.key}`,
    title: () => current().title,
    load: () => plugins.loadSoon(page.plugin.id),
    view: ({ params, query }) =>
      html`<sodium-plugin-page
        .pageKey=${page.key}
        .params=${params}
        .query=${Object.fromEntries(query)}
      ></sodium-plugin-page>`,
    key: () => page.key,
  };
}

function rowOf(item: PluginHost['store']['sidebar'][number]): SidebarRow {
  return {
    id: item.id,
    label: item.label,
    href: item.href,
    plugin: item.plugin.id,
    badge: item.badgeValue ?? null,
    ...(item.icon ? { icon: item.icon } : {}),
    ...(item.group ? { group: item.group } : {}),
    ...(item.position ? { position: item.position } : {}),
    ...(item.definition?.element === undefined ? {} : { drawn: item }),
  };
}

function sameRows(some: readonly NavigationItem[], others: readonly NavigationItem[]): boolean {
  const withoutDrawn = (rows: readonly NavigationItem[]): string =>
    JSON.stringify(rows.map((row) => ({ ...row, drawn: undefined })));
  return withoutDrawn(some) === withoutDrawn(others) && some.every((row, index) => row.drawn === others[index]?.drawn);
}

function entryOf({ id, label, icon, href, plugin }: SidebarRow): SidebarEntry {
  return { id, label, href, ...(icon ? { icon } : {}), ...(plugin ? { plugin } : {}) };
}
