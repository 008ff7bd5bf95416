import { HOOKS, matchHooks, type HookName, type Permission } from '@sodium/sdk';
import { PluginError } from '../errors.js';
import { sendPieces } from './protocol/attachments.js';
import { TO_CHILD } from './protocol/frames.js';
import { encodeJson } from './protocol/json.js';
import { outcomeSchema } from './supervisor/child-messages.js';
import { CallMetrics } from './supervisor/call-metrics.js';
import { FrameTracer } from './supervisor/frame-tracer.js';
import { TracedLog } from './supervisor/traced-log.js';
import type { CallOptions, PluginProcess } from './supervisor/plugin-process.js';
import type { LaunchDeps } from './supervisor/launch-plugin.js';
import { PluginRunner } from './supervisor/plugin-runner.js';
import type {
  HookOutcome,
  HttpAnswer,
  HttpCall,
  InstanceMetrics,
  InstanceSpec,
  InstanceState,
  PluginInstance,
  Registrations,
} from './types.js';

export interface InstanceDeps extends LaunchDeps {
  onClosed(instance: SandboxedPlugin): void;
}

type CallKind = InstanceMetrics['calls'][number]['kind'];

/** One plugin's backend: a process when there is work, none when there is not. */
export class SandboxedPlugin implements PluginInstance {
  readonly #log: TracedLog;
  readonly #runner: PluginRunner;
  readonly #metrics = new CallMetrics();
  readonly #declaredHooks: ReadonlySet<HookName>;

  constructor(
    readonly spec: InstanceSpec,
    readonly deps: InstanceDeps,
  ) {
    this.#declaredHooks = new Set(spec.declaredHooks.flatMap((pattern) => matchHooks(pattern)));
    const tracer = new FrameTracer(spec.meta.id, spec.serverFile, deps.compile.folder, spec.source);
    this.#log = new TracedLog(tracer, (entry) => spec.onLog(entry));
    this.#runner = new PluginRunner(spec, deps, this.#log);
  }

  get id(): string {
    return this.spec.meta.id;
  }

  get state(): InstanceState {
    return this.#runner.state;
  }

  async activate(): Promise<Registrations> {
    await this.#runner.process();
    return this.#runner.registrations!;
  }

  restore(registrations: Registrations): void {
    this.#runner.restore(registrations);
  }

  http(call: HttpCall, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.#observe('http', () => this.#http(call, signal), signal);
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
      const methods = this.#runner.registrations?.methods;
      if (methods && !methods.includes(name)) {
        throw new PluginError(
          this.id,
          'METHOD_NOT_FOUND',
          `Plugin "${this.id}" has no method "${name}". It offers: ${methods.join(', ') || 'none'}.`,
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
    this.#runner.config = all;
    if (!this.#runner.awake) return;
    const clockOffsetMs = this.deps.clockOffset?.();
    await this.#json(
      { kind: 'other', label: 'the change of its settings', deadlineMs: this.deps.limits.configMs },
      TO_CHILD.config,
      { changed, all, clockOffsetMs },
    );
  }

  metrics(): InstanceMetrics {
    const { cpuMs, memoryBytes, restarts } = this.#runner;
    return { cpuMs, memoryBytes, restarts, calls: this.#metrics.summary() };
  }

  sample(): ReturnType<PluginInstance['sample']> {
    const { cpuMs, memoryBytes } = this.#runner;
    return { cpuMs, memoryBytes, window: this.#metrics.takeWindow() };
  }

  releaseQuarantine(): void {
    this.#runner.releaseQuarantine();
  }

  restart(): Promise<void> {
    return this.#runner.restart();
  }

  async stop(graceMs = 5_000): Promise<void> {
    await this.#runner.stop(graceMs);
    this.deps.onClosed(this);
  }

  look(): void {
    this.#runner.look();
  }

  async #http({ body, ...message }: HttpCall, signal?: AbortSignal): Promise<HttpAnswer> {
    const label = `the request ${message.method} ${message.path.slice(0, 200)}`;
    this.#requirePermission('http:routes', label);
    const answer = await this.#call(
      { kind: 'http', label, deadlineMs: this.deps.limits.httpMs },
      (process) => (id) => {
        process.channel.send(TO_CHILD.http, id, encodeJson({ ...message, attachment: body.length }));
        sendPieces(process.channel, TO_CHILD.chunk, id, body);
      },
      signal,
    );
    return answer as HttpAnswer;
  }

  async #call(
    options: CallOptions,
    sender: (process: PluginProcess) => (id: number) => void,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const process = await this.#runner.process();
    return process.call(options, sender(process), signal);
  }

  #json(options: CallOptions, type: number, message: unknown): Promise<unknown> {
    return this.#call(options, (process) => (id) => process.channel.send(type, id, encodeJson(message)));
  }

  /** Measures a call, and writes what the plugin's own code did wrong into its log, with its file and line. */
  async #observe<T>(kind: CallKind, work: () => Promise<T>, caller?: AbortSignal): Promise<T> {
    try {
      return await this.#metrics.measure(kind, work, caller);
    } catch (error) {
      if (error instanceof PluginError && OWN_FAULTS.has(error.code))
        this.#log.write({ at: Date.now(), level: 'error', source: 'panel', text: withStack(error) });
      throw error;
    }
  }

  #requirePermission(permission: Permission, what: string): void {
    if (!this.spec.hasPermission(permission))
      throw new PluginError(
        this.id,
        'PERMISSION_DENIED',
        `Plugin "${this.id}" may not serve ${what}: ${this.spec.mayRegister?.(permission) ? `an admin took the permission "${permission}" back` : `it does not hold the permission "${permission}"`}.`,
      );
    this.spec.onPermissionUsed(permission);
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
