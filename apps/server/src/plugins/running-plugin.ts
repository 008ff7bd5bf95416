import path from 'node:path';
import { declaredHooks, hookPermissions, type Manifest } from '@sodium/sdk/manifest';
import { HOOKS, matchHooks, type HookName, type Permission } from '@sodium/sdk';
import type { Consent } from './consent.js';
import type { PluginCrons } from './crons.js';
import type { Dispose, HookBus } from './hooks/hook-bus.js';
import type {
  InstanceSpec,
  InstanceState,
  LogEntry,
  PluginInstance,
  Registrations,
  SandboxHost,
} from './sandbox/types.js';

export interface RunningPluginDeps {
  sandbox: SandboxHost;
  hooks: HookBus;
  crons: PluginCrons;
  sodiumVersion: string;
  packageFolder: string;
  storeDirectory: string;
  /** Activation order: who comes first among equals. */
  order: number;
  granted(): Permission[];
  /** With those that were revoked since. */
  approved(): readonly Permission[];
  used(permission: Permission): void;
  config(): Record<string, unknown>;
  onLog(entry: LogEntry): void;
  onState(state: InstanceState): void;
  onRegistrations(registrations: Registrations): void;
}

const NOTHING: Registrations = { routes: [], hooks: [], crons: [], methods: [], collections: [], ui: {} };

/** One consented plugin at work: its backend, if it has one, and everything it registered with the panel. */
export class RunningPlugin {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly instance: PluginInstance | null;
  registrations: Registrations = NOTHING;
  private readonly owned: Dispose[] = [];
  private phase: 'new' | 'started' | 'stopped' = 'new';

  constructor(
    readonly consent: Readonly<Consent>,
    private readonly deps: RunningPluginDeps,
  ) {
    this.manifest = consent.manifest;
    this.hash = consent.hash;
    this.instance = this.hasFile('server.js') ? deps.sandbox.create(this.spec()) : null;
  }

  get order(): number {
    return this.deps.order;
  }

  hasFile(file: string): boolean {
    return this.consent.files.some((entry) => entry.path === file);
  }

  /**
   * Runs the plugin's default export, or takes what it registered last time and leaves the process for the first call.
   * A plugin that left timers running works without being called, so it runs.
   */
  async start(): Promise<void> {
    if (!this.instance) return;
    const known = this.consent.registrations;
    if (known && !known.timers && !this.manifest.resident && this.instance.restore) {
      this.instance.restore(known);
      this.registrations = known;
    } else this.registrations = await this.instance.activate();
    this.register(this.instance);
    this.phase = 'started';
  }

  /** Takes everything back, lets running work end, ends the process. */
  async stop(): Promise<void> {
    this.phase = 'stopped';
    this.release();
    await this.instance?.stop();
  }

  /** An admin took permissions back, or gave some back. */
  async permissionsChanged(): Promise<void> {
    if (this.phase !== 'started' || !this.instance) return;
    this.release();
    this.register(this.instance);
    const { kind } = this.instance.state;
    // A process goes by what it was told at its start. Without one, the next start tells it.
    if (kind === 'running' || kind === 'backoff') await this.instance.restart().catch(() => undefined);
  }

  private release(): void {
    for (const dispose of this.owned.splice(0).reverse()) dispose();
  }

  /** The process started anew and registered something else: the panel goes by what is there now. */
  private adopt(registrations: Registrations): void {
    if (this.phase !== 'started' || !this.instance) return;
    this.release();
    this.registrations = registrations;
    try {
      this.register(this.instance);
    } catch (error) {
      this.deps.onLog({ at: Date.now(), level: 'error', source: 'panel', text: (error as Error).message });
    }
    this.deps.onRegistrations(registrations);
  }

  private register(instance: PluginInstance): void {
    const { deps, registrations } = this;
    const { id, name } = this.manifest;
    // Each is owned as soon as it is there: if a later one fails, the earlier ones are taken back.
    this.owned.push(
      deps.hooks.subscribe({
        plugin: id,
        name,
        order: deps.order,
        handlers: registrations.hooks,
        mayListen: (event) => this.mayListen(event),
        onError: (event) => this.onError(event),
        call: (handler, event, context, deadlineMs) => instance.hook(handler, event, context, deadlineMs),
        warn: (text) => this.deps.onLog({ at: Date.now(), level: 'warn', source: 'panel', text }),
      }),
    );
    const crons = deps.granted().includes('cron:register') ? registrations.crons : [];
    this.owned.push(deps.crons.add(id, crons, (cron) => instance.cron(cron)));
    for (const route of registrations.routes) {
      deps.hooks.after('route:register', () => ({ plugin: id, method: route.method ?? 'ALL', path: route.path }));
    }
  }

  /** Only a question, asked far more often than anything is called: the call itself notes the use. */
  private mayListen(event: HookName): boolean {
    const { permission } = HOOKS[event];
    return permission === null || this.deps.granted().includes(permission);
  }

  private onError(event: HookName): 'deny' | 'allow' {
    const matching = declaredHooks(this.manifest).filter((hook) => matchHooks(hook.event).includes(event));
    return matching.some((hook) => hook.onError === 'allow') ? 'allow' : 'deny';
  }

  /** Announces the plugin's own writes, but not those that it makes while it hears of others: that would never end. */
  private announceSave(collection: string, operation: 'insert' | 'update' | 'delete', id: string): void {
    const plugin = this.manifest.id;
    const { hooks } = this.deps;
    if (hooks.isInside(plugin, 'db:afterSave')) return;
    const event = { collection: `plugin:${plugin}/${collection}`, operation, id };
    hooks.after('db:afterSave', () => event, plugin);
  }

  private spec(): InstanceSpec {
    const { deps, manifest } = this;
    return {
      onSave: this.announceSave.bind(this),
      /** Watching costs a little on every write, so it is done only while somebody listens. */
      savesAreWatched: () => deps.hooks.isListening('db:afterSave'),
      meta: { id: manifest.id, name: manifest.name, version: manifest.version, sodium: deps.sodiumVersion },
      serverFile: path.join(deps.packageFolder, 'server.js'),
      hasPermission: (permission) => deps.granted().includes(permission),
      mayRegister: (permission) => deps.approved().includes(permission),
      onPermissionUsed: (permission) => deps.used(permission),
      declaredHooks: manifest.hooks.map((hook) => (typeof hook === 'string' ? hook : hook.event)),
      config: deps.config(),
      store: { kind: 'disk', directory: deps.storeDirectory },
      resident: manifest.resident,
      onLog: (entry) => deps.onLog(entry),
      onState: (state) => deps.onState(state),
      onRegistrations: (registrations) => this.adopt(registrations),
    };
  }
}

/** Hooks in the manifest whose permission it does not declare: they would be refused when the plugin registers them. */
export function hooksWithoutPermission(manifest: Manifest): string[] {
  return declaredHooks(manifest)
    .filter(
      ({ event }) =>
        hookPermissions(event).length > 0 &&
        !hookPermissions(event).some((name) => manifest.permissions.includes(name)),
    )
    .map(({ event }) => event);
}
