import { PluginError } from '../../errors.js';
import type { InstanceSpec, InstanceState, LogLevel, Registrations } from '../types.js';
import { FailureLog, type Verdict } from './failure-log.js';
import type { AttachedStore } from './instance-store.js';
import { launchPlugin, type LaunchDeps } from './launch-plugin.js';
import type { PluginProcess } from './plugin-process.js';
import { quiet, settle } from './process-end.js';
import type { TracedLog } from './traced-log.js';

interface Running {
  process: PluginProcess;
  store: AttachedStore | null;
  lastUsed: number;
}

type Phase =
  | { kind: 'idle' }
  | { kind: 'starting'; running: Promise<Running> }
  | { kind: 'running'; running: Running }
  | { kind: 'backoff'; reason: string; until: number; timer: NodeJS.Timeout }
  | { kind: 'quarantined'; reason: string }
  | { kind: 'stopped' };

/** Keeps one plugin's process: there when there is work, gone when there is none, back after a failure, given up after many. */
export class PluginRunner {
  /** What the next process starts with. */
  config: Record<string, unknown>;
  registrations: Registrations | null = null;
  restarts = 0;
  #phase: Phase = { kind: 'idle' };
  #closing = false;
  #cpuMs = 0;
  /** Resolves when the last process and its store have gone: two never share a store. */
  #previous: Promise<void> = Promise.resolve();
  readonly #failures: FailureLog;

  constructor(
    readonly spec: InstanceSpec,
    readonly deps: LaunchDeps,
    readonly log: TracedLog,
  ) {
    this.config = spec.config;
    this.#failures = new FailureLog(deps.limits);
  }

  get state(): InstanceState {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'running':
        return { kind: 'running', pid: phase.running.process.pid, since: phase.running.process.since };
      case 'backoff':
        return { kind: 'backoff', reason: phase.reason, until: phase.until };
      case 'starting':
        return { kind: 'starting' };
      default:
        return phase;
    }
  }
  get cpuMs(): number {
    return this.#cpuMs + (this.#current?.process.cpuMs ?? 0);
  }
  get memoryBytes(): number {
    return this.#current?.process.watchdog.memoryBytes ?? 0;
  }
  /** There is a process, or one is about to be there. */
  get awake(): boolean {
    return this.#phase.kind === 'running' || this.#phase.kind === 'starting';
  }

  /** Takes what an earlier start registered, instead of starting. */
  restore(registrations: Registrations): void {
    this.registrations = registrations;
    if (this.#phase.kind === 'idle') this.#enter({ kind: 'idle' });
  }

  releaseQuarantine(): void {
    this.#failures.clear();
    if (this.#phase.kind === 'quarantined') this.#enter({ kind: 'idle' });
  }

  async restart(): Promise<void> {
    await this.#endProcess({ kind: 'idle' });
    this.#failures.clear();
    if (this.#closing) return;
    this.#leaveBackoff();
    if (!this.awake) this.#enter({ kind: 'idle' });
    await this.process();
  }

  /** Lets running work end within `graceMs`, then ends the process for good. */
  async stop(graceMs: number): Promise<void> {
    if (this.#phase.kind === 'stopped') return this.#previous;
    this.#closing = true;
    this.#leaveBackoff();
    const running = await this.#settled();
    if (running) await quiet(running.process, graceMs);
    await this.#endProcess({ kind: 'stopped' });
    this.#enter({ kind: 'stopped' });
  }

  /** Called now and then: looks after the process, and ends one that has nothing to do. */
  look(): void {
    const running = this.#current;
    if (!running) return;
    const { process, store } = running;
    process.watchdog.look();
    if (store && !this.spec.hasPermission('db:own'))
      return this.#withdraw(running, 'its permission "db:own" was revoked');
    if (process.inFlight > 0 || process.activity.timers > 0 || process.activity.calls > 0)
      running.lastUsed = Date.now();
    if (!this.spec.resident && Date.now() - running.lastUsed > this.deps.limits.idleMs) void this.#idle(running);
  }

  /** The running process; starts one when there is none. */
  async process(): Promise<PluginProcess> {
    return (await this.#running()).process;
  }

  async #idle(running: Running): Promise<void> {
    running.lastUsed = Number.POSITIVE_INFINITY;
    await settle(running.process, this.deps.limits.settleMs);
    if (running.process.inFlight > 0) {
      running.lastUsed = Date.now();
      return;
    }
    await this.#endProcess({ kind: 'idle' }, false);
    if (this.#phase.kind === 'idle') this.#enter({ kind: 'idle' });
  }

  /** What an admin took away is no failure: the process ends, and the next one starts without it. */
  #withdraw({ process }: Running, why: string): void {
    const wasNeeded = this.spec.resident || process.activity.timers > 0;
    this.#say('warn', `Its process was ended: ${why}.`);
    this.#enter({ kind: 'idle' });
    process.kill(why);
    if (wasNeeded) this.process().catch(() => undefined);
  }

  #running(): Promise<Running> {
    const phase = this.#phase;
    if (this.#closing) return Promise.reject(this.#unavailable('it is being stopped'));
    switch (phase.kind) {
      case 'running':
        // Killed, and not gone yet: what follows from that is known once it is.
        if (phase.running.process.dying) return this.#previous.then(() => this.#running());
        phase.running.lastUsed = Date.now();
        return Promise.resolve(phase.running);
      case 'starting':
        return phase.running;
      case 'idle':
        return this.#start();
      case 'backoff':
        return Promise.reject(this.#unavailable(`it failed and starts again shortly: ${phase.reason}`));
      case 'quarantined':
        return Promise.reject(this.#unavailable(`it is quarantined: ${phase.reason}`));
      case 'stopped':
        return Promise.reject(this.#unavailable('it is not running'));
    }
  }

  #start(): Promise<Running> {
    const running = this.#previous.then(() => this.#launch());
    this.#enter({ kind: 'starting', running });
    running.then(
      (started) => {
        if (this.#phase.kind === 'starting' && this.#phase.running === running)
          this.#enter({ kind: 'running', running: started });
      },
      () => undefined,
    );
    return running;
  }

  async #launch(): Promise<Running> {
    const { spec, deps } = this;
    const log = this.log;
    try {
      const onProcess = (process: PluginProcess, store: AttachedStore | null): void => this.#followExit(process, store);
      const { process, registrations, store } = await launchPlugin({ spec, deps, config: this.config, log, onProcess });
      this.#adoptRegistrations(registrations);
      return { process, store, lastUsed: Date.now() };
    } catch (error) {
      this.#onFailedStart(error as Error);
      throw error;
    }
  }

  #adoptRegistrations(registrations: Registrations): void {
    const before = this.registrations;
    this.registrations = registrations;
    if (before && JSON.stringify(before) !== JSON.stringify(registrations)) this.spec.onRegistrations?.(registrations);
  }

  #followExit(process: PluginProcess, store: AttachedStore | null): void {
    this.#previous = process.exited.then(async (reason) => {
      this.#cpuMs += process.cpuMs;
      await store?.close();
      const phase = this.#phase;
      if (phase.kind === 'running' && phase.running.process === process && !this.#closing) this.#onFailure(reason);
    });
  }

  /** A plugin that lacks a permission does not start, but is not broken: it may be granted again at any time. */
  #onFailedStart(error: Error): void {
    const lacking = error instanceof PluginError && error.code === 'PERMISSION_DENIED';
    this.#onFailure(error.message, lacking ? this.#failures.rest() : undefined);
  }

  #onFailure(reason: string, consequence?: Verdict): void {
    if (this.#closing) return this.#enter({ kind: 'stopped' });
    const wasStarted = this.#phase.kind === 'running';
    this.#say('error', `It failed: ${reason}.`);
    const verdict = consequence ?? this.#failures.add(reason);
    if (verdict.kind === 'quarantine') {
      this.#say('error', `It is quarantined. ${verdict.reason}`);
      return this.#enter({ kind: 'quarantined', reason: verdict.reason });
    }
    const timer = setTimeout(() => this.#afterBackoff(wasStarted), verdict.waitMs);
    this.#enter({ kind: 'backoff', reason, until: Date.now() + verdict.waitMs, timer });
  }

  /** What ran before runs again, so that its timers go on; what never ran waits for its next use. */
  #afterBackoff(wasStarted: boolean): void {
    if (this.#phase.kind !== 'backoff' || this.#closing) return;
    this.#enter({ kind: 'idle' });
    if (!wasStarted) return;
    this.restarts++;
    this.#running().catch(() => undefined);
  }

  #leaveBackoff(): void {
    if (this.#phase.kind === 'backoff') clearTimeout(this.#phase.timer);
  }

  async #settled(): Promise<Running | null> {
    const phase = this.#phase;
    if (phase.kind === 'running') return phase.running;
    return phase.kind === 'starting' ? phase.running.catch(() => null) : null;
  }

  /**
   * Ends the process without that counting as a failure, and waits until it and its store have gone. Who calls
   * meanwhile meets the `next` phase already; a process that starts then waits for this one's end.
   */
  async #endProcess(next: { kind: 'idle' } | { kind: 'stopped' }, settling = true): Promise<void> {
    const running = await this.#settled();
    if (!running) return this.#previous;
    const gone = this.#previous;
    this.#phase = next;
    // Scratch storage has nothing to tidy up.
    if (settling && this.spec.store.kind === 'disk' && !running.process.gone)
      await settle(running.process, this.deps.limits.settleMs);
    await running.process.end();
    await gone;
  }

  get #current(): Running | null {
    return this.#phase.kind === 'running' ? this.#phase.running : null;
  }

  #unavailable(why: string): PluginError {
    const { id } = this.spec.meta;
    return new PluginError(id, 'PLUGIN_UNAVAILABLE', `Plugin "${id}" cannot answer now: ${why}`);
  }

  #say(level: LogLevel, text: string): void {
    this.log.write({ at: Date.now(), level, source: 'panel', text });
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.spec.onState(this.state);
  }
}
