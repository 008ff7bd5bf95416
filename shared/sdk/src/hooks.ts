import type { Permission } from './permissions.js';

/** A user as hooks and requests name them. */
export interface HookUser {
  /** Stays the same when the name changes. */
  readonly id: string;
  /** The name they log in with. */
  readonly username: string;
  /** What they are in this panel. */
  readonly role: 'admin' | 'user';
}

/**
 * A server as hooks and `sodium.servers` show it: nothing secret.
 */
export interface HookServer {
  /** Stays the same when the name changes. */
  readonly id: string;
  /** 1 to 64 characters. */
  readonly name: string;
  /** The id of the template that it was made from. */
  readonly template: string;
  /** The id of the user whose server it is. */
  readonly owner: string;
  /** What it is doing. */
  readonly state: ServerState;
  /** True while it may not be started. */
  readonly suspended: boolean;
  /** `memoryMb` and `diskMb` in MiB, `cpu` in percent of one core. A missing one, or 0, is no limit. */
  readonly limits: Readonly<Record<string, number>>;
  /** The template's variables as chosen for this server. */
  readonly variables: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What a server is doing. */
export type ServerState = 'offline' | 'installing' | 'starting' | 'running' | 'stopping';

/** The server that `server:beforeCreate` is about to create. Fields may be reassigned; the panel validates them again. */
export interface ServerDraft {
  /** 1 to 64 characters. A handler may change it. */
  name: string;
  /** The id of the template. */
  readonly template: string;
  /** As in `HookServer`. A handler may change them. */
  limits: Record<string, number>;
  /** The template's variables. A handler may change them; the template's rules hold for what it sets. */
  variables: Record<string, string>;
}

/** What contexts of `before` hooks have beyond their data. */
export interface Deny {
  /** Refuses the action. The first denial ends the chain; the reason (at most 300 characters) is shown to the user. */
  deny(reason: string): void;
}

/** An entry of the sidebar as `sidebar:items` sees it. `plugin` is missing for those of the panel. */
export interface SidebarEntry {
  /** Unique in the sidebar. */
  id: string;
  /** What stands there. */
  label: string;
  /** The name of a Lucide icon. */
  icon?: string;
  /** Where it leads: starts with one `/`. */
  href: string;
  /** The id of the plugin that it comes from. */
  plugin?: string;
}

/** An admin tab as `admin:tabs` sees it. */
export interface AdminTabEntry {
  /** Unique within its plugin. */
  id: string;
  /** What stands on the tab. */
  label: string;
  /** The id of the plugin that it comes from. */
  plugin: string;
}

/** The context object of each hook, by the hook's name. */
export interface HookContexts {
  /** Somebody is about to create a server; nothing is stored yet. */
  'server:beforeCreate': Deny & { readonly user: HookUser & { readonly serverCount: number }; server: ServerDraft };
  /** Somebody, or a schedule, is about to start a server. */
  'server:beforeStart': Deny & { readonly user: HookUser; readonly server: HookServer };
  /** Somebody is about to delete a server. */
  'server:beforeDelete': Deny & { readonly user: HookUser; readonly server: HookServer };
  /** A server was created and is stored. */
  'server:onCreate': { readonly user: HookUser; readonly server: HookServer };
  /** A server was deleted. */
  'server:onDelete': { readonly user: HookUser; readonly server: HookServer };
  /**
   * The state of a server's process changed, also by a crash: `action` and `user` say who wanted it, `exitCode` how the
   * process ended.
   */
  'server:onStatusChange': {
    readonly server: HookServer;
    readonly from: ServerState;
    readonly to: ServerState;
    readonly action?: 'start' | 'stop' | 'restart' | 'kill' | 'crash';
    readonly user?: HookUser;
    readonly exitCode?: number | null;
  };
  /** The sampler measured a running server. Under load the latest sample of each server wins. */
  'server:resourceUsage': {
    readonly server: HookServer;
    readonly usage: {
      /** Percent of one core: 150 means one and a half cores. */
      readonly cpu: number;
      readonly memoryBytes: number;
      readonly diskBytes: number;
      /** Milliseconds since the process started. */
      readonly uptimeMs: number;
    };
  };
  /** Somebody logged in; `method` is `password`. */
  'auth:afterLogin': { readonly user: HookUser; readonly ip: string; readonly method: string };
  /** An account was made. */
  'auth:afterRegister': { readonly user: HookUser; readonly ip: string; readonly method: string };
  /** The routes of this plugin are reachable: told once for each. */
  'route:register': { readonly plugin: string; readonly method: string; readonly path: string };
  /** A user sent a message over the live connection, after its session and size were checked. `server` is an id. */
  'ws:message': { readonly user: HookUser; readonly server?: string; readonly message: unknown };
  /**
   * A document was written: of the panel, or of another plugin. Never for a plugin's own writes, and never for a write
   * that this hook caused.
   */
  'db:afterSave': {
    /** A panel collection (`servers`, `users`, …) or `plugin:<id>/<collection>`. */
    readonly collection: string;
    readonly operation: 'insert' | 'update' | 'delete';
    readonly id: string;
    /** Only for the panel's own collections, with secrets removed. */
    readonly changes?: Readonly<Record<string, unknown>>;
  };
  /** The sidebar is laid out for a session. */
  'sidebar:items': { readonly user: HookUser; items: SidebarEntry[] };
  /** The tabs of the admin area are laid out. */
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
