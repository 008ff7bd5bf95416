import type { HookContextOf, HookPattern, HookServer, HookUser } from './hooks.js';

/** A value that JSON keeps. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A stored document. `id` is a string, unique in its collection. */
export type Document = { id: string; [field: string]: unknown };

type Comparison = {
  $gt?: unknown;
  $gte?: unknown;
  $lt?: unknown;
  $lte?: unknown;
  $ne?: unknown;
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

/** A request to one of the plugin’s routes. */
export interface PluginRequest {
  readonly method: string;
  /** Below the plugin's own root: `/invoices`, not `/api/plugins/billing/invoices`. */
  readonly path: string;
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Lower-case names. The panel's cookie and Authorization header are never among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body for JSON and form bodies, the text for text bodies, else undefined. */
  body: unknown;
  /** The body as it came, for signatures. At most 1 MiB unless the operator allows more. */
  readonly rawBody: Uint8Array;
  readonly ip: string;
  /** Null only on routes that `http.public` lists. */
  readonly user: HookUser | null;
  /** A header by its name, in any case. */
  get(header: string): string | undefined;
}

/**
 * The answer to a request. It leaves only after everything that was written is on disk. Using it after it was sent
 * throws.
 */
export interface PluginResponse {
  statusCode: number;
  readonly headersSent: boolean;
  status(code: number): this;
  set(name: string, value: string): this;
  set(headers: Record<string, string>): this;
  type(contentType: string): this;
  json(value: unknown): this;
  /** A string is text/html, bytes are application/octet-stream, anything else is JSON, unless `type` was called. */
  send(body?: unknown): this;
  redirect(url: string): this;
  redirect(status: number, url: string): this;
  sendStatus(code: number): this;
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
  get(path: string, ...handlers: RouteHandler[]): this;
  post(path: string, ...handlers: RouteHandler[]): this;
  put(path: string, ...handlers: RouteHandler[]): this;
  patch(path: string, ...handlers: RouteHandler[]): this;
  delete(path: string, ...handlers: RouteHandler[]): this;
  all(path: string, ...handlers: RouteHandler[]): this;
  use(...handlers: (RouteHandler | RouteErrorHandler)[]): this;
  use(path: string, ...handlers: (RouteHandler | RouteErrorHandler)[]): this;
  param(name: string, handler: (req: PluginRequest, res: PluginResponse, next: Next, value: string) => unknown): this;
}

/**
 * Writes to the plugin’s log, which admins read. Values are joined with spaces, objects are shown as in a console. A
 * line has 8 KiB at most, a second 100 lines.
 */
export interface Logger {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** The settings an admin typed, with the manifest's defaults filled in. Reads are synchronous and always current. */
export interface Config {
  /** The value of a setting, its default, or undefined. */
  get<T = unknown>(key: string): T;
  getAll(): Record<string, unknown>;
  /** Validated against the manifest. Resolves once the panel has stored it. */
  set(key: string, value: unknown): Promise<void>;
  /** Called after an admin or the plugin itself changed a setting. */
  onChange(listener: (changed: Record<string, unknown>) => void): void;
}

/** A user as `sodium.users` shows it. */
export interface SodiumUser extends HookUser {
  readonly email: string;
}

/** The object that a plugin's `server.js` receives. */
export interface ServerSodium {
  readonly meta: { readonly id: string; readonly name: string; readonly version: string; readonly sodium: string };
  readonly db: Db;
  readonly http: { registerRoutes(build: (router: Router) => void): void };
  readonly hooks: {
    /**
     * Listens to a hook that the manifest lists. Lower priority runs first; default 10.
     * @example sodium.hooks.on('server:beforeCreate', (ctx) => { if (ctx.user.serverCount > 3) ctx.deny('At most 3 servers.'); });
     */
    on<P extends HookPattern>(event: P, handler: (ctx: HookContextOf<P>) => unknown, priority?: number): void;
  };
  readonly cron: {
    /** Runs `handler` at the times of a five-field cron expression. Default timezone: UTC. */
    register(name: string, expression: string, handler: () => unknown, options?: { timezone?: string }): void;
  };
  readonly logger: Logger;
  readonly config: Config;
  /**
   * Calls a method that another active plugin returned from its default export. Arguments and result are JSON. Rejects
   * when that plugin is not active, has no such method, fails, or does not answer in time.
   */
  readonly plugins: { call<T = unknown>(id: string, method: string, ...args: unknown[]): Promise<T> };
  readonly servers: {
    list(): Promise<HookServer[]>;
    get(id: string): Promise<HookServer | null>;
    /** Stops it and keeps it from being started; the reason is shown to its owner. */
    suspend(id: string, reason?: string): Promise<void>;
    unsuspend(id: string): Promise<void>;
    /** Resolves as soon as the action has begun. Rejects when the server is not in a state for it. */
    power(id: string, action: 'start' | 'stop' | 'restart' | 'kill'): Promise<void>;
  };
  readonly users: { list(): Promise<SodiumUser[]>; get(id: string): Promise<SodiumUser | null> };
  /** Route handlers that answer 401 or 403 themselves. */
  readonly auth: { readonly requireUser: RouteHandler; readonly requireAdmin: RouteHandler };
  readonly ui: ServerUi;
}

/** Declarative contributions: what the shell paints before the client's code has loaded. */
export interface ServerUi {
  registerPages(pages: Record<string, { title: string; icon?: string }>): void;
  addSidebarItem(item: { label: string; href: string; icon?: string; position?: string }): void;
  addServerTab(tab: { id: string; label: string; icon?: string }): void;
  addDashboardWidget(widget: { id: string; title: string; size?: WidgetSize }): void;
  addAdminTab(tab: { id: string; label: string; subtabs?: readonly { id: string; label: string }[] }): void;
}

/** How much room a widget takes on the dashboard: one, two or four columns. */
export type WidgetSize = 'small' | 'medium' | 'large';

/** What `testSettings` says. The message is shown to the admin as plain text, at most 500 characters of it. */
export interface SettingsTestResult {
  ok: boolean;
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
export type ServerPlugin = (sodium: ServerSodium) => unknown;

/**
 * Gives a plugin's default export its types. Returns it unchanged.
 * @example export default definePlugin((sodium) => { sodium.logger.info('hello'); });
 */
export function definePlugin<T extends ServerPlugin>(plugin: T): T {
  return plugin;
}
