import type { AdminTabEntry, HookServer, SidebarEntry } from './hooks.js';
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
  params: Record<string, string>;
  query: Record<string, string>;
}

/** A server's live state, handed to server tabs. */
export interface ServerLive {
  readonly server: HookServer;
  readonly usage: { cpu: number; memoryBytes: number; diskBytes: number; uptimeMs: number } | null;
  /** Called at every change until the returned function is called or the tab is left. */
  subscribe(listener: (live: ServerLive) => void): () => void;
}

/** What stands beside a sidebar item: a value, or a function that gives one. Null shows nothing. */
export type BadgeSource = number | string | null | (() => number | string | null | Promise<number | string | null>);

/** A page of the panel. With `admin` it is shown to admins only; its routes must check that themselves. */
export type PageDefinition = View<[PageContext]> & { title: string; admin?: boolean };
/** An entry of the sidebar. */
export type SidebarItemDefinition = {
  label: string;
  /** The name of a Lucide icon. */
  icon?: string;
  href: string;
  /** A function is asked again after navigation and once a minute. */
  badge?: BadgeSource;
  /** `first`, `last`, `before:<id>` or `after:<id>`. Default `last`. */
  position?: string;
  element?: ElementSource;
};
/** A tab in the view of a server. Its address ends in `<plugin>.<id>`. */
export type ServerTabDefinition = View<[serverId: string, live: ServerLive]> & {
  id: string;
  label: string;
  icon?: string;
};
/** A widget of the dashboard. Its user chooses the size; `size` is where it begins, and `medium` by default. */
export type WidgetDefinition = View<[{ size: WidgetSize }]> & { id: string; title: string; size?: WidgetSize };
/**
 * A tab on the plugin’s page in the admin area. It runs in a sealed frame, and its `render` gets the open subtab or
 * null.
 */
export type AdminTabDefinition = View<[{ subtab: string | null }]> & {
  id: string;
  label: string;
  subtabs?: readonly { id: string; label: string }[];
};

/** Takes back what was registered. Calling it twice is harmless. */
export type Dispose = () => void;

/**
 * Requests to the plugin’s own routes, with the session of whoever looks. `path` is below the plugin’s root. Each
 * gives the parsed answer, and rejects with an `ApiError` that has `status` and `code`.
 * @example const { items } = await sodium.api.get<{ items: Todo[] }>('/todos');
 */
export interface ClientApi {
  get<T = unknown>(path: string): Promise<T>;
  post<T = unknown>(path: string, body?: unknown): Promise<T>;
  put<T = unknown>(path: string, body?: unknown): Promise<T>;
  patch<T = unknown>(path: string, body?: unknown): Promise<T>;
  delete<T = unknown>(path: string, body?: unknown): Promise<T>;
}

/** What a client hears live, of the servers that its user may see. */
export type LiveEvent = 'server:state' | 'server:usage' | 'server:created' | 'server:deleted';

/** The object that a plugin's `client.js` receives. Everything registered through it ends with the plugin. */
export interface ClientSodium {
  readonly meta: { readonly id: string; readonly name: string; readonly version: string };
  readonly ui: {
    /** Paths start with `/` and may hold `:params`. */
    registerPages(pages: Record<string, PageDefinition>): Dispose;
    addSidebarItem(item: SidebarItemDefinition): Dispose;
    addServerTab(tab: ServerTabDefinition): Dispose;
    addDashboardWidget(widget: WidgetDefinition): Dispose;
    addAdminTab(tab: AdminTabDefinition): Dispose;
  };
  /** Requests to this plugin's own routes: `api.get('/todos')`. Throws an `ApiError` with `status` and `code`. */
  readonly api: ClientApi;
  readonly user: { readonly id: string; readonly username: string; readonly role: 'admin' | 'user' };
  /** Opens an address of the panel, such as `/servers`, without loading the page anew. */
  navigate(path: string): void;
  /** Shows a short message for a few seconds. */
  toast(message: string, options?: { variant?: 'info' | 'success' | 'warning' | 'danger' }): void;
  /** Asks a question and resolves with the answer; closing it is a no. */
  confirm(options: { title: string; message: string; confirmLabel?: string; danger?: boolean }): Promise<boolean>;
  /** The address of a file in the plugin's `assets/` folder. */
  asset(path: string): string;
  /** Lit, as the shell runs it: a plugin never brings its own. */
  readonly lit: typeof import('lit');
  /** Defines an element under a tag that is unique to this version, and returns that tag. */
  define(name: string, element: CustomElementConstructor): string;
  readonly theme: { readonly mode: 'light' | 'dark'; subscribe(listener: (mode: 'light' | 'dark') => void): Dispose };
  readonly live: {
    /** Live events the user may see. */
    on(event: LiveEvent, listener: (data: unknown) => void): Dispose;
  };
  readonly hooks: {
    on(event: 'sidebar:items', handler: (items: SidebarEntry[]) => SidebarEntry[]): Dispose;
    on(event: 'admin:tabs', handler: (items: AdminTabEntry[]) => AdminTabEntry[]): Dispose;
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
