import type { HookContexts, HookServer } from './hooks.js';
import type { WidgetSize } from './server-api.js';

/** What `render` may return: a Lit template, a DOM node, text, or a promise of one. */
export type Renderable = unknown;

/** A LitElement class, or the tag name of an element that is already defined. */
export type ElementSource = CustomElementConstructor | string;

type Rendered<Args extends unknown[]> = { render: (...args: Args) => Renderable; element?: never };
type Elemental = { element: ElementSource; render?: never };
type View<Args extends unknown[]> = Rendered<Args> | Elemental;

/** What a page is opened with: the `:params` of its path and the query of the address, as text. */
export interface PageContext {
  /** The `:params` of the page's path, by their names. */
  params: Record<string, string>;
  /** What stands behind the `?`, by name. */
  query: Record<string, string>;
}

/** A server's live state, handed to server tabs. */
export interface ServerLive {
  /** The server as it is now. */
  readonly server: HookServer;
  /** The last sample: percent of one core, bytes and milliseconds. Null until there is one. */
  readonly usage: { cpu: number; memoryBytes: number; diskBytes: number; uptimeMs: number } | null;
  /** Called at every change until the returned function is called or the tab is left. */
  subscribe(listener: (live: ServerLive) => void): () => void;
}

/** What stands beside a sidebar item: a value, or a function that gives one. Null shows nothing. */
export type BadgeSource = number | string | null | (() => number | string | null | Promise<number | string | null>);

/** A page of the panel. With `admin` it is shown to admins only; its routes must check that themselves, since everybody may read `client.js`. */
export type PageDefinition = View<[PageContext]> & {
  /** Stands in the browser's tab, and is the page's only `h1`, read to those who do not see it: headings of the view begin with `h2`. */
  title: string;
  /** Only admins see it. Default false. */
  admin?: boolean;
};
/** An entry of the sidebar. */
export type SidebarItemDefinition = {
  /** What stands there. */
  label: string;
  /** The name of a Lucide icon. */
  icon?: string;
  /** Where it leads, within the panel: starts with one `/`. */
  href: string;
  /** A function is asked again after navigation, after each change through `sodium.api`, and once a minute. */
  badge?: BadgeSource;
  /** `first`, `last`, `before:<id>` or `after:<id>`. Default `last`. */
  position?: string;
  /** Stands at the end of the row, beside the link, so that it may hold a button of its own. As high as the row at most. */
  element?: ElementSource;
};
/** A tab in the view of a server. Its address ends in `<plugin>.<id>`. */
export type ServerTabDefinition = View<[serverId: string, live: ServerLive]> & {
  /** Unique within the plugin: `^[a-z][a-z0-9-]{0,48}$`. */
  id: string;
  /** What stands on the tab. */
  label: string;
  /** The name of a Lucide icon. */
  icon?: string;
};
/** A widget of the dashboard. A new one shows on every dashboard until its user hides it. */
export type WidgetDefinition = View<[{ size: WidgetSize }]> & {
  /** Unique within the plugin: `^[a-z][a-z0-9-]{0,48}$`. */
  id: string;
  /** Stands in the head of its card. */
  title: string;
  /** Where it begins; its user chooses. Default `small`. */
  size?: WidgetSize;
};
/**
 * A tab on the plugin’s page in the admin area. It runs in a sealed frame, and its `render` gets the open subtab or
 * null.
 */
export type AdminTabDefinition = View<[{ subtab: string | null }]> & {
  /** Unique within the plugin: `^[a-z][a-z0-9-]{0,48}$`. */
  id: string;
  /** What stands on the tab. */
  label: string;
  /** A second row of tabs below it. */
  subtabs?: readonly { id: string; label: string }[];
};

/** Takes back what was registered. Calling it twice is harmless. */
export type Dispose = () => void;

/** A hook that runs in the browser too: changes `ctx.items`, or returns the items to show. */
export type ItemsFilter<E extends 'sidebar:items' | 'admin:tabs'> = (
  ctx: HookContexts[E],
) => HookContexts[E]['items'] | void | Promise<HookContexts[E]['items'] | void>;

/**
 * Requests to the plugin’s own routes, with the session of whoever looks. `path` is below the plugin’s root. Each
 * gives the parsed answer, and rejects with an `ApiError` that has `status` and `code`.
 * @example const { items } = await sodium.api.get<{ items: Todo[] }>('/todos');
 */
export interface ClientApi {
  /** Reads. */
  get<T = unknown>(path: string): Promise<T>;
  /** Sends a body as JSON, usually to make something new. */
  post<T = unknown>(path: string, body?: unknown): Promise<T>;
  /** Sends a body as JSON, to put it in the place of what is there. */
  put<T = unknown>(path: string, body?: unknown): Promise<T>;
  /** Sends a body as JSON, to change a part of what is there. */
  patch<T = unknown>(path: string, body?: unknown): Promise<T>;
  /** Removes; a body is sent as JSON. */
  delete<T = unknown>(path: string, body?: unknown): Promise<T>;
}

/**
 * What a client hears live, of the servers that its user may see. Listeners receive `{ id, state, server }` with
 * `server:state`, `{ id, usage }` with `server:usage`, `{ server }` with `server:created`, `{ id }` with
 * `server:deleted`.
 */
export type LiveEvent = 'server:state' | 'server:usage' | 'server:created' | 'server:deleted';

/** The object that a plugin's `client.js` receives. Everything registered through it ends with the plugin. */
export interface ClientSodium {
  /** The plugin's own id, name and version. */
  readonly meta: { readonly id: string; readonly name: string; readonly version: string };
  /**
   * What the plugin adds to the panel. Each call throws a `PermissionError` without its permission, a `TypeError` for a
   * definition that lacks something, and for a path or id that the panel or another plugin has, an `Error` that names both.
   */
  readonly ui: {
    /** Pages by their paths, which start with `/` and may hold `:params`. Permission: `ui:pages`. */
    registerPages(pages: Record<string, PageDefinition>): Dispose;
    /** An entry of the sidebar. Permission: `ui:sidebar`. */
    addSidebarItem(item: SidebarItemDefinition): Dispose;
    /** A tab in the view of every server. Permission: `ui:server-tabs` or `ui:pages`. */
    addServerTab(tab: ServerTabDefinition): Dispose;
    /** A widget of the dashboard. Permission: `ui:widgets` or `ui:pages`. */
    addDashboardWidget(widget: WidgetDefinition): Dispose;
    /** A tab on the plugin's page in the admin area. Permission: `ui:admin`. */
    addAdminTab(tab: AdminTabDefinition): Dispose;
  };
  /** Requests to this plugin's own routes: `api.get('/todos')`. Rejects with an `ApiError` that has `status` and `code`. */
  readonly api: ClientApi;
  /** Who looks. What they may do is for the plugin's routes to check: what a browser says can be changed. */
  readonly user: { readonly id: string; readonly username: string; readonly role: 'admin' | 'user' };
  /** Opens an address of the panel, such as `/servers`, without loading the page anew. Throws for any other address. */
  navigate(path: string): void;
  /** Shows a short message for a few seconds. Default variant: `info`. */
  toast(message: string, options?: { variant?: 'info' | 'success' | 'warning' | 'danger' }): void;
  /** Asks a question and resolves with the answer; closing it is a no. */
  confirm(options: { title: string; message: string; confirmLabel?: string; danger?: boolean }): Promise<boolean>;
  /**
   * The address of a file in the plugin's `assets/` folder. It changes with the content, so browsers keep the file.
   * @example html`<img src=${sodium.asset('logo.svg')} alt="" />`
   */
  asset(path: string): string;
  /** Lit, as the shell runs it: a plugin never brings its own. */
  readonly lit: typeof import('lit');
  /**
   * Defines an element under a tag that is unique to this version, and returns that tag: browsers never forget a
   * definition, and an update brings another class. Needed for elements inside of elements only: where the panel takes an
   * element, pass the class.
   */
  define(name: string, element: CustomElementConstructor): string;
  /** Whether the panel is light or dark now, and word of each change. */
  readonly theme: { readonly mode: 'light' | 'dark'; subscribe(listener: (mode: 'light' | 'dark') => void): Dispose };
  /** What happens while somebody looks. */
  readonly live: {
    /**
     * Listens to a live event, of servers that the user may see; `LiveEvent` says what listeners receive. When a lost
     * connection is back, the last change of each server that was missed meanwhile is told again, and its latest reading.
     * So a listener may hear the same twice: take it as what is true now, and count nothing by it.
     */
    on(event: LiveEvent, listener: (data: unknown) => void): Dispose;
  };
  /**
   * The two hooks that run at render in the browser, after those of `server.js` and with the same context. A handler
   * changes `ctx.items`, or returns the items to show. It has 300 ms; one that fails or is late is left out.
   * Name the hook in `hooks` of `plugin.json`: then the client runs as soon as a page is idle, and not with its first view.
   * @example sodium.hooks.on('sidebar:items', (ctx) => { ctx.items = ctx.items.filter(({ id }) => id !== 'stats'); });
   */
  readonly hooks: {
    /** Filters the sidebar. Permission: `ui:sidebar`. */
    on(event: 'sidebar:items', handler: ItemsFilter<'sidebar:items'>): Dispose;
    /** Filters the tabs of the admin area. Permission: `ui:admin`. */
    on(event: 'admin:tabs', handler: ItemsFilter<'admin:tabs'>): Dispose;
  };
}

/** The default export of `client.js`. A function that it returns is called when the plugin leaves the page. */
export type ClientPlugin = (sodium: ClientSodium) => unknown;

/**
 * Gives a plugin's client its types. Returns it unchanged.
 * @example export default defineClient((sodium) => { sodium.ui.addSidebarItem({ label: 'Hello', href: '/hello' }); });
 */
export function defineClient<T extends ClientPlugin>(client: T): T {
  return client;
}
