import type { Contributes } from '@sodium/sdk/manifest';

type Fields = Record<string, unknown>;
type ElementClass = abstract new () => unknown;
/** The document's, which stands in for a browser's. */
declare const customElements: {
  getName(element: ElementClass): string | null;
  define(tag: string, element: ElementClass): void;
};

/** What a client receives while it is recorded: it registers, and gets no answer to anything else. */
export class RecordingSodium {
  readonly contributes: Required<{ -readonly [K in keyof Contributes]: Fields[] }> = {
    pages: [],
    sidebar: [],
    tabs: [],
    widgets: [],
    adminTabs: [],
  };
  /** It has more to do on a page than what is painted of it, so it has to run there. */
  listens = false;

  readonly sodium: object;

  constructor(role: 'admin' | 'user', lit: unknown) {
    const pending = (): Promise<never> => new Promise(() => undefined);
    const listen = (): (() => void) => {
      this.listens = true;
      return () => undefined;
    };
    const nothing = (): void => undefined;
    this.sodium = {
      meta: { id: 'recorded', name: 'recorded', version: '0.0.0' },
      ui: this.#ui(),
      api: { get: pending, post: pending, put: pending, patch: pending, delete: pending },
      user: { id: 'recorded', username: 'recorded', role },
      navigate: nothing,
      toast: listen,
      confirm: pending,
      asset: (path: string) => `/${path}`,
      lit,
      define: (name: string, element: ElementClass) => define(name, element),
      theme: { mode: 'light', subscribe: listen },
      live: { on: listen },
      hooks: { on: listen },
    };
  }

  #ui(): object {
    const keep = (list: Fields[], given: Fields, names: readonly string[], more: Fields = {}): (() => void) => {
      const chosen = names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]);
      list.push({ ...Object.fromEntries(chosen), ...more });
      return () => undefined;
    };
    const { pages, sidebar, tabs, widgets, adminTabs } = this.contributes;
    return {
      registerPages: (given: Record<string, Fields>) => {
        for (const [path, page] of Object.entries(given)) keep(pages, page, ['title', 'icon', 'admin'], { path });
        return () => undefined;
      },
      addSidebarItem: (item: Fields) =>
        keep(sidebar, item, ['label', 'icon', 'href', 'position'], {
          ...(item.badge === undefined ? {} : { badge: true }),
          ...(item.element === undefined ? {} : { element: true }),
        }),
      addServerTab: (tab: Fields) => keep(tabs, tab, ['id', 'label', 'icon']),
      addDashboardWidget: (widget: Fields) => keep(widgets, widget, ['id', 'title', 'size']),
      addAdminTab: (tab: Fields) =>
        keep(adminTabs, tab, ['id', 'label'], {
          subtabs: ((tab.subtabs ?? []) as Fields[]).map(({ id, label }) => ({ id, label })),
        }),
    };
  }
}

let count = 0;

function define(name: string, element: ElementClass): string {
  const tag = `recorded-${(count += 1)}-${name}`;
  if (!customElements.getName(element)) customElements.define(tag, element);
  return customElements.getName(element) ?? tag;
}
