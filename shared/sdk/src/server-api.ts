import type { HookContextOf, HookPattern, HookServer, HookUser } from './hooks.js';

/** A value that JSON keeps. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A stored document. `id` is a string, unique in its collection. */
export type Document = { id: string; [field: string]: unknown };

type Comparison = {
  /** Greater than; numbers among numbers, text among text. */
  $gt?: unknown;
  /** Greater than or equal to. */
  $gte?: unknown;
  /** Less than. */
  $lt?: unknown;
  /** Less than or equal to. */
  $lte?: unknown;
  /** Anything but this value. */
  $ne?: unknown;
  /** One of these values. */
  $in?: readonly unknown[];
};

/** Equality on fields (dotted paths reach into objects), or comparisons. All conditions must hold. */
export type Query = Record<string, unknown | Comparison>;

/** How a search sorts its documents and which part of them it gives. */
export interface FindOptions {
  /** `{ createdAt: -1 }` sorts newest first. Default: the order of insertion. */
  sort?: Record<string, 1 | -1>;
  /** At most so many documents. Default: all. */
  limit?: number;
  /** Leaves out so many of the first documents. Default: 0. */
  offset?: number;
}

/**
 * A collection by its name, or with fields (dotted paths too) that are searched by equality without looking at every
 * document.
 */
export type CollectionSpec = string | { name: string; indexes?: readonly string[] };

/**
 * The plugin's own collections. Every method returns its value at once, so `await` is optional. The answer to a
 * request, hook or task leaves only after all writes made so far are on disk.
 */
export interface Db {
  /** Declares collections (`^[a-z][a-z0-9_]{0,62}$`). Declaring one twice is harmless. */
  registerCollections(specs: readonly CollectionSpec[]): void;
  /** All documents that match, as copies. Throws for a collection that was not declared, and for an unknown operator. */
  find<T extends Document = Document>(collection: string, query?: Query, options?: FindOptions): T[];
  /** The first document that matches, or null. */
  findOne<T extends Document = Document>(collection: string, query?: Query, options?: FindOptions): T | null;
  /** The document with this id, or null, in constant time. */
  get<T extends Document = Document>(collection: string, id: string): T | null;
  /** How many documents match. */
  count(collection: string, query?: Query): number;
  /** Adds a document and returns it. A missing `id` becomes a UUID; a taken one throws `DuplicateIdError`. */
  insert<T extends Document = Document>(collection: string, document: Record<string, unknown>): T;
  /** Merges `patch` into the document and returns it, or returns null when there is none. */
  update<T extends Document = Document>(collection: string, id: string, patch: Record<string, unknown>): T | null;
  /** True when there was such a document. */
  delete(collection: string, id: string): boolean;
}

/**
 * What a plugin keeps, and what can be set. Given to `definePlugin`, a wrong name of a collection or a setting does not
 * compile, and documents and values have their types.
 * @example
 * interface Todo { text: string; done: boolean }
 * export default definePlugin<{ collections: { todos: Todo }; settings: { limit: number } }>((sodium) => {
 *   sodium.db.registerCollections(['todos']);
 *   const open = sodium.db.find('todos', { done: false }, { limit: sodium.config.get('limit') });
 * });
 */
export interface PluginShape {
  /** The fields of documents, by the names of their collections. */
  collections?: object;
  /** Values, by the keys of the settings in `plugin.json`. */
  settings?: object;
}

type Name<T> = keyof T & string;

/** `sodium.db` of a plugin that named its collections. */
export interface TypedDb<Collections extends object> {
  /** As in `Db`. */
  registerCollections(
    specs: readonly (Name<Collections> | { name: Name<Collections>; indexes?: readonly string[] })[],
  ): void;
  /** As in `Db`. */
  find<N extends Name<Collections>>(collection: N, query?: Query, options?: FindOptions): Stored<Collections[N]>[];
  /** As in `Db`. */
  findOne<N extends Name<Collections>>(
    collection: N,
    query?: Query,
    options?: FindOptions,
  ): Stored<Collections[N]> | null;
  /** As in `Db`. */
  get<N extends Name<Collections>>(collection: N, id: string): Stored<Collections[N]> | null;
  /** As in `Db`. */
  count(collection: Name<Collections>, query?: Query): number;
  /** As in `Db`. */
  insert<N extends Name<Collections>>(
    collection: N,
    document: Omit<Collections[N], 'id'> & { id?: string },
  ): Stored<Collections[N]>;
  /** As in `Db`. */
  update<N extends Name<Collections>>(
    collection: N,
    id: string,
    patch: Partial<Collections[N]>,
  ): Stored<Collections[N]> | null;
  /** As in `Db`. */
  delete(collection: Name<Collections>, id: string): boolean;
}

/** A document as it is read: with its id. */
export type Stored<T> = T & { id: string };

/** `sodium.config` of a plugin that named its settings. */
export interface TypedConfig<Settings extends object> {
  /** As in `Config`. */
  get<K extends Name<Settings>>(key: K): Settings[K];
  /** As in `Config`. */
  getAll(): Settings;
  /** As in `Config`. */
  set<K extends Name<Settings>>(key: K, value: Settings[K]): Promise<void>;
  /** As in `Config`. */
  onChange(listener: (changed: Partial<Settings>) => void): void;
}

/** A request to one of the plugin’s routes. */
export interface PluginRequest {
  /** In capitals, such as `POST`. */
  readonly method: string;
  /** Below the plugin's own root: `/invoices`, not `/api/plugins/billing/invoices`. */
  readonly path: string;
  /** The `:params` of the route's path, decoded. Those of a `*wildcard` are one text with its slashes. */
  params: Record<string, string>;
  /** The query of the address, decoded; a list for a name that stands in it more than once. */
  query: Record<string, string | string[]>;
  /** Lower-case names. The panel's cookie and Authorization header are never among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body for JSON and form bodies, the text for text bodies, else undefined. */
  body: unknown;
  /** The body as it came, for signatures. At most 1 MiB unless the operator allows more. */
  readonly rawBody: Uint8Array;
  /** The caller's address, as the panel sees it: behind a proxy that the operator trusts, the address the proxy names. */
  readonly ip: string;
  /** Null only on routes that `http.public` lists. */
  readonly user: HookUser | null;
  /** A header by its name, in any case. */
  get(header: string): string | undefined;
}

/**
 * The answer to a request. It leaves only after everything that was written is on disk. Using it after it was sent
 * throws. It has 32 MiB at most, and 15 seconds: then the caller gets 504.
 */
export interface PluginResponse {
  /** The status that will be sent. Default 200. */
  statusCode: number;
  /** True once `json`, `send`, `end`, `redirect` or `sendStatus` was called. */
  readonly headersSent: boolean;
  /** Sets the status, a whole number from 200 to 599. Throws `RangeError` for any other. */
  status(code: number): this;
  /** Sets a header, in the place of one of that name. Throws for names and values that HTTP does not allow. */
  set(name: string, value: string): this;
  /** Sets several headers at once. */
  set(headers: Record<string, string>): this;
  /** Sets the content type: in full (`text/calendar`), or by a short name such as `json`, `csv`, `png` or `pdf`. */
  type(contentType: string): this;
  /** Sends a value as JSON. */
  json(value: unknown): this;
  /** A string is text/html, bytes are application/octet-stream, anything else is JSON, unless `type` was called. */
  send(body?: unknown): this;
  /** Sends the caller elsewhere, with status 302. */
  redirect(url: string): this;
  /** Sends the caller elsewhere, with a status such as 303 or 308. */
  redirect(status: number, url: string): this;
  /** Sends a status with its name as the body, such as `Not Found`. */
  sendStatus(code: number): this;
  /** Sends what there is, without guessing a content type. */
  end(body?: string | Uint8Array): this;
}

/** Goes on to the next handler; with an error, to the next error handler. */
export type Next = (error?: unknown) => void;
/**
 * Answers a request or calls `next`. It may be async: a rejection is passed to the error handlers, and answers 500
 * when there is none.
 */
export type RouteHandler = (req: PluginRequest, res: PluginResponse, next: Next) => unknown;
/** A handler with four parameters, for errors of those before it. */
export type RouteErrorHandler = (error: unknown, req: PluginRequest, res: PluginResponse, next: Next) => unknown;

/**
 * Routes as in Express 5. Paths may hold `:params` and `*wildcards`; handlers run in the order in which they were
 * added.
 * @example
 * sodium.http.registerRoutes((router) => {
 *   router.get('/todos/:id', (req, res) => res.json(sodium.db.get('todos', req.params.id ?? '')));
 * });
 */
export interface Router {
  /** Answers `GET`, and `HEAD` without the body. */
  get(path: string, ...handlers: RouteHandler[]): this;
  /** Answers `POST`. */
  post(path: string, ...handlers: RouteHandler[]): this;
  /** Answers `PUT`. */
  put(path: string, ...handlers: RouteHandler[]): this;
  /** Answers `PATCH`. */
  patch(path: string, ...handlers: RouteHandler[]): this;
  /** Answers `DELETE`. */
  delete(path: string, ...handlers: RouteHandler[]): this;
  /** Answers every method. */
  all(path: string, ...handlers: RouteHandler[]): this;
  /** Runs for every request; handlers with four parameters run for errors. */
  use(...handlers: (RouteHandler | RouteErrorHandler)[]): this;
  /** The same below a path, which is taken off `req.path` for these handlers. */
  use(path: string, ...handlers: (RouteHandler | RouteErrorHandler)[]): this;
  /** Runs before the handlers of any route with this `:param`, with its value: to look something up, or to refuse. */
  param(name: string, handler: (req: PluginRequest, res: PluginResponse, next: Next, value: string) => unknown): this;
}

/**
 * Writes to the plugin’s log, which admins read. Values are joined with spaces, objects are shown as in a console. A
 * line has 8 KiB at most, a second 100 lines.
 */
export interface Logger {
  /** Details that help whoever looks for a fault. */
  debug(...values: unknown[]): void;
  /** What happened, in order. */
  info(...values: unknown[]): void;
  /** Something is odd, and the plugin goes on. */
  warn(...values: unknown[]): void;
  /** Something did not work. */
  error(...values: unknown[]): void;
}

/** The settings an admin typed, with the manifest's defaults filled in. Reads are synchronous and always current. */
export interface Config {
  /** The value of a setting, its default, or undefined. */
  get<T = unknown>(key: string): T;
  /** All settings by their keys, as a copy. */
  getAll(): Record<string, unknown>;
  /**
   * Validated against the manifest, like what an admin types. Resolves once the panel has stored it; rejects for a key
   * that the manifest does not declare and for a value that it does not allow.
   */
  set(key: string, value: unknown): Promise<void>;
  /** Called after an admin or the plugin itself changed settings, with the changed ones. At most 100 listeners. */
  onChange(listener: (changed: Record<string, unknown>) => void): void;
}

/** A user as `sodium.users` shows it. */
export interface SodiumUser extends HookUser {
  /** As its owner typed it; the panel does not check that mail arrives there. */
  readonly email: string;
}

/**
 * The object that a plugin's `server.js` receives. Routes, hooks, tasks and contributions are registered while the
 * default export runs, or before the promise that it returns resolves; later ones throw. A call without its permission
 * throws a `PermissionError` (`code` is `PERMISSION_DENIED`) that names the line to add to `plugin.json`.
 */
export interface ServerSodium<Shape extends PluginShape = PluginShape> {
  /** The plugin's own id, name and version, and the panel's version in `sodium`. Needs no permission. */
  readonly meta: { readonly id: string; readonly name: string; readonly version: string; readonly sodium: string };
  /** The plugin's own collections. Permission: `db:own`. */
  readonly db: Shape extends { collections: infer Collections extends object } ? TypedDb<Collections> : Db;
  /** Addresses of the plugin's own, below `/api/plugins/<id>/`. Permission: `http:routes`. */
  readonly http: {
    /** Hands out the router. May be called more than once; a plugin has 1000 routes at most. */
    registerRoutes(build: (router: Router) => void): void;
  };
  /** What the plugin reacts to. Each hook needs its permission; `route:register` needs none. */
  readonly hooks: {
    /**
     * Listens to a hook that the manifest lists. Lower priority runs first; default 10. A handler may be async; that of
     * a `before` hook has two seconds. Throws for a hook that does not exist or that `plugin.json` does not list.
     * @example sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.user.serverCount > 3) ctx.deny('At most 3 servers.'); });
     */
    on<P extends HookPattern>(event: P, handler: (ctx: HookContextOf<P>) => unknown, priority?: number): void;
  };
  /** Work at set times. Permission: `cron:register`. */
  readonly cron: {
    /**
     * Runs `handler` at the times of a five-field cron expression. Default timezone: UTC. It has 60 seconds, and a run
     * that is due while the last one still goes on is left out. Runs that were missed while the panel was down are made up
     * for by one at its start. Throws for a name that is taken; at most 100 tasks.
     * @example sodium.cron.register('nightly', '0 3 * * *', () => tidy(), { timezone: 'Europe/Berlin' });
     */
    register(name: string, expression: string, handler: () => unknown, options?: { timezone?: string }): void;
  };
  /** The plugin's log. Needs no permission. */
  readonly logger: Logger;
  /** The plugin's settings. Needs no permission. */
  readonly config: Shape extends { settings: infer Settings extends object } ? TypedConfig<Settings> : Config;
  /**
   * Calls a method that another active plugin returned from its default export. Arguments and result are JSON. Rejects
   * when that plugin is not active, has no such method, fails, or does not answer within 5 seconds. Permission:
   * `plugins:call`.
   */
  readonly plugins: { call<T = unknown>(id: string, method: string, ...args: unknown[]): Promise<T> };
  /**
   * All servers of the panel. Permissions: `servers:read` to read, `servers:suspend` to suspend, `servers:power` for
   * power. What a plugin does here asks no `before` hook.
   */
  readonly servers: {
    /** Every server, without secrets. */
    list(): Promise<HookServer[]>;
    /** The server with this id, or null. */
    get(id: string): Promise<HookServer | null>;
    /** Stops it and keeps it from being started; the reason (at most 300 characters) is shown to its owner. */
    suspend(id: string, reason?: string): Promise<void>;
    /** Lets it be started again. It stays stopped. */
    unsuspend(id: string): Promise<void>;
    /** Resolves as soon as the action has begun. Rejects when the server is not in a state for it. */
    power(id: string, action: 'start' | 'stop' | 'restart' | 'kill'): Promise<void>;
  };
  /** All users of the panel. Permission: `users:read`. */
  readonly users: {
    /** Every user, without passwords and sessions. */
    list(): Promise<SodiumUser[]>;
    /** The user with this id, or null. */
    get(id: string): Promise<SodiumUser | null>;
  };
  /** Route handlers that answer 401 or 403 themselves. */
  readonly auth: { readonly requireUser: RouteHandler; readonly requireAdmin: RouteHandler };
  /** Contributions that the shell paints before the client's code has loaded. */
  readonly ui: ServerUi;
}

/**
 * Declarative contributions: what the shell paints before the client's code has loaded. The client draws them under the
 * same paths and ids, and where both say something the client wins. Icons are names of Lucide icons.
 */
export interface ServerUi {
  /** Pages by their paths; with `admin` for admins only. Permission: `ui:pages`. */
  registerPages(pages: Record<string, { title: string; icon?: string; admin?: boolean }>): void;
  /** An entry of the sidebar. Permission: `ui:sidebar`. */
  addSidebarItem(item: { label: string; href: string; icon?: string; position?: string }): void;
  /** A tab in the view of a server. Permission: `ui:server-tabs` or `ui:pages`. */
  addServerTab(tab: { id: string; label: string; icon?: string }): void;
  /** A widget of the dashboard. Permission: `ui:widgets` or `ui:pages`. */
  addDashboardWidget(widget: { id: string; title: string; size?: WidgetSize }): void;
  /** A tab on the plugin's page in the admin area. Permission: `ui:admin`. */
  addAdminTab(tab: { id: string; label: string; subtabs?: readonly { id: string; label: string }[] }): void;
}

/** How much room a widget takes on the dashboard: one, two or four columns. */
export type WidgetSize = 'small' | 'medium' | 'large';

/** What `testSettings` says. The message is shown to the admin as plain text, at most 500 characters of it. */
export interface SettingsTestResult {
  /** Whether the settings work. */
  ok: boolean;
  /** What the admin reads beside the result. */
  message?: string;
}

/**
 * Methods with a meaning to the panel, among those that a default export may return.
 * @example return { testSettings: async () => ({ ok: true, message: 'The webhook answers.' }) };
 */
export interface PanelMethods {
  /**
   * Makes the settings form show a test button while the plugin is active. Called with the saved settings in
   * `sodium.config`, never with what is only typed. Deadline: 5 s, as of every method. Throwing counts as
   * `ok: false`. The values of secret settings are blotted out of the message.
   */
  testSettings?(): SettingsTestResult | Promise<SettingsTestResult>;
}

/** The default export of `server.js`. What it returns are the methods other plugins may call; see `PanelMethods` too. */
export type ServerPlugin<Shape extends PluginShape = PluginShape> = (sodium: ServerSodium<Shape>) => unknown;

/**
 * Gives a plugin's default export its types. Returns it unchanged.
 * @example export default definePlugin((sodium) => { sodium.logger.info('hello'); });
 */
export function definePlugin<T extends ServerPlugin>(plugin: T): T;
/** The same for a plugin that says what it keeps and what can be set. */
export function definePlugin<Shape extends PluginShape>(plugin: ServerPlugin<Shape>): ServerPlugin<Shape>;
export function definePlugin(plugin: unknown): unknown {
  return plugin;
}
