import { HOOKS, matchHooks, type HookName, type Permission } from '@sodium/sdk';
import { PluginError } from '../errors.js';
import { sendPieces } from './protocol/attachments.js';
import { TO_CHILD } from './protocol/frames.js';
import { encodeJson } from './protocol/json.js';
import { outcomeSchema } from './supervisor/child-messages.js';
import { CallMetrics } from './supervisor/call-metrics.js';
import { FailureLog } from './supervisor/failure-log.js';
import { FrameTracer } from './supervisor/frame-tracer.js';
import { TracedLog } from './supervisor/traced-log.js';
import type { CallOptions, PluginProcess } from './supervisor/plugin-process.js';
import type { AttachedStore } from './supervisor/instance-store.js';
import { launchPlugin, type LaunchDeps } from './supervisor/launch-plugin.js';
import type {
  HookOutcome,
  HttpAnswer,
  HttpCall,
  InstanceMetrics,
  InstanceSpec,
  InstanceState,
  LogLevel,
  PluginInstance,
  Registrations,
} from './types.js';

export interface InstanceDeps extends LaunchDeps {
  onClosed(instance: SandboxedPlugin): void;
}

interface Running {
  process: PluginProcess;
  store: AttachedStore | null;
  lastUsed: number;
}

type CallKind = InstanceMetrics['calls'][number]['kind'];

type Phase =
  | { kind: 'idle' }
  | { kind: 'starting'; running: Promise<Running> }
  | { kind: 'running'; running: Running }
  | { kind: 'backoff'; reason: string; until: number; timer: NodeJS.Timeout }
  | { kind: 'quarantined'; reason: string }
  | { kind: 'stopped' };

/** One plugin's backend: a process when there is work, none when there is not. */
export class SandboxedPlugin implements PluginInstance {
  #phase: Phase = { kind: 'idle' };
  #config: Record<string, unknown>;
  #closing = false;
  #restarts = 0;
  #cpuMs = 0;
  /** Resolves when the last process and its store have gone: two never share a store. */
  #previous: Promise<void> = Promise.resolve();
  readonly #failures: FailureLog;
  readonly #metrics = new CallMetrics();
  readonly #traced: TracedLog;
  #registrations: Registrations | null = null;
  readonly #declaredHooks: ReadonlySet<HookName>;

  constructor(
    readonly spec: InstanceSpec,
    readonly deps: InstanceDeps,
  ) {
    this.#config = spec.config;
    this.#declaredHooks = new Set(spec.declaredHooks.flatMap((pattern) => matchHooks(pattern)));
    this.#failures = new FailureLog(deps.limits);
    const tracer = new FrameTracer(spec.meta.id, spec.serverFile, deps.compile.folder);
    this.#traced = new TracedLog(tracer, (entry) => spec.onLog(entry));
  }

  get id(): string {
    return this.spec.meta.id;
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

  async activate(): Promise<Registrations> {
    await this.#running();
    return this.#registrations!;
  }

  restore(registrations: Registrations): void {
    this.#registrations = registrations;
    if (this.#phase.kind === 'idle') this.#enter({ kind: 'idle' });
  }

  http(call: HttpCall, signal?: AbortSignal): Promise<HttpAnswer> {
    const label = `the request ${call.method} ${call.path.slice(0, 200)}`;
    return this.#observe('http', async () => {
      this.#requirePermission('http:routes', label);
      const { body, ...message } = call;
      const answer = await this.#call(
        { kind: 'http', label, deadlineMs: this.deps.limits.httpMs },
        (process) => (id) => {
          process.channel.send(TO_CHILD.http, id, encodeJson({ ...message, attachment: body.length }));
          sendPieces(process.channel, TO_CHILD.chunk, id, body);
        },
        signal,
      );
      return answer as HttpAnswer;
    });
  }

  hook(handler: number, event: HookName, context: unknown, deadlineMs: number): Promise<HookOutcome> {
    const { permission } = HOOKS[event];
    return this.#observe('hook', async () => {
      if (!this.#declaredHooks.has(event)) return { kind: 'passed' };
      if (permission !== null) this.#requirePermission(permission, `the hook ${event}`);
      const value = await this.#json({ kind: 'hook', label: `its handler of ${event}`, deadlineMs }, TO_CHILD.hook, {
        handler,
        event,
        context,
      });
      const outcome = outcomeSchema.safeParse(value);
      if (outcome.success) return outcome.data;
      throw new PluginError(this.id, 'PLUGIN_FAILED', `Plugin "${this.id}" gave an unreadable answer to ${event}.`);
    });
  }

  async cron(name: string): Promise<void> {
    await this.#observe('cron', async () => {
      this.#requirePermission('cron:register', `the task "${name}"`);
      await this.#json(
        { kind: 'cron', label: `its task "${name}"`, deadlineMs: this.deps.limits.cronMs },
        TO_CHILD.cron,
        { name },
      );
    });
  }

  method(name: string, args: readonly unknown[], callChain: readonly string[]): Promise<unknown> {
    const label = `its method "${name}"`;
    return this.#observe('method', async () => {
      if (this.#registrations && !this.#registrations.methods.includes(name)) {
        throw new PluginError(
          this.id,
          'METHOD_NOT_FOUND',
          `Plugin "${this.id}" has no method "${name}". It offers: ${this.#registrations.methods.join(', ') || 'none'}.`,
        );
      }
      return this.#json(
        { kind: 'method', label, deadlineMs: this.deps.limits.methodMs, chain: callChain },
        TO_CHILD.method,
        { name, args },
      );
    });
  }

  async updateConfig(changed: Record<string, unknown>, all: Record<string, unknown>): Promise<void> {
    this.#config = all;
    if (this.#phase.kind !== 'running' && this.#phase.kind !== 'starting') return;
    await this.#json(
      { kind: 'other', label: 'the change of its settings', deadlineMs: this.deps.limits.configMs },
      TO_CHILD.config,
      { changed, all },
    );
  }

  metrics(): InstanceMetrics {
    const process = this.#phase.kind === 'running' ? this.#phase.running.process : null;
    return {
      cpuMs: this.#cpuMs + (process?.cpuMs ?? 0),
      memoryBytes: process?.watchdog.memoryBytes ?? 0,
      restarts: this.#restarts,
      calls: this.#metrics.summary(),
    };
  }

  releaseQuarantine(): void {
    this.#failures.clear();
    if (this.#phase.kind === 'quarantined') this.#enter({ kind: 'idle' });
  }

  async restart(): Promise<void> {
    await this.#endProcess(true);
    this.#failures.clear();
    if (this.#closing) return;
    this.#leaveBackoff();
    this.#enter({ kind: 'idle' });
    await this.#running();
  }

  async stop(graceMs = 5_000): Promise<void> {
    if (this.#phase.kind === 'stopped') return this.#previous;
    this.#closing = true;
    this.#leaveBackoff();
    const running = await this.#currentProcess();
    if (running) await quiet(running.process, graceMs);
    await this.#endProcess(true);
    this.#enter({ kind: 'stopped' });
    this.deps.onClosed(this);
  }

  /** Called now and then: looks after the process, and ends one that has nothing to do. */
  look(): void {
    if (this.#phase.kind !== 'running') return;
    const { running } = this.#phase;
    const { process } = running;
    process.watchdog.look();
    if (running.store && !this.spec.hasPermission('db:own')) return process.kill('its permission "db:own" was revoked');
    if (process.inFlight > 0 || process.activity.timers > 0 || process.activity.calls > 0)
      running.lastUsed = Date.now();
    if (!this.spec.resident && Date.now() - running.lastUsed > this.deps.limits.idleMs) void this.#idle(running);
  }

  async #idle(running: Running): Promise<void> {
    running.lastUsed = Number.POSITIVE_INFINITY;
    await this.#settle(running.process);
    if (running.process.inFlight > 0) {
      running.lastUsed = Date.now();
      return;
    }
    await this.#endProcess(false);
    if (!this.#closing && this.#phase.kind === 'stopped') this.#enter({ kind: 'idle' });
  }

  /** The running process; starts one when there is none. */
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
    const log = this.#traced;
    try {
      const onProcess = (process: PluginProcess, store: AttachedStore | null): void => this.#followExit(process, store);
      const { process, registrations, store } = await launchPlugin({ spec, deps, config: this.#config, log, onProcess });
      this.#adoptRegistrations(registrations);
      return { process, store, lastUsed: Date.now() };
    } catch (error) {
      this.#onFailure((error as Error).message);
      throw error;
    }
  }

  #adoptRegistrations(registrations: Registrations): void {
    const before = this.#registrations;
    this.#registrations = registrations;
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

  #onFailure(reason: string): void {
    if (this.#closing) return this.#enter({ kind: 'stopped' });
    const wasStarted = this.#phase.kind === 'running';
    this.#log('error', `It failed: ${reason}.`);
    const verdict = this.#failures.add(reason);
    if (verdict.kind === 'quarantine') {
      this.#log('error', `It is quarantined. ${verdict.reason}`);
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
    this.#restarts++;
    this.#running().catch(() => undefined);
  }

  #leaveBackoff(): void {
    if (this.#phase.kind === 'backoff') clearTimeout(this.#phase.timer);
  }

  async #currentProcess(): Promise<Running | null> {
    const phase = this.#phase;
    if (phase.kind === 'running') return phase.running;
    return phase.kind === 'starting' ? phase.running.catch(() => null) : null;
  }

  /** Ends the process without that counting as a failure, and waits until it and its store have gone. */
  async #endProcess(settle: boolean): Promise<void> {
    const running = await this.#currentProcess();
    if (!running) return this.#previous;
    this.#phase = { kind: 'stopped' };
    if (settle && !running.process.gone) await this.#settle(running.process);
    await running.process.end();
    await this.#previous;
  }

  async #settle(process: PluginProcess): Promise<void> {
    const { settleMs } = this.deps.limits;
    const settled = process.call({ kind: 'other', label: 'its end', deadlineMs: settleMs }, (id) =>
      process.channel.send(TO_CHILD.settle, id),
    );
    // What was acknowledged is on disk already; this only tidies up.
    await settled.catch(() => undefined);
  }

  async #call(
    options: CallOptions,
    sender: (process: PluginProcess) => (id: number) => void,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { process } = await this.#running();
    return process.call(options, sender(process), signal);
  }

  #json(options: CallOptions, type: number, message: unknown): Promise<unknown> {
    return this.#call(options, (process) => (id) => process.channel.send(type, id, encodeJson(message)));
  }

  /** Measures a call, and writes what the plugin's own code did wrong into its log, with its file and line. */
  async #observe<T>(kind: CallKind, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#metrics.measure(kind, work);
    } catch (error) {
      if (error instanceof PluginError && OWN_FAULTS.has(error.code)) this.#log('error', withStack(error));
      throw error;
    }
  }

  #requirePermission(permission: Permission, what: string): void {
    if (!this.spec.hasPermission(permission))
      throw new PluginError(
        this.id,
        'PERMISSION_DENIED',
        `Plugin "${this.id}" may not serve ${what}: it does not hold the permission "${permission}".`,
      );
    this.spec.onPermissionUsed(permission);
  }

  #unavailable(why: string): PluginError {
    return new PluginError(this.id, 'PLUGIN_UNAVAILABLE', `Plugin "${this.id}" cannot answer now: ${why}`);
  }

  #log(level: LogLevel, text: string): void {
    this.#traced.write({ at: Date.now(), level, source: 'panel', text });
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.spec.onState(this.state);
  }
}

const OWN_FAULTS: ReadonlySet<PluginError['code']> = new Set([
  'PLUGIN_FAILED',
  'PLUGIN_TIMEOUT',
  'PLUGIN_STORE_FAILED',
]);

function withStack({ message, cause }: PluginError): string {
  const frames = cause instanceof Error ? (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [message, ...frames].join('\n');
}

/** Waits until no call is under way, but no longer than this. */
async function quiet(process: PluginProcess, graceMs: number): Promise<void> {
  const end = Date.now() + graceMs;
  while (process.inFlight > 0 && !process.gone && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
