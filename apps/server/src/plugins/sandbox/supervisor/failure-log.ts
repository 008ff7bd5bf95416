import type { SandboxLimits } from './limits.js';

export type Verdict = { kind: 'backoff'; waitMs: number } | { kind: 'quarantine'; reason: string };

/** Counts a plugin's failures and says what follows from one. */
export class FailureLog {
  #failures: number[] = [];

  constructor(readonly limits: SandboxLimits) {}

  add(reason: string, now = Date.now()): Verdict {
    const { quarantineWindowMs, quarantineFailures, backoffMs } = this.limits;
    this.#failures = [...this.#failures.filter((at) => now - at < quarantineWindowMs), now];
    if (this.#failures.length >= quarantineFailures) {
      const minutes = Math.round(quarantineWindowMs / 60_000);
      return {
        kind: 'quarantine',
        reason: `It failed ${this.#failures.length} times within ${minutes} minutes; the last time ${reason}.`,
      };
    }
    return { kind: 'backoff', waitMs: backoffMs[Math.min(this.#failures.length, backoffMs.length) - 1] ?? 0 };
  }

  /** The longest wait, for what is not the plugin's own failure. */
  rest(): Verdict {
    return { kind: 'backoff', waitMs: this.limits.backoffMs.at(-1) ?? 0 };
  }

  clear(): void {
    this.#failures = [];
  }
}
