import type { InstanceMetrics } from '../types.js';

type Kind = InstanceMetrics['calls'][number]['kind'];
const SAMPLES = 256;

interface Numbers {
  count: number;
  errors: number;
  /** The latest durations, as a ring. */
  recent: number[];
}

/** How often a plugin was called, how often it failed, and how long the latest calls took. */
export class CallMetrics {
  readonly #kinds = new Map<Kind, Numbers>();

  async measure<T>(kind: Kind, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const numbers = this.#numbers(kind);
    try {
      return await work();
    } catch (error) {
      numbers.errors++;
      throw error;
    } finally {
      numbers.recent[numbers.count++ % SAMPLES] = performance.now() - start;
    }
  }

  summary(): InstanceMetrics['calls'] {
    return [...this.#kinds].map(([kind, { count, errors, recent }]) => {
      const sorted = [...recent].sort((a, b) => a - b);
      return { kind, count, errors, p50Ms: at(sorted, 0.5), p99Ms: at(sorted, 0.99) };
    });
  }

  #numbers(kind: Kind): Numbers {
    const known = this.#kinds.get(kind) ?? { count: 0, errors: 0, recent: [] };
    this.#kinds.set(kind, known);
    return known;
  }
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
