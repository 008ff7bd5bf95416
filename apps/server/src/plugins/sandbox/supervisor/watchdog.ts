import type { SandboxLimits } from './limits.js';
import { cpuMs, privateBytes } from './process-stats.js';

export interface Watched {
  readonly pid: number;
  /** Asks for a sign of life; `Watchdog.alive` takes the answer. */
  ping(): void;
  kill(reason: string): void;
}

/**
 * Looks after one process. Wall-clock time alone would end healthy processes on a busy machine, so a silent one must
 * also have computed all the while, or have been silent for very long.
 */
export class Watchdog {
  #waiting: { since: number; cpu: number | null } | null = null;
  memoryBytes = 0;

  constructor(
    readonly watched: Watched,
    readonly limits: SandboxLimits,
  ) {}

  alive(): void {
    this.#waiting = null;
  }

  look(now = performance.now()): void {
    this.#lookAtMemory();
    if (!this.#waiting) {
      this.#waiting = { since: now, cpu: cpuMs(this.watched.pid) };
      return this.watched.ping();
    }
    const { since, cpu } = this.#waiting;
    const silent = now - since;
    const { hangCpuMs, hangWallMs } = this.limits;
    if (silent < hangCpuMs) return;
    const used = cpu === null ? silent : (cpuMs(this.watched.pid) ?? 0) - cpu;
    if (used >= hangCpuMs * 0.8)
      return this.watched.kill(
        `its code kept the processor for ${Math.round(used)} ms without a break (an endless loop?)`,
      );
    if (silent >= hangWallMs) this.watched.kill(`it gave no sign of life for ${Math.round(silent)} ms`);
  }

  #lookAtMemory(): void {
    const bytes = privateBytes(this.watched.pid);
    if (bytes === null) return;
    this.memoryBytes = bytes;
    if (bytes > this.limits.memoryBytes) {
      this.watched.kill(
        `it used ${megabytes(bytes)} of memory; at most ${megabytes(this.limits.memoryBytes)} are allowed`,
      );
    }
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1048576)} MB`;
