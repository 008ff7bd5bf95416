import { PluginError } from '../../errors.js';
import { CONTROL_FRAMES, type FrameChannel } from '../protocol/channel.js';
import { FROM_CHILD, LOGS_PER_SECOND, LOG_TEXT_LENGTH, TO_CHILD } from '../protocol/frames.js';
import { decodeJson, encodeJson } from '../protocol/json.js';
import { RateLimit } from '../protocol/rate-limit.js';
import { createStreamChannel } from '../protocol/stream-channel.js';
import type { LogLevel } from '../types.js';
import { AnswerCollector, type BodyFlow } from './answer-collector.js';
import { CallTable, invalidHead, pluginError, type CallKind } from './call-table.js';
import { CapabilityCalls, type CapabilityScope } from './capability-calls.js';
import { doneSchema, failedSchema, headSchema, logSchema, pongSchema } from './child-messages.js';
import { watchExit } from './explain-exit.js';
import type { SandboxLimits } from './limits.js';
import { cpuMs } from './process-stats.js';
import { spawnChild, type SpawnedChild } from './spawn-child.js';
import { Watchdog } from './watchdog.js';

/** What the process of a plugin reports to its owner. */
export interface ProcessOwner extends Omit<CapabilityScope, 'chainOf'> {
  onLog(level: LogLevel, text: string): void;
}

export interface CallOptions {
  kind: CallKind;
  label: string;
  deadlineMs: number;
  chain?: readonly string[];
}

/** Answers to calls that were given up on come late; more than this many a second is a flood. */
const STRAY_FRAMES_PER_SECOND = 2000;
const EXIT_GRACE_MS = 500;

/** One child process, from its start to its end. First it waits, then it belongs to one plugin. */
export class PluginProcess {
  readonly pid: number;
  readonly channel: FrameChannel;
  readonly since = Date.now();
  /** Resolves once the process waits for a plugin; rejects when it ends before. */
  readonly booted: Promise<void>;
  /** Resolves with the reason when the process has gone. */
  readonly exited: Promise<string>;
  readonly watchdog: Watchdog;
  readonly #spawned: SpawnedChild;
  readonly #strays = new RateLimit(STRAY_FRAMES_PER_SECOND);
  readonly #logs = new RateLimit(LOGS_PER_SECOND * 5);
  readonly #answers: AnswerCollector;
  #calls = new CallTable('', 1);
  #owner: { scope: ProcessOwner; capabilities: CapabilityCalls } | null = null;
  #killed: string | null = null;
  #gone = false;
  #cpuMs = 0;
  /** As the child last told; only its own idle stop depends on it. */
  activity = { timers: 0, calls: 0 };

  constructor(
    folder: string,
    readonly limits: SandboxLimits,
  ) {
    this.#spawned = spawnChild(folder);
    this.pid = this.#spawned.pid;
    this.channel = createStreamChannel(this.#spawned.stream);
    const flow: BodyFlow = {
      credit: (id, pieces) => this.channel.send(TO_CHILD.credit, id, encodeJson({ pieces })),
      abort: (id) => this.channel.send(TO_CHILD.abort, id),
    };
    this.#answers = new AnswerCollector(flow, limits.httpMs);
    this.watchdog = new Watchdog(
      { pid: this.pid, ping: () => this.channel.send(TO_CHILD.ping, 0), kill: (why) => this.kill(why) },
      limits,
    );
    this.exited = this.#watchExit();
    this.booted = this.#watchBoot();
    this.booted.catch(() => undefined);
    this.channel.onFrame(CONTROL_FRAMES, (type, id, payload) => this.#onFrame(type, id, payload));
    this.channel.onClose((reason) => this.#onClosed(reason));
  }

  get gone(): boolean {
    return this.#gone;
  }
  /** It has been told to end, or has ended. */
  get dying(): boolean {
    return this.#gone || this.#killed !== null;
  }
  get inFlight(): number {
    return this.#calls.size + this.#answers.size;
  }
  get cpuMs(): number {
    return (this.#cpuMs = cpuMs(this.pid) ?? this.#cpuMs);
  }

  /** From now on the process belongs to this plugin. */
  adopt(owner: ProcessOwner): void {
    this.#calls = new CallTable(owner.plugin, this.limits.callsInFlight);
    const chainOf = (id: number | undefined): readonly string[] =>
      id === undefined ? [] : (this.#calls.get(id)?.chain ?? []);
    this.#owner = { scope: owner, capabilities: new CapabilityCalls(this.channel, { ...owner, chainOf }) };
  }

  call(
    { kind, label, deadlineMs, chain = [] }: CallOptions,
    send: (id: number) => void,
    signal?: AbortSignal,
  ): Promise<unknown> {
    if (this.dying) return Promise.reject(this.#ended(label));
    let callId = 0;
    const answer = this.#calls.open({ kind, label, chain }, deadlineMs, (id) => {
      callId = id;
      send(id);
    });
    if (signal && callId) this.#followSignal(signal, callId, label);
    return answer;
  }

  kill(reason: string): void {
    if (this.#killed !== null || this.#gone) return;
    this.#killed = reason;
    this.#spawned.child.kill('SIGKILL');
    this.#endCalls();
  }

  /** Lets a process end that has nothing to do any more. */
  async end(): Promise<void> {
    this.kill('it was stopped');
    await this.exited;
  }

  #followSignal(signal: AbortSignal, id: number, label: string): void {
    const give = (): void => {
      if (!this.#calls.get(id)) return;
      this.channel.send(TO_CHILD.abort, id);
      this.#answers.abandon(id);
      this.#calls.fail(
        id,
        new PluginError(this.#calls.plugin, 'PLUGIN_UNAVAILABLE', `The caller of ${label} has gone.`),
      );
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  }

  #onFrame(type: number, id: number, payload: Uint8Array): void {
    switch (type) {
      case FROM_CHILD.done:
        return this.#onDone(id, payload);
      case FROM_CHILD.failed:
        return this.#onFailed(id, payload);
      case FROM_CHILD.head:
        return this.#onHead(id, payload);
      case FROM_CHILD.body:
        if (!this.#answers.add(id, payload)) this.#stray();
        return;
      case FROM_CHILD.call:
        return this.#adopted().capabilities.onCall(id, payload);
      case FROM_CHILD.callChunk:
        return this.#adopted().capabilities.onChunk(id, payload);
      case FROM_CHILD.log:
        return this.#onLog(payload);
      case FROM_CHILD.pong:
        this.#stray();
        this.activity = pongSchema.parse(decodeJson(payload));
        return this.watchdog.alive();
      case FROM_CHILD.booted:
        return this.#onBooted();
      default:
        throw new Error(`a frame of the unknown type ${type}`);
    }
  }

  #onBooted: () => void = () => this.#stray();

  #onDone(id: number, payload: Uint8Array): void {
    const call = this.#calls.get(id);
    if (!call) return this.#stray();
    if (call.kind === 'http') throw new Error('an answer without a head');
    this.#calls.resolve(id, doneSchema.parse(decodeJson(payload)).value);
  }

  #onFailed(id: number, payload: Uint8Array): void {
    const call = this.#calls.get(id);
    if (!call) return this.#stray();
    this.#calls.fail(id, pluginError(this.#calls.plugin, call.label, failedSchema.parse(decodeJson(payload))));
  }

  #onHead(id: number, payload: Uint8Array): void {
    const call = this.#calls.get(id);
    if (!call) return this.#stray();
    if (call.kind !== 'http') throw new Error('an HTTP answer to something else');
    const head = headSchema.safeParse(decodeJson(payload));
    if (!head.success) return this.#calls.fail(id, invalidHead(this.#calls.plugin, call.label, head.error));
    this.#answers.begin(id, head.data, (answer) => this.#calls.resolve(id, answer));
  }

  #onLog(payload: Uint8Array): void {
    if (!this.#logs.take()) throw new Error('more log lines than the sandbox lets through');
    const { level, text } = logSchema.parse(decodeJson(payload));
    this.#adopted().scope.onLog(level, text.slice(0, LOG_TEXT_LENGTH));
  }

  /** A process that ends closes its connection a moment earlier; its exit explains more. */
  #onClosed(reason: Error | null): void {
    if (reason) return this.kill(`it broke the protocol: ${reason.message.slice(0, 300)}`);
    setTimeout(() => this.kill('it closed its connection'), EXIT_GRACE_MS).unref();
  }

  #adopted(): { scope: ProcessOwner; capabilities: CapabilityCalls } {
    if (!this.#owner) throw new Error('a message before a plugin was loaded');
    return this.#owner;
  }

  #stray(): void {
    if (!this.#strays.take()) throw new Error('a flood of messages that nobody asked for');
  }

  #watchBoot(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(`it did not start within ${this.limits.bootMs} ms`), this.limits.bootMs);
      this.#onBooted = () => {
        clearTimeout(timer);
        this.#onBooted = () => this.#stray();
        resolve();
      };
      void this.exited.then((reason) => {
        clearTimeout(timer);
        reject(new Error(`A plugin process ended before it was ready: ${reason}`));
      });
    });
  }

  #watchExit(): Promise<string> {
    return new Promise((resolve) => {
      watchExit(this.#spawned.child, (reason) => {
        this.#gone = true;
        this.#killed ??= reason;
        this.#endCalls();
        this.channel.close();
        resolve(this.#killed);
      });
    });
  }

  #endCalls(): void {
    this.#owner?.capabilities.close();
    this.#calls.failAll((label) => this.#ended(label));
    this.#answers.failAll(this.#ended('an answer'));
  }

  #ended(label: string): PluginError {
    const { plugin } = this.#calls;
    return new PluginError(
      plugin,
      'PLUGIN_UNAVAILABLE',
      `Plugin "${plugin}" ended during ${label}: ${this.#killed ?? 'its process has gone'}.`,
    );
  }
}
