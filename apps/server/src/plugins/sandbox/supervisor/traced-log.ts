import type { LogEntry } from '../types.js';
import type { FrameTracer } from './frame-tracer.js';

const MAX_WAITING = 500;

/** A plugin's log with its frames led back. Lines keep their order: they wait for the one before that is being traced. */
export class TracedLog {
  readonly #waiting: LogEntry[] = [];
  /** How many of the waiting are being traced now. */
  #tracing = 0;
  #busy = false;

  constructor(
    readonly tracer: FrameTracer,
    readonly deliver: (entry: LogEntry) => void,
  ) {}

  write(entry: LogEntry): void {
    if (this.#waiting.length === 0 && !this.tracer.isUnknown(entry.text)) return this.#pass(entry);
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX_WAITING) this.#passAll();
    else if (!this.#busy) void this.#trace();
  }

  async #trace(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      this.#tracing = this.#waiting.length;
      await this.tracer.learn(this.#waiting.map(({ text }) => text));
      for (const entry of this.#waiting.splice(0, this.#tracing)) this.#pass(entry);
    }
    this.#busy = false;
  }

  /** Too many to wait for: they come as they are. */
  #passAll(): void {
    this.#tracing = 0;
    for (const entry of this.#waiting.splice(0)) this.#pass(entry);
  }

  #pass(entry: LogEntry): void {
    this.deliver({ ...entry, text: this.tracer.apply(entry.text) });
  }
}
