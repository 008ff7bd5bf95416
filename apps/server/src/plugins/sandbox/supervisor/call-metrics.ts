import type { CallWindow, InstanceMetrics } from '../types.js';

type Kind = InstanceMetrics['calls'][number]['kind'];
const SAMPLES = 256;

interface Numbers {
  count: number;
  errors: number;
  /** The latest durations, as a ring. */
  recent: number[];
}

const none = (): Numbers => ({ count: 0, errors: 0, recent: [] });

/** How often a plugin was called, how often it failed, and how long the latest calls took. */
export class CallMetrics {
  readonly #kinds = new Map<Kind, Numbers>();
  /** Of all kinds, since it was last taken. */
  #window = none();

  /** With `caller`: a call that is given up because whoever asked has gone is no failure of the plugin's. */
  async measure<T>(kind: Kind, work: () => Promise<T>, caller?: AbortSignal): Promise<T> {
    const start = performance.now();
    const numbers = this.#numbers(kind);
    let failed = 0;
    try {
      return await work();
    } catch (error) {
      failed = caller?.aborted ? 0 : 1;
      throw error;
    } finally {
      const ms = performance.now() - start;
      note(numbers, ms, failed);
      note(this.#window, ms, failed);
    }
  }

  summary(): InstanceMetrics['calls'] {
    return [...this.#kinds].map(([kind, { count, errors, recent }]) => ({ kind, count, errors, ...quantiles(recent) }));
  }

  /** What came since this was last asked. */
  takeWindow(): CallWindow {
    const { count, errors, recent } = this.#window;
    if (count > 0) this.#window = none();
    return { calls: count, errors, ...quantiles(recent) };
  }

  #numbers(kind: Kind): Numbers {
    const known = this.#kinds.get(kind) ?? none();
    this.#kinds.set(kind, known);
    return known;
  }
}

function note(numbers: Numbers, ms: number, failed: number): void {
  numbers.errors += failed;
  numbers.recent[numbers.count++ % SAMPLES] = ms;
}

function quantiles(recent: readonly number[]): { p50Ms: number; p99Ms: number } {
  const sorted = [...recent].sort((a, b) => a - b);
  return { p50Ms: at(sorted, 0.5), p99Ms: at(sorted, 0.99) };
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
