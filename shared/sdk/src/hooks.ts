import type { Permission } from './permissions.js';

/** A user as hooks and requests name them. */
export interface HookUser {
  readonly id: string;
  readonly username: string;
  readonly role: 'admin' | 'user';
}

/**
 * A server as hooks and `sodium.servers` show it: nothing secret. Memory and disk in `limits` are MiB, `cpu` is
 * percent of one core.
 */
export interface HookServer {
  readonly id: string;
  readonly name: string;
  readonly template: string;
  readonly owner: string;
  readonly state: ServerState;
  readonly suspended: boolean;
  readonly limits: Readonly<Record<string, number>>;
  readonly variables: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What a server is doing. */
export type ServerState = 'offline' | 'installing' | 'starting' | 'running' | 'stopping';

/** The server that `server:beforeCreate` is about to create. Fields may be reassigned; the panel validates them again. */
export interface ServerDraft {
  name: string;
  readonly template: string;
  limits: Record<string, number>;
  variables: Record<string, string>;
}

/** What contexts of `before` hooks have beyond their data. */
export interface Deny {
  /** Refuses the action. The first denial ends the chain; the reason (at most 300 characters) is shown to the user. */
  deny(reason: string): void;
}

/** An entry of the sidebar as `sidebar:items` sees it. `plugin` is missing for those of the panel. */
export interface SidebarEntry {
  id: string;
  label: string;
  icon?: string;
  href: string;
  plugin?: string;
}

/** An admin tab as `admin:tabs` sees it. */
export interface AdminTabEntry {
  id: string;
  label: string;
  plugin: string;
}

/** The context object of each hook, by the hook's name. */
export interface HookContexts {
  'server:beforeCreate': Deny & { readonly user: HookUser & { readonly serverCount: number }; server: ServerDraft };
  'server:beforeStart': Deny & { readonly user: HookUser; readonly server: HookServer };
  'server:beforeDelete': Deny & { readonly user: HookUser; readonly server: HookServer };
  'server:onCreate': { readonly user: HookUser; readonly server: HookServer };
  'server:onDelete': { readonly user: HookUser; readonly server: HookServer };
  'server:onStatusChange': {
    readonly server: HookServer;
    readonly from: ServerState;
    readonly to: ServerState;
    readonly action?: 'start' | 'stop' | 'restart' | 'kill' | 'crash';
    readonly user?: HookUser;
    readonly exitCode?: number | null;
  };
  'server:resourceUsage': {
    readonly server: HookServer;
    readonly usage: {
      /** Percent of one core: 150 means one and a half cores. */
      readonly cpu: number;
      readonly memoryBytes: number;
      readonly diskBytes: number;
      readonly uptimeMs: number;
    };
  };
  'auth:afterLogin': { readonly user: HookUser; readonly ip: string; readonly method: string };
  'auth:afterRegister': { readonly user: HookUser; readonly ip: string; readonly method: string };
  'route:register': { readonly plugin: string; readonly method: string; readonly path: string };
  'ws:message': { readonly user: HookUser; readonly server?: string; readonly message: unknown };
  'db:afterSave': {
    /** A panel collection (`servers`, `users`, …) or `plugin:<id>/<collection>`. */
    readonly collection: string;
    readonly operation: 'insert' | 'update' | 'delete';
    readonly id: string;
    /** Only for the panel's own collections, with secrets removed. */
    readonly changes?: Readonly<Record<string, unknown>>;
  };
  'sidebar:items': { readonly user: HookUser; items: SidebarEntry[] };
  'admin:tabs': { readonly user: HookUser; items: AdminTabEntry[] };
}

/** The name of a hook. */
export type HookName = keyof HookContexts;

/**
 * - `before`: awaited, may deny; a handler that fails or is late denies too.
 * - `filter`: awaited briefly, may change `items`; ignored on failure.
 * - `after`: tells what happened; cannot veto and never slows the caller.
 */
export type HookKind = 'before' | 'filter' | 'after';

/** Every hook: its kind, the permission it needs, and the fields of its context that a handler may change. */
export const HOOKS: Record<HookName, { kind: HookKind; permission: Permission | null; mutable?: readonly string[] }> = {
  'server:beforeCreate': {
    kind: 'before',
    permission: 'servers:read',
    mutable: ['server.name', 'server.limits', 'server.variables'],
  },
  'server:beforeStart': { kind: 'before', permission: 'servers:read' },
  'server:beforeDelete': { kind: 'before', permission: 'servers:read' },
  'server:onCreate': { kind: 'after', permission: 'servers:read' },
  'server:onDelete': { kind: 'after', permission: 'servers:read' },
  'server:onStatusChange': { kind: 'after', permission: 'servers:read' },
  'server:resourceUsage': { kind: 'after', permission: 'servers:read' },
  'auth:afterLogin': { kind: 'after', permission: 'users:read' },
  'auth:afterRegister': { kind: 'after', permission: 'users:read' },
  'route:register': { kind: 'after', permission: null },
  'ws:message': { kind: 'after', permission: 'ws:read' },
  'db:afterSave': { kind: 'after', permission: 'db:watch' },
  'sidebar:items': { kind: 'filter', permission: 'ui:sidebar', mutable: ['items'] },
  'admin:tabs': { kind: 'filter', permission: 'ui:admin', mutable: ['items'] },
};

/** The names of all hooks. */
export const HOOK_NAMES = Object.keys(HOOKS) as HookName[];

/** A hook's name, or a glob over names such as `server:*` or `*:before*`. */
export type HookPattern = HookName | `${string}*${string}`;

/** The contexts a pattern can receive. */
export type HookContextOf<P extends string> = P extends HookName ? HookContexts[P] : HookContexts[HookName];

/** The hooks that a name or glob stands for; empty when it matches none. */
export function matchHooks(pattern: string): HookName[] {
  if (!pattern.includes('*')) return HOOK_NAMES.filter((name) => name === pattern);
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*');
  const expression = new RegExp(`^${escaped}$`);
  return HOOK_NAMES.filter((name) => expression.test(name));
}
