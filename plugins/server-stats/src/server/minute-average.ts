import { MINUTE_MS, type Point } from '../points.js';

interface Sum {
  minute: number;
  cpu: number;
  memoryBytes: number;
  count: number;
}

/** Averages samples into one point per key and minute. A minute is complete when a sample of a later one arrives. */
export class MinuteAverage {
  readonly #sums = new Map<string, Sum>();

  /** Takes a sample; returns the point of the minute that it completes, or null. */
  add(key: string, { at, cpu, memoryBytes }: Point): Point | null {
    const minute = Math.floor(at / MINUTE_MS);
    const sum = this.#sums.get(key);
    if (sum?.minute === minute) {
      sum.cpu += cpu;
      sum.memoryBytes += memoryBytes;
      sum.count += 1;
      return null;
    }
    this.#sums.set(key, { minute, cpu, memoryBytes, count: 1 });
    return sum ? average(sum) : null;
  }

  forget(key: string): void {
    this.#sums.delete(key);
  }
}

function average({ minute, cpu, memoryBytes, count }: Sum): Point {
  return {
    at: minute * MINUTE_MS,
    cpu: Math.round((cpu / count) * 10) / 10,
    memoryBytes: Math.round(memoryBytes / count),
  };
}
