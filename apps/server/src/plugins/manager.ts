import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Permission } from '@sodium/sdk';
import { declaredHooks, type Manifest } from '@sodium/sdk/manifest';
import type { Logger } from 'pino';
import { HttpError, notFound } from '../http-error.js';
import type { AuditLog, AuditRecord, ConfigFile } from '../storage/index.js';
import type { Consent, ConsentBook } from './consent.js';
import type { PluginCrons } from './crons.js';
import { checkDependencies, inDependencyOrder, refuseCycle } from './dependencies.js';
import type { Egress } from './egress.js';
import { deniedWhenAbsent, type Dispose, type HookBus } from './hooks/hook-bus.js';
import { KeyedLock } from '../keyed-lock.js';
import { Lanes } from '../lanes.js';
import type { KeptVersion, VersionHistory } from './install/version-history.js';
import { LogRing } from './log-ring.js';
import { runningOf, type ManagedState } from './manager-state.js';
import type { Discovery } from './package/discovery.js';
import type { SoundPackage } from './package/inspect.js';
import type { PackageStore } from './package/package-store.js';
import { PermissionReceipts, type Receipt } from './permission-receipts.js';
import { RunningPlugin } from './running-plugin.js';
import type { InstanceState, Registrations, SandboxHost } from './sandbox/types.js';
import type { PluginSettings } from './settings/plugin-settings.js';

export interface Actor {
  id: string | null;
  username: string;
}

export interface PluginManagerDeps {
  config: ConfigFile;
  discovery: Discovery;
  packages: PackageStore;
  /** What an update replaces is kept, with its documents. */
  versions: VersionHistory;
  consents: ConsentBook;
  settings: PluginSettings;
  sandbox: SandboxHost;
  hooks: HookBus;
  crons: PluginCrons;
  egress: Egress;
  audit: AuditLog;
  logger: Logger;
  sodiumVersion: string;
  /** The folder that holds each plugin's `plugins_<id>` store. */
  databaseDirectory: string;
  safeMode: boolean;
}

const STARTS_AT_A_TIME = 4;

/** Who the audit log names for what the panel does by itself. */
export const PANEL: Actor = { id: null, username: 'panel' };

/** Brings plugins up and down. Everything it does to one plugin happens one thing after another. */
export class PluginManager {
  private readonly states = new Map<string, ManagedState>();
  private readonly logs = new Map<string, LogRing>();
  private readonly locks = new KeyedLock();
  private readonly listeners = new Set<() => void>();
  private readonly receipts: PermissionReceipts;
  private order = 0;
  private readonly reservedOrders = new Map<string, number>();

  constructor(readonly deps: PluginManagerDeps) {
    this.receipts = new PermissionReceipts(deps.consents);
  }

  /** Why nothing runs, or null. */
  get suspended(): string | null {
    if (this.deps.safeMode) return 'The panel runs in safe mode: no plugin runs.';
    if (!this.deps.config.get().plugins.enabled)
      return 'Plugins are switched off in config.json ("plugins.enabled": false).';
    return null;
  }

  /** Called whenever what runs, or the state of anything, has changed. Returns the end of the subscription. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  state(id: string): ManagedState {
    return this.states.get(id) ?? { kind: 'inactive' };
  }

  running(id: string): RunningPlugin | null {
    return runningOf(this.states.get(id));
  }

  allRunning(): RunningPlugin[] {
    return [...this.states.values()].map(runningOf).filter((running) => running !== null);
  }

  logOf(id: string): LogRing {
    let ring = this.logs.get(id);
    if (!ring) this.logs.set(id, (ring = new LogRing()));
    return ring;
  }

  usedPermissions(id: string): Permission[] {
    return this.receipts.used(id);
  }

  permissionReceipts(id: string): Record<string, Receipt> {
    return this.receipts.list(id);
  }

  isWanted(id: string): boolean {
    return this.deps.config.get().plugins.active.includes(id);
  }

  /** Brings up what `config.json` names. Each failure is that plugin's alone. */
  async startAll(): Promise<void> {
    await this.deps.packages.sweep();
    if (this.suspended) return;
    const manifestOf = (id: string): Manifest | undefined => this.deps.consents.get(id)?.manifest;
    const ordered = inDependencyOrder(this.deps.config.get().plugins.active, manifestOf);
    // Who is first is settled beforehand: several start at a time, so that one that hangs holds up only those that need it.
    for (const id of ordered) this.reservedOrders.set(id, (this.order += 1));
    const started = new Map<string, Promise<void>>();
    const lanes = new Lanes(STARTS_AT_A_TIME);
    for (const id of ordered) {
      const needed = Object.keys(manifestOf(id)?.dependencies ?? {}).map((other) => started.get(other));
      started.set(
        id,
        Promise.all(needed).then(() => lanes.run(() => this.locks.run(id, () => this.startWanted(id)))),
      );
    }
    await Promise.all(started.values());
  }

  /** Activates exactly what the admin saw: the content on disk now, with the permissions that were shown. */
  activate(id: string, permissions: readonly string[] | undefined, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      if (this.suspended) throw new HttpError(409, 'PLUGINS_SUSPENDED', this.suspended);
      const pkg = await this.soundPackage(id);
      const current = runningOf(this.states.get(id));
      requireConsent(pkg, permissions);
      if (current?.hash === pkg.hash && this.state(id).kind === 'active') return;
      await this.swap(id, pkg, actor);
      await this.record({
        actor,
        action: 'plugin.activate',
        target: id,
        details: { version: pkg.manifest.version, hash: pkg.hash, permissions: pkg.manifest.permissions },
      });
    });
  }

  /** Works on every plugin in every state, also on one whose folder has gone. */
  deactivate(id: string, actor: Actor): Promise<void> {
    return this.locks.run(id, async () => {
      if (!this.exists(id)) throw notFound('plugin', id);
      await this.setWanted(id, false);
      await this.takeDown(id);
      if (this.deps.consents.get(id)) await this.deps.consents.update(id, { dormant: true });
      await this.deps.crons.forget(id);
      this.set(id, { kind: 'inactive' });
      await this.record({ actor, action: 'plugin.deactivate', target: id });
      await this.settleDependents(id);
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
      this.set(id, { kind: 'active', running });
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
      this.set(id, { kind: 'active', running: state.running });
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
      this.changed();
      await this.record({ actor, action: 'plugin.permissions', target: id, details: change });
    });
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
      const absence = consent && this.isWanted(id) ? this.markAbsent(consent, reason) : () => undefined;
      try {
        await this.takeDown(id);
        await work();
      } finally {
        if (!this.suspended && this.isWanted(id)) await this.startWanted(id);
        absence();
        this.changed();
      }
    });
    await this.settleDependents(id);
  }

  /** The plugin is gone: nothing about it is remembered. */
  forget(id: string): void {
    this.states.delete(id);
    this.logs.delete(id);
    this.changed();
  }

  /** Looks at one folder again and tells the listeners. */
  async rescanOne(id: string): Promise<void> {
    await this.deps.discovery.scanOne(id);
    this.changed();
  }

  /** Looks at `data/plugins` again and tells the listeners. */
  async rescan(): Promise<void> {
    await this.deps.discovery.scan();
    this.changed();
  }

  exists(id: string): boolean {
    return (
      this.deps.discovery.packages.has(id) ||
      this.states.has(id) ||
      this.deps.consents.get(id) !== undefined ||
      this.isWanted(id)
    );
  }

  /** Lets running work end and ends every process. What was active stays wanted. */
  async close(): Promise<void> {
    await Promise.all([...this.states.keys()].map((id) => this.locks.run(id, () => this.takeDown(id))));
    await this.deps.sandbox.close();
    await this.receipts.flush();
  }

  private async startWanted(id: string): Promise<void> {
    this.set(id, { kind: 'activating' });
    const known = this.deps.consents.get(id);
    const absence = known ? this.markAbsent(known, 'it is starting') : () => undefined;
    try {
      const consent = await this.consentAtStart(id);
      this.requireDependencies(consent.manifest);
      await this.bringUp(id, consent);
    } catch (error) {
      this.fail(id, error as Error);
    } finally {
      absence();
    }
  }

  /** The recorded consent, with its copy in place; an id that the operator wrote into `active` by hand is consent too. */
  private async consentAtStart(id: string): Promise<Readonly<Consent>> {
    const { consents, packages } = this.deps;
    const consent = consents.get(id);
    if (consent && !consent.dormant && (await packages.verify(id, consent.hash))) return consent;
    const pkg = await this.soundPackage(id);
    if (consent && !consent.dormant && consent.hash !== pkg.hash) {
      throw new Error(
        `The copy that was consented to is missing or was altered, and the folder holds something else. Activate it again.`,
      );
    }
    await packages.remove(id, pkg.hash);
    await packages.add(pkg);
    if (consent && !consent.dormant) return consent;
    await this.record({
      actor: { id: null, username: 'config.json' },
      action: 'plugin.consent',
      target: id,
      details: { hash: pkg.hash, permissions: pkg.manifest.permissions },
    });
    return consents.give(pkg, 'config.json');
  }

  /** Replaces what runs by a new content, or puts the old one back. */
  private async swap(id: string, pkg: SoundPackage, actor: Actor): Promise<void> {
    const before = this.deps.consents.get(id);
    const wasWanted = this.isWanted(id);
    let kept: Readonly<KeptVersion> | null = null;
    this.requireDependencies(pkg.manifest);
    await this.deps.packages.add(pkg);
    const absence = before && wasWanted ? this.markAbsent(before, 'it is being updated') : () => undefined;
    try {
      await this.takeDown(id);
      this.set(id, { kind: 'activating' });
      if (before && before.hash !== pkg.hash) kept = await this.deps.versions.keep(before, 'update');
      await this.bringUp(id, await this.deps.consents.give(pkg, actor.username));
      await this.setWanted(id, true);
    } catch (error) {
      await this.restore(id, before, wasWanted, error as Error, kept);
      throw new HttpError(
        422,
        'ACTIVATION_FAILED',
        `"${pkg.manifest.name}" did not start: ${(error as Error).message}`,
        { plugin: id },
        { cause: error },
      );
    } finally {
      absence();
    }
    await this.settleDependents(id);
  }

  private async restore(
    id: string,
    before: Readonly<Consent> | undefined,
    wasWanted: boolean,
    error: Error,
    kept: Readonly<KeptVersion> | null,
  ): Promise<void> {
    await this.takeDown(id);
    if (before) await this.deps.consents.update(id, before);
    else await this.deps.consents.withdraw(id);
    // Once the consent is the one before again: only then is its package known to be in use.
    if (kept) await this.takeBack(kept);
    if (!before || !wasWanted) return this.fail(id, error);
    this.logOf(id).add({
      at: Date.now(),
      level: 'error',
      source: 'panel',
      text: `The new version did not start, the one before runs on: ${error.message}`,
    });
    await this.startWanted(id);
  }

  /** What a version that did not start has done to the documents is undone. */
  private async takeBack(kept: Readonly<KeptVersion>): Promise<void> {
    try {
      await this.deps.versions.restoreData(kept);
      await this.deps.versions.drop(kept);
    } catch (error) {
      const said = 'the documents of the version before could not be put back';
      this.deps.logger.error({ err: error, plugin: kept.plugin }, said);
    }
  }

  private async bringUp(id: string, consent: Readonly<Consent>): Promise<void> {
    const running = this.createRunning(id, consent);
    try {
      await running.start();
    } catch (error) {
      await running.stop().catch(() => undefined);
      throw error;
    }
    // At a start of the panel nothing new was registered, and a write for each plugin would be most of the start.
    if (!isDeepStrictEqual(running.registrations, consent.registrations))
      await this.deps.consents.update(id, { registrations: running.registrations });
    this.set(id, { kind: 'active', running });
  }

  private createRunning(id: string, consent: Readonly<Consent>): RunningPlugin {
    const { deps } = this;
    return new RunningPlugin(consent, {
      sandbox: deps.sandbox,
      hooks: deps.hooks,
      crons: deps.crons,
      sodiumVersion: deps.sodiumVersion,
      packageFolder: deps.packages.folder(id, consent.hash),
      storeDirectory: path.join(deps.databaseDirectory, `plugins_${id}`),
      order: this.takeOrder(id),
      granted: () => deps.consents.granted(id),
      approved: () => deps.consents.get(id)?.approved ?? [],
      used: (permission) => this.receipts.note(id, permission),
      config: () => deps.settings.values(id, consent.manifest.settings),
      onLog: (entry) => this.logOf(id).add(entry),
      onState: (state) => this.onInstanceState(id, state),
      onRegistrations: (registrations) => this.onRegistrations(id, registrations),
    });
  }

  private takeOrder(id: string): number {
    const reserved = this.reservedOrders.get(id);
    this.reservedOrders.delete(id);
    return reserved ?? (this.order += 1);
  }

  private onRegistrations(id: string, registrations: Registrations): void {
    this.deps.consents
      .update(id, { registrations })
      .catch((error: Error) => this.deps.logger.error({ err: error, plugin: id }, 'registrations not kept'));
    this.changed();
  }

  private onInstanceState(id: string, instance: InstanceState): void {
    const current = this.states.get(id);
    const running = runningOf(current);
    if (!running) return;
    if (instance.kind === 'quarantined') this.set(id, { kind: 'quarantined', running, reason: instance.reason });
    else if (current?.kind === 'quarantined' && instance.kind !== 'stopped') this.set(id, { kind: 'active', running });
  }

  private async takeDown(id: string): Promise<void> {
    const state = this.states.get(id);
    if (state?.kind === 'failed') state.absence?.();
    const running = runningOf(state);
    if (!running) return void this.states.delete(id);
    this.set(id, { kind: 'stopping' });
    await running.stop().finally(() => this.states.delete(id));
  }

  private fail(id: string, error: Error): void {
    const consent = this.deps.consents.get(id);
    const fix =
      error instanceof FixableError
        ? error.fix
        : 'Read its log, mend the plugin or install another version, then activate it again; or deactivate it.';
    const absence = consent && this.isWanted(id) ? this.markAbsent(consent, 'it failed to start') : null;
    this.set(id, { kind: 'failed', reason: error.message, fix, absence });
    this.logOf(id).add({ at: Date.now(), level: 'error', source: 'panel', text: error.message });
    this.deps.logger.warn({ plugin: id, reason: error.message }, 'plugin failed');
  }

  /** Lets the vetoes of a plugin stand while it cannot be asked. */
  private markAbsent({ id, manifest }: Readonly<Consent>, reason: string): Dispose {
    return this.deps.hooks.markAbsent({
      plugin: id,
      name: manifest.name,
      reason,
      denies: deniedWhenAbsent(declaredHooks(manifest)),
    });
  }

  /** After a plugin came, went or changed, those that need it follow, and those that need them. */
  private async settleDependents(id: string): Promise<void> {
    for (const other of this.deps.config.get().plugins.active) {
      if (other === id || this.deps.consents.get(other)?.manifest.dependencies[id] === undefined) continue;
      const moved = await this.locks.run(other, () => this.settle(other, id));
      if (moved) await this.settleDependents(other);
    }
  }

  /** Stops what cannot go on, starts what can again. Whatever stops stays wanted. */
  private async settle(id: string, needed: string): Promise<boolean> {
    const running = this.running(id);
    if (!running) {
      if (this.state(id).kind !== 'failed') return false;
      await this.takeDown(id);
      await this.startWanted(id);
      return this.running(id) !== null;
    }
    try {
      this.requireDependencies(running.manifest);
      return false;
    } catch (error) {
      await this.takeDown(id);
      this.fail(
        id,
        new FixableError(
          (error as Error).message,
          `Activate "${needed}" in a version that fits, or deactivate this plugin too.`,
        ),
      );
      return true;
    }
  }

  private requireDependencies(manifest: Manifest): void {
    refuseCycle(manifest, (other) => this.running(other)?.manifest);
    checkDependencies(manifest, (other) => this.running(other)?.manifest.version);
  }

  private async soundPackage(id: string): Promise<SoundPackage> {
    const pkg = await this.deps.discovery.scanOne(id);
    if (!pkg) {
      if (this.exists(id))
        throw new FixableError(
          `The folder "${id}" is missing from ${this.deps.discovery.directory}.`,
          'Put the folder back, or deactivate the plugin.',
        );
      throw notFound('plugin', id);
    }
    if (pkg.kind === 'sound') return pkg;
    const message = pkg.faults.map((fault) => fault.message).join(' ');
    throw new FixableError(message, pkg.faults.map((fault) => fault.fix).join(' '), pkg.faults);
  }

  async setWanted(id: string, wanted: boolean): Promise<void> {
    if (this.isWanted(id) === wanted) return;
    await this.deps.config.update((config) => {
      const others = config.plugins.active.filter((other) => other !== id);
      config.plugins.active = wanted ? [...others, id] : others;
    });
  }

  /** A full disk must not keep an admin from switching a plugin off. */
  async record(entry: AuditRecord): Promise<void> {
    await this.deps.audit
      .append(entry)
      .catch((error: Error) => this.deps.logger.error({ err: error, entry }, 'audit entry lost'));
  }

  private set(id: string, state: ManagedState): void {
    if (state.kind === 'inactive') this.states.delete(id);
    else this.states.set(id, state);
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A fault of the package itself: an answer 400 with what to do. */
export class FixableError extends HttpError {
  constructor(
    message: string,
    readonly fix: string,
    details?: unknown,
  ) {
    super(400, 'INVALID_PACKAGE', message, { details: details ?? { fix } });
  }
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
