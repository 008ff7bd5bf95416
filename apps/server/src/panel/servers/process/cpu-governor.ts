import { hasProcessTable, processesOf, readProcess, readProcessTable } from './process-table.js';
import type { Sampled } from './sampler.js';
import { signal } from './sweep.js';

const TICK_MS = 100;
/** New processes of a server are found this often. */
const REFRESH_TICKS = 10;

interface Account {
  members: number[];
  cpuByProcess: Map<string, number>;
  at: number;
  /** CPU time used beyond the allowance. It is paid back by standing still. */
  debtMs: number;
  paused: boolean;
}

/**
 * Holds servers to their CPU limit by letting them stand still for a part of each moment. That works everywhere, also
 * where the panel may not make control groups.
 */
export class CpuGovernor {
  readonly #running: () => Sampled[];
  readonly #accounts = new Map<string, Account>();
  #timer: NodeJS.Timeout | null = null;
  #ticks = 0;
  #stopped = false;

  constructor(running: () => Sampled[]) {
    this.#running = running;
  }

  /** Runs as long as a server with a limit does. */
  wake(): void {
    if (this.#stopped || this.#timer || !hasProcessTable || this.#limited().length === 0) return;
    this.#timer = setTimeout(() => void this.#tick(), TICK_MS);
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #limited(): Sampled[] {
    return this.#running().filter((server) => (server.limits.cpu ?? 0) > 0);
  }

  async #tick(): Promise<void> {
    try {
      const limited = this.#limited();
      if (this.#ticks++ % REFRESH_TICKS === 0 || limited.some((server) => !this.#accounts.has(server.id)))
        await this.#findMembers(limited);
      for (const server of limited) this.#settle(server);
    } finally {
      this.#timer = null;
      const ids = new Set(this.#limited().map((server) => server.id));
      for (const id of this.#accounts.keys()) if (!ids.has(id)) this.#accounts.delete(id);
      this.wake();
    }
  }

  async #findMembers(limited: readonly Sampled[]): Promise<void> {
    const table = await readProcessTable();
    for (const server of limited) {
      const members = processesOf(table, server).map((entry) => entry.pid);
      const account = this.#accounts.get(server.id);
      if (account) account.members = members;
      else
        this.#accounts.set(server.id, { members, cpuByProcess: new Map(), at: Date.now(), debtMs: 0, paused: false });
    }
  }

  #settle(server: Sampled): void {
    const account = this.#accounts.get(server.id);
    if (!account) return;
    const now = Date.now();
    const allowance = ((now - account.at) * server.limits.cpu!) / 100;
    // What was not used is not saved up: a limit of half a core never becomes a whole one for a while.
    account.debtMs = Math.max(0, account.debtMs + usedSince(account) - allowance);
    account.at = now;
    const pause = account.debtMs > 0;
    // Repeated while it stands still: what it started meanwhile must stand still too.
    if (pause || account.paused) for (const pid of account.members) signal(pid, pause ? 'SIGSTOP' : 'SIGCONT');
    account.paused = pause;
  }
}

function usedSince(account: Account): number {
  const before = account.cpuByProcess;
  account.cpuByProcess = new Map();
  let used = 0;
  for (const pid of account.members) {
    const entry = readProcess(pid);
    if (!entry) continue;
    const key = `${pid}:${entry.startTime}`;
    account.cpuByProcess.set(key, entry.cpuMs);
    used += Math.max(0, entry.cpuMs - (before.get(key) ?? entry.cpuMs));
  }
  return used;
}
