/** All in milliseconds and bytes. */
export interface SandboxLimits {
  bootMs: number;
  loadMs: number;
  httpMs: number;
  cronMs: number;
  methodMs: number;
  configMs: number;
  settleMs: number;
  /** CPU time without a sign of life after which a process counts as hung. */
  hangCpuMs: number;
  /** The same in wall-clock time, for a process that neither computes nor answers. */
  hangWallMs: number;
  watchEveryMs: number;
  /** Private memory of a process, on and off the JavaScript heap. */
  memoryBytes: number;
  callsInFlight: number;
  idleMs: number;
  /** Waits before the first and the second restart. */
  backoffMs: readonly number[];
  quarantineFailures: number;
  quarantineWindowMs: number;
  sourceBytes: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  bootMs: 10_000,
  loadMs: 10_000,
  httpMs: 15_000,
  cronMs: 60_000,
  methodMs: 5_000,
  configMs: 5_000,
  settleMs: 5_000,
  hangCpuMs: 1_000,
  hangWallMs: 15_000,
  watchEveryMs: 200,
  memoryBytes: 160 * 1024 * 1024,
  callsInFlight: 256,
  idleMs: 5 * 60_000,
  backoffMs: [100, 1_000, 5_000],
  quarantineFailures: 3,
  quarantineWindowMs: 5 * 60_000,
  sourceBytes: 8 * 1024 * 1024,
};
