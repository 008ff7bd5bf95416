import type { ConsoleLine, Usage } from '@sodium/contract';
import type { RuntimeEvent, ServerExit, ServerSpec } from '../runtime.js';
import { ConsoleBuffer } from './console-buffer.js';
import type { Phase } from './phase.js';
import type { ServerProcess } from './server-process.js';

const LONGEST_READY_S = 3600;

/** One server of this machine: what it is doing, and what it said. */
export class ServerEntry {
  readonly console = new ConsoleBuffer();
  spec: ServerSpec | null = null;
  usage: Usage | null = null;
  /** Resolves when the present run is over. */
  over: Promise<void> = Promise.resolve();
  #phase: Phase = { kind: 'offline' };
  #ready: RegExp | null = null;
  readonly #emit: (event: RuntimeEvent) => void;

  constructor(
    readonly id: string,
    emit: (event: RuntimeEvent) => void,
  ) {
    this.#emit = emit;
  }

  get phase(): Phase {
    return this.#phase;
  }

  enter(phase: Phase): void {
    const before = this.#phase;
    if (before.kind === 'starting' && before.readyTimer) clearTimeout(before.readyTimer);
    if (before.kind === 'stopping' && before.killTimer) clearTimeout(before.killTimer);
    this.#phase = phase;
    if (phase.kind === 'offline') this.usage = null;
    if (before.kind === phase.kind) return;
    const exit = phase.kind === 'offline' && phase.exit ? { exit: phase.exit } : {};
    this.#emit({ type: 'state', id: this.id, from: before.kind, to: phase.kind, ...exit });
  }

  refuseUnlessOffline(what: string): void {
    if (this.#phase.kind !== 'offline')
      throw new Error(`Server "${this.id}" cannot be ${what}: it is ${this.#phase.kind}.`);
  }

  say(text: string): void {
    this.push('panel', text);
  }

  push(stream: ConsoleLine['stream'], text: string): void {
    this.#emit({ type: 'console', id: this.id, line: this.console.push(stream, text) });
  }

  /** A line of the process, which may be the one that says it is ready. */
  heard(stream: 'out' | 'err' | 'panel', text: string): void {
    this.push(stream, text);
    if (stream !== 'panel' && this.#phase.kind === 'starting' && this.#phase.process && this.#ready?.test(text))
      this.enter({ kind: 'running', process: this.#phase.process });
  }

  /** The process runs: now or later it is ready. */
  awaitReady(process: ServerProcess): void {
    const ready = this.spec?.ready;
    if (!ready) return this.enter({ kind: 'running', process });
    this.#ready = new RegExp(ready.pattern, 'u');
    const seconds = Math.min(ready.timeoutSeconds, LONGEST_READY_S);
    const readyTimer = setTimeout(() => {
      if (this.#phase.kind !== 'starting') return;
      this.say(`It did not say that it is ready within ${seconds} seconds; it is taken as running.`);
      this.enter({ kind: 'running', process });
    }, seconds * 1000);
    this.enter({ kind: 'starting', process, readyTimer });
    // Quick ones have said it already.
    if (this.#saidSince(process.startedAt, this.#ready)) this.enter({ kind: 'running', process });
  }

  /** The process and everything it started are gone. */
  ended({ code, signal }: { code: number | null; signal: string | null }): void {
    const phase = this.#phase;
    const reason = 'endReason' in phase ? phase.endReason : undefined;
    const asked = phase.kind === 'stopping' && reason === undefined;
    const crashed = !asked && (reason !== undefined || code !== 0);
    const message = reason ?? (crashed ? `It ended unexpectedly with ${signal ?? `exit code ${code}`}.` : undefined);
    if (message) this.say(message);
    const exit: ServerExit = { code, signal, crashed, ...(message ? { message } : {}) };
    this.enter({ kind: 'offline', exit });
  }

  #saidSince(at: number, pattern: RegExp): boolean {
    const lines = this.console.after().filter((line) => line.at >= at);
    return lines.some((line) => (line.stream === 'out' || line.stream === 'err') && pattern.test(line.text));
  }
}
