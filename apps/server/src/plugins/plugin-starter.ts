import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { declaredHooks, type Manifest } from '@sodium/sdk/manifest';
import { notFound } from '../http-error.js';
import type { AuditRecord } from '../storage/index.js';
import type { Consent } from './consent.js';
import { checkDependencies, refuseCycle } from './dependencies.js';
import { FixableError } from './fixable-error.js';
import { deniedWhenAbsent, type Dispose } from './hooks/hook-bus.js';
import type { PluginManagerDeps } from './manager-deps.js';
import { runningOf } from './manager-state.js';
import type { SoundPackage } from './package/inspect.js';
import type { PermissionReceipts } from './permission-receipts.js';
import type { PluginStates } from './plugin-states.js';
import { RunningPlugin } from './running-plugin.js';
import type { InstanceState, LogEntry, Registrations } from './sandbox/types.js';
import { redactSecrets } from './settings/redact-secrets.js';
import { isSecret } from './settings/value-problem.js';

/** Brings one plugin up and takes one down. Whoever calls holds that plugin's lock. */
export class PluginStarter {
  private lastOrder = 0;
  private readonly orders = new Map<string, number>();

  constructor(
    readonly deps: PluginManagerDeps,
    readonly states: PluginStates,
    private readonly receipts: PermissionReceipts,
  ) {}

  isWanted(id: string): boolean {
    return this.deps.config.get().plugins.active.includes(id);
  }

  exists(id: string): boolean {
    return (
      this.deps.discovery.packages.has(id) ||
      this.states.has(id) ||
      this.deps.consents.get(id) !== undefined ||
      this.isWanted(id)
    );
  }

  /** Settles who comes first among equals, before several are started at a time. */
  reserveOrders(ids: readonly string[]): void {
    for (const id of ids) this.orders.set(id, (this.lastOrder += 1));
  }

  async startWanted(id: string): Promise<void> {
    this.states.set(id, { kind: 'activating' });
    const known = this.deps.consents.get(id);
    const absence = known ? this.markAbsent(known, 'it is starting') : () => undefined;
    try {
      await this.deps.updates.settle(id);
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
    if (consent && !consent.dormant && (await packages.verify(id, consent.hash))) {
      await this.requireSignature(consent);
      return consent;
    }
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

  /** What was agreed to before signatures were asked for does not run either. */
  private async requireSignature({ id, hash, files }: Readonly<Consent>): Promise<void> {
    const { signatures, packages } = this.deps;
    const fault = await signatures.check({ id, hash, files, folder: packages.folder(id, hash) });
    if (fault) throw new FixableError(fault.message, fault.fix, [fault]);
  }

  /** `beforeServing` runs once it has started, before anybody may call it. */
  async bringUp(id: string, consent: Readonly<Consent>, beforeServing?: () => Promise<void>): Promise<void> {
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
    try {
      await beforeServing?.();
    } catch (error) {
      await running.stop().catch(() => undefined);
      throw error;
    }
    this.states.set(id, { kind: 'active', running });
  }

  async takeDown(id: string): Promise<void> {
    const state = this.states.get(id);
    if (state.kind === 'failed') state.absence?.();
    const running = runningOf(state);
    if (!running) return this.states.clear(id);
    this.states.set(id, { kind: 'stopping' });
    await running.stop().finally(() => this.states.clear(id));
  }

  fail(id: string, error: Error): void {
    const consent = this.deps.consents.get(id);
    const fix =
      error instanceof FixableError
        ? error.fix
        : 'Read its log, mend the plugin or install another version, then activate it again; or deactivate it.';
    const absence = consent && this.isWanted(id) ? this.markAbsent(consent, 'it failed to start') : null;
    this.states.set(id, { kind: 'failed', reason: error.message, fix, absence });
    this.states.logOf(id).add({ at: Date.now(), level: 'error', source: 'panel', text: error.message });
    this.deps.logger.warn({ plugin: id, reason: error.message }, 'plugin failed');
  }

  /** Lets the vetoes of a plugin stand while it cannot be asked. */
  markAbsent({ id, manifest }: Readonly<Consent>, reason: string): Dispose {
    return this.deps.hooks.markAbsent({
      plugin: id,
      name: manifest.name,
      reason,
      denies: deniedWhenAbsent(declaredHooks(manifest)),
    });
  }

  requireDependencies(manifest: Manifest): void {
    refuseCycle(manifest, (other) => this.states.running(other)?.manifest);
    checkDependencies(manifest, (other) => this.states.running(other)?.manifest.version);
  }

  async soundPackage(id: string): Promise<SoundPackage> {
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

  private createRunning(id: string, consent: Readonly<Consent>): RunningPlugin {
    const { deps } = this;
    return new RunningPlugin(consent, {
      sandbox: deps.sandbox,
      hooks: deps.hooks,
      crons: deps.crons,
      sodiumVersion: deps.sodiumVersion,
      packageFolder: deps.packages.folder(id, consent.hash),
      storeDirectory: path.join(deps.databaseDirectory, `plugins_${id}`),
      order: this.orderOf(id),
      granted: () => deps.consents.granted(id),
      approved: () => deps.consents.get(id)?.approved ?? [],
      used: (permission) => this.receipts.note(id, permission),
      config: () => deps.settings.values(id, consent.manifest.settings),
      onLog: (entry) => this.states.logOf(id).add(this.withoutSecrets(consent, entry)),
      onState: (state) => this.onInstanceState(id, state),
      onRegistrations: (registrations) => this.onRegistrations(id, registrations),
    });
  }

  private withoutSecrets({ id, manifest }: Readonly<Consent>, entry: LogEntry): LogEntry {
    const { settings } = manifest;
    if (!Object.values(settings).some(isSecret)) return entry;
    return { ...entry, text: redactSecrets(entry.text, this.deps.settings.secrets(id, settings)) };
  }

  /** An update keeps its plugin's place; one that was not active comes last. */
  private orderOf(id: string): number {
    const kept = this.isWanted(id) ? this.orders.get(id) : undefined;
    const order = kept ?? (this.lastOrder += 1);
    this.orders.set(id, order);
    return order;
  }

  private onRegistrations(id: string, registrations: Registrations): void {
    this.deps.consents
      .update(id, { registrations })
      .catch((error: Error) => this.deps.logger.error({ err: error, plugin: id }, 'registrations not kept'));
    this.states.changed();
  }

  private onInstanceState(id: string, instance: InstanceState): void {
    const current = this.states.get(id);
    const running = runningOf(current);
    if (!running) return;
    if (instance.kind === 'quarantined') this.states.set(id, { kind: 'quarantined', running, reason: instance.reason });
    else if (current.kind === 'quarantined' && instance.kind !== 'stopped')
      this.states.set(id, { kind: 'active', running });
  }
}
