import type { Permission } from '@sodium/sdk';
import type { Manifest } from '@sodium/sdk/manifest';
import { HttpError, notFound } from '../http-error.js';
import { KeyedLock } from '../keyed-lock.js';
import { Lanes } from '../lanes.js';
import type { AuditRecord } from '../storage/index.js';
import type { Consent } from './consent.js';
import { inDependencyOrder } from './dependencies.js';
import { Dependents } from './dependents.js';
import type { LogRing } from './log-ring.js';
import type { Actor, PluginManagerDeps } from './manager-deps.js';
import type { ManagedState } from './manager-state.js';
import type { SoundPackage } from './package/inspect.js';
import { PermissionReceipts, type Receipt } from './permission-receipts.js';
import { PluginStarter } from './plugin-starter.js';
import { PluginStates } from './plugin-states.js';
import type { RunningPlugin } from './running-plugin.js';
import { UI_PERMISSIONS, type UiPlace } from './sandbox/protocol/ui-permissions.js';
import { VersionSwap } from './version-swap.js';

const STARTS_AT_A_TIME = 4;

/** Brings plugins up and down. Everything it does to one plugin happens one thing after another. */
export class PluginManager {
  private readonly states = new PluginStates();
  private readonly locks = new KeyedLock();
  private readonly receipts: PermissionReceipts;
  private readonly starter: PluginStarter;
  private readonly swap: VersionSwap;
  private readonly dependents: Dependents;

  constructor(readonly deps: PluginManagerDeps) {
    this.receipts = new PermissionReceipts(deps.consents);
    this.starter = new PluginStarter(deps, this.states, this.receipts);
    this.swap = new VersionSwap(this.starter);
    this.dependents = new Dependents(this.starter, this.locks);
  }

  /** Why nothing runs, or null. */
  get suspended(): string | null {
    if (this.deps.safeMode) return 'The panel runs in safe mode: no plugin runs.';
    if (!this.deps.config.get().plugins.enabled)
      return 'Plugins are switched off in config.json ("plugins.enabled": false).';
    return null;
  }

  onChange(listener: () => void): () => void {
    return this.states.onChange(listener);
  }

  state(id: string): ManagedState {
    return this.states.get(id);
  }

  running(id: string): RunningPlugin | null {
    return this.states.running(id);
  }

  /** What an admin agreed to and wants to run, whether it can at the moment or not. */
  agreed(id: string): Readonly<Consent> | undefined {
    const running = this.running(id);
    if (running) return running.consent;
    const consent = this.deps.consents.get(id);
    return consent && !consent.dormant && this.isWanted(id) ? consent : undefined;
  }

  allRunning(): RunningPlugin[] {
    return this.states.allRunning();
  }

  /** What browsers are to see of it, which may be a moment longer than it runs. */
  shown(id: string): RunningPlugin | null {
    return this.states.shown(id);
  }

  allShown(): RunningPlugin[] {
    return this.states.allShown();
  }

  logOf(id: string): LogRing {
    return this.states.logOf(id);
  }

  usedPermissions(id: string): Permission[] {
    return this.receipts.used(id);
  }

  permissionReceipts(id: string): Record<string, Receipt> {
    return this.receipts.list(id);
  }

  /** Somebody sees what a plugin added: a use of the permission that allows it there. */
  noteShown(id: string, place: UiPlace): void {
    if (!this.running(id)) return;
    const granted = this.deps.consents.granted(id);
    const permission = UI_PERMISSIONS[place].find((name) => granted.includes(name));
    if (permission) this.receipts.note(id, permission);
  }

  isWanted(id: string): boolean {
    return this.starter.isWanted(id);
  }

  /** Brings up what `config.json` names. Each failure is that plugin's alone. */
  async startAll(): Promise<void> {
    await this.deps.packages.sweep();
    if (this.suspended) return;
    const manifestOf = (id: string): Manifest | undefined => this.deps.consents.get(id)?.manifest;
    const ordered = inDependencyOrder(this.deps.config.get().plugins.active, manifestOf);
    // Who is first is settled beforehand: several start at a time, so that one that hangs holds up only those that need it.
    this.starter.reserveOrders(ordered);
    const started = new Map<string, Promise<void>>();
    const lanes = new Lanes(STARTS_AT_A_TIME);
    for (const id of ordered) {
      const needed = Object.keys(manifestOf(id)?.dependencies ?? {}).map((other) => started.get(other));
      started.set(
        id,
        Promise.all(needed).then(() => lanes.run(() => this.locks.run(id, () => this.starter.startWanted(id)))),
      );
    }
    await Promise.all(started.values());
  }

  /** Activates exactly what the admin saw: the content on disk now, with the permissions that were shown. */
  activate(id: string, permissions: readonly string[] | undefined, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      if (this.suspended) throw new HttpError(409, 'PLUGINS_SUSPENDED', this.suspended);
      const pkg = await this.starter.soundPackage(id);
      const current = this.running(id);
      requireConsent(pkg, permissions);
      const before = this.deps.consents.get(id);
      if (current?.hash === pkg.hash && this.state(id).kind === 'active') return;
      await this.swap.swap(id, pkg, actor);
      await this.dependents.follow(id);
      await this.record({
        actor,
        action: 'plugin.activate',
        target: id,
        details: { before: before ? agreedTo(before) : null, after: agreedTo(pkg) },
      });
    });
  }

  /** Works on every plugin in every state, also on one whose folder has gone. */
  deactivate(id: string, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      if (!this.exists(id)) throw notFound('plugin', id);
      await this.setWanted(id, false);
      await this.starter.takeDown(id);
      if (this.deps.consents.get(id)) await this.deps.consents.update(id, { dormant: true });
      await this.deps.crons.forget(id);
      this.states.set(id, { kind: 'inactive' });
      await this.record({ actor, action: 'plugin.deactivate', target: id });
      await this.dependents.follow(id);
    });
  }

  /** A fresh process for a running plugin; releases one that is in quarantine. */
  restart(id: string, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      const running = this.running(id);
      if (!running)
        throw this.exists(id)
          ? new HttpError(409, 'PLUGIN_NOT_ACTIVE', `"${id}" is not active.`, { plugin: id })
          : notFound('plugin', id);
      running.instance?.releaseQuarantine();
      await running.instance?.restart();
      this.states.set(id, { kind: 'active', running });
      await this.record({ actor, action: 'plugin.restart', target: id });
    });
  }

  /** Lets a plugin that failed too often be called again. */
  releaseQuarantine(id: string, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      const state = this.state(id);
      if (state.kind !== 'quarantined')
        throw this.exists(id)
          ? new HttpError(409, 'PLUGIN_NOT_QUARANTINED', `"${id}" is not in quarantine.`, { plugin: id })
          : notFound('plugin', id);
      state.running.instance?.releaseQuarantine();
      this.states.set(id, { kind: 'active', running: state.running });
      await this.record({ actor, action: 'plugin.release', target: id });
    });
  }

  /** Takes permissions back, or gives back those that were taken. It holds at once, and for every later version. */
  setRevoked(id: string, revoked: readonly string[], actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      if (!this.exists(id)) throw notFound('plugin', id);
      const change = await this.deps.consents.setRevoked(id, revoked);
      if (!change) return;
      await this.running(id)?.permissionsChanged();
      this.states.changed();
      await this.record({ actor, action: 'plugin.permissions', target: id, details: change });
    });
  }

  /** Does something that must not overlap with another change of this plugin; waits for its turn. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.locks.run(id, work);
  }

  /** Does something to a plugin's folder that nothing may interfere with; refused while something else is going on. */
  exclusive<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (!this.locks.isHeld(id)) return this.locks.run(id, work);
    const message = `"${id}" is being changed at this moment. Try again when that has ended.`;
    throw new HttpError(409, 'PLUGIN_BUSY', message, { plugin: id });
  }

  /** Stops a plugin, works on what it is made of, and starts it again if it is wanted then. Its vetoes stand meanwhile. */
  async whileDown(id: string, reason: string, work: () => Promise<void>): Promise<void> {
    await this.locks.run(id, async () => {
      const consent = this.deps.consents.get(id);
      const absence = consent && this.isWanted(id) ? this.starter.markAbsent(consent, reason) : () => undefined;
      try {
        await this.starter.takeDown(id);
        await work();
      } finally {
        if (!this.suspended && this.isWanted(id)) await this.starter.startWanted(id);
        absence();
        this.states.changed();
      }
    });
    await this.dependents.follow(id);
  }

  /** The plugin is gone: nothing about it is remembered. */
  forget(id: string): void {
    this.states.forget(id);
    this.deps.egress.forget(id);
  }

  /** Looks at one folder again and tells the listeners. */
  async rescanOne(id: string): Promise<void> {
    await this.deps.discovery.scanOne(id);
    this.states.changed();
  }

  /** Looks at `data/plugins` again and tells the listeners. */
  async rescan(): Promise<void> {
    await this.deps.discovery.scan();
    this.states.changed();
  }

  exists(id: string): boolean {
    return this.starter.exists(id);
  }

  setWanted(id: string, wanted: boolean): Promise<void> {
    return this.starter.setWanted(id, wanted);
  }

  /** A full disk must not keep an admin from switching a plugin off. */
  record(entry: AuditRecord): Promise<void> {
    return this.starter.record(entry);
  }

  /** Lets running work end and ends every process. What was active stays wanted. */
  async close(): Promise<void> {
    await Promise.all(this.states.ids.map((id) => this.locks.run(id, () => this.starter.takeDown(id))));
    await this.deps.sandbox.close();
    await this.receipts.flush();
  }
}

/** What of a consent the audit log tells. */
function agreedTo({ manifest, hash }: Pick<SoundPackage, 'manifest' | 'hash'>): object {
  return { version: manifest.version, hash, permissions: manifest.permissions };
}

function requireConsent(pkg: SoundPackage, permissions: readonly string[] | undefined): void {
  const declared = pkg.manifest.permissions;
  const same =
    permissions !== undefined &&
    new Set(permissions).size === declared.length &&
    declared.every((name) => permissions.includes(name));
  if (same) return;
  throw new HttpError(
    409,
    'CONSENT_REQUIRED',
    `"${pkg.manifest.name}" asks for ${declared.length} permissions. Send exactly these to agree.`,
    {
      plugin: pkg.manifest.id,
      details: { permissions: declared, version: pkg.manifest.version, hash: pkg.hash },
    },
  );
}
