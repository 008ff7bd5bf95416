import type { Readable } from 'node:stream';
import type { HookName, Permission } from '@sodium/sdk';
import type { Contributes } from '@sodium/sdk/manifest';
import type { z } from 'zod';
import type { ScratchJournal } from '../../storage/plugin-store/index.js';

/** What a plugin's `server.js` registered while it loaded. Kept by the panel, so that an idle plugin needs no process. */
export interface Registrations {
  routes: { method: string | null; path: string }[];
  /** In the order of registration; the index addresses the handler. */
  hooks: { pattern: string; priority: number }[];
  crons: { name: string; expression: string; timezone: string }[];
  /** The methods that other plugins may call. */
  methods: string[];
  collections: string[];
  ui: Contributes;
  /** It left timers running, so it has work without being called. */
  timers?: boolean;
}

/** One panel-side function that the child may call: `servers.list`, `config.set`, `fetch`. */
export interface Capability<Args = unknown> {
  /** Null: needs none. Checked in the panel before `handle` runs. */
  permission: Permission | null;
  args: z.ZodType<Args>;
  handle(args: Args, caller: CapabilityCaller): unknown;
}

export interface CapabilityCaller {
  plugin: string;
  /** Aborts when the plugin's process ends. */
  signal: AbortSignal;
  /** Inside a method that another plugin called: the plugins that led here, outermost first. Known to the panel, not told by the child. */
  chain: readonly string[];
  /** Bytes that came with the call (the body of a `fetch`); empty for most. */
  body: Uint8Array;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export interface LogEntry {
  at: number;
  level: LogLevel;
  /** `plugin`: through its logger or console; `panel`: said by the panel about the plugin. */
  source: 'plugin' | 'panel';
  text: string;
}

export type InstanceState =
  | { kind: 'starting' }
  | { kind: 'running'; pid: number; since: number }
  /** No process; the next call starts one. */
  | { kind: 'idle' }
  | { kind: 'backoff'; reason: string; until: number }
  | { kind: 'quarantined'; reason: string }
  | { kind: 'stopped' };

export interface InstanceSpec {
  meta: { id: string; name: string; version: string; sodium: string };
  /** The absolute path of the consented `server.js`. */
  serverFile: string;
  /** What runs instead of what lies at `serverFile`: a preview's folder may change while it runs. */
  source?: { code: string; map: string | null };
  /** What this plugin may call instead of what the panel offers to all. */
  capabilities?: Readonly<Record<string, Capability>>;
  /** Asked at each call, so that a revoked permission ends at once. */
  hasPermission(permission: Permission): boolean;
  /**
   * Whether what needs this permission may be registered. What was revoked since the consent may: it serves nobody
   * then, and the rest of the plugin goes on. Without it `hasPermission` decides.
   */
  mayRegister?(permission: Permission): boolean;
  /** Called after each allowed use. */
  onPermissionUsed(permission: Permission): void;
  /** Hook patterns of the manifest; `hooks.on` for others throws. */
  declaredHooks: readonly string[];
  config: Record<string, unknown>;
  store: { kind: 'disk'; directory: string } | { kind: 'scratch'; directory: string | null; journal?: ScratchJournal };
  /** Never idle-stopped. */
  resident: boolean;
  onLog(entry: LogEntry): void;
  onState(state: InstanceState): void;
  /** A later start of the process registered something else than the one before: it may depend on settings. */
  onRegistrations?(registrations: Registrations): void;
  /** After a write of the plugin's own documents is on disk. */
  onSave?(collection: string, operation: 'insert' | 'update' | 'delete', id: string): void;
  /** Whether `onSave` is wanted now; it may change while the process runs. */
  savesAreWatched?(): boolean;
}

export interface HttpCall {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string>;
  ip: string;
  user: { id: string; username: string; role: 'admin' | 'user' } | null;
  body: Uint8Array;
}
export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Uint8Array | Readable;
}

export type HookOutcome = { kind: 'passed'; changes?: unknown } | { kind: 'denied'; reason: string };

export interface InstanceMetrics {
  cpuMs: number;
  memoryBytes: number;
  restarts: number;
  calls: { kind: 'http' | 'hook' | 'cron' | 'method'; count: number; errors: number; p50Ms: number; p99Ms: number }[];
}

/** The calls of every kind in a stretch of time. */
export interface CallWindow {
  calls: number;
  errors: number;
  p50Ms: number;
  p99Ms: number;
}

/** One active (or previewed) plugin's backend. Every method rejects with a `PluginError` and has a deadline. */
export interface PluginInstance {
  readonly id: string;
  readonly state: InstanceState;
  /** Compiles, starts the process, runs the default export and returns what it registered. Rejects on any failure. */
  activate(): Promise<Registrations>;
  /** Takes what an earlier activation of the same content registered, instead of running it: the first call starts it. */
  restore?(registrations: Registrations): void;
  http(call: HttpCall, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Runs one handler. `context` is plain JSON; `changes` are the new values of the hook's mutable fields. */
  hook(handler: number, event: HookName, context: unknown, deadlineMs: number): Promise<HookOutcome>;
  cron(name: string): Promise<void>;
  method(name: string, args: readonly unknown[], callChain: readonly string[]): Promise<unknown>;
  updateConfig(changed: Record<string, unknown>, all: Record<string, unknown>): Promise<void>;
  metrics(): InstanceMetrics;
  /** What it costs now, and its calls since this was last asked: for the one who keeps the history. */
  sample(): { cpuMs: number; memoryBytes: number; window: CallWindow };
  releaseQuarantine(): void;
  restart(): Promise<void>;
  /** Refuses new calls with 503, lets running ones end within `graceMs`, compacts the store, ends the process. */
  stop(graceMs?: number): Promise<void>;
}

export interface SandboxHost {
  create(spec: InstanceSpec): PluginInstance;
  /** Ends every process. */
  close(): Promise<void>;
}
