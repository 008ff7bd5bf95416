import type { ServerLimits, Usage } from '@sodium/contract';
import { hasProcessTable, processesOf, readProcessTable, type ProcessEntry } from './process-table.js';

const NORMAL_MS = 2000;
/** Where a memory limit holds, memory is looked at more often: a process can fill it quickly. */
const LIMITED_MS = 500;
const MAX_PROCESSES = 1024;

export interface Sampled {
  id: string;
  pid: number;
  uid: number | null;
  startedAt: number;
  limits: ServerLimits;
  /** The last known size of its folder. */
  diskBytes: number;
}

export interface SamplerOptions {
  running(): Sampled[];
  onUsage(id: string, usage: Usage): void;
  /** A limit is broken; the message says which, with numbers. */
  onLimit(id: string, message: string): void;
  intervalMs?: number;
}

/** Measures CPU and memory of whole process trees, with one look at the process table for all servers. */
export class Sampler {
  readonly #options: SamplerOptions;
  readonly #cpu = new Map<string, { at: number; byProcess: Map<string, number> }>();
  readonly #published = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** Runs as long as there is something to measure. */
  wake(): void {
    if (this.#stopped || this.#timer || !hasProcessTable) return;
    this.#timer = setTimeout(() => void this.#tick(), this.#interval());
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #interval(): number {
    if (this.#options.intervalMs) return this.#options.intervalMs;
    return this.#options.running().some((server) => server.limits.memoryMb) ? LIMITED_MS : NORMAL_MS;
  }

  async #tick(): Promise<void> {
    try {
      const table = await readProcessTable();
      const running = this.#options.running();
      for (const server of running) this.#measure(server, table);
      this.#forgetAllBut(new Set(running.map((server) => server.id)));
    } finally {
      this.#timer = null;
      if (this.#options.running().length > 0) this.wake();
    }
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const known of [this.#cpu, this.#published]) for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
  }

  #measure(server: Sampled, table: readonly ProcessEntry[]): void {
    const processes = processesOf(table, server);
    const memoryBytes = processes.reduce((sum, entry) => sum + entry.memoryBytes, 0);
    const broken = brokenLimit(server, memoryBytes, processes.length);
    if (broken) this.#options.onLimit(server.id, broken);
    const now = Date.now();
    const due = (this.#published.get(server.id) ?? 0) + (this.#options.intervalMs ?? NORMAL_MS) * 0.9;
    if (now < due) return;
    this.#published.set(server.id, now);
    const cpu = this.#cpuPercent(server.id, processes, now);
    this.#options.onUsage(server.id, {
      cpu,
      memoryBytes,
      diskBytes: server.diskBytes,
      uptimeMs: now - server.startedAt,
    });
  }

  #cpuPercent(id: string, processes: readonly ProcessEntry[], now: number): number {
    const before = this.#cpu.get(id);
    const byProcess = new Map(processes.map((entry) => [`${entry.pid}:${entry.startTime}`, entry.cpuMs]));
    this.#cpu.set(id, { at: now, byProcess });
    if (!before || now <= before.at) return 0;
    // A process that is new since the last look counts whole; one that has ended counts no more.
    let used = 0;
    for (const [key, cpuMs] of byProcess) used += Math.max(0, cpuMs - (before.byProcess.get(key) ?? 0));
    return Math.round((used / (now - before.at)) * 1000) / 10;
  }
}

function brokenLimit(server: Sampled, memoryBytes: number, processes: number): string | null {
  const { memoryMb = 0, diskMb = 0 } = server.limits;
  const mebibytes = (bytes: number): number => Math.round(bytes / 1_048_576);
  if (memoryMb > 0 && memoryBytes > memoryMb * 1_048_576)
    return `It was ended because it used ${mebibytes(memoryBytes)} MiB of memory; its limit is ${memoryMb} MiB.`;
  if (diskMb > 0 && server.diskBytes > diskMb * 1_048_576)
    return `It was ended because its files take ${mebibytes(server.diskBytes)} MiB; its limit is ${diskMb} MiB.`;
  if (processes > MAX_PROCESSES)
    return `It was ended because it started ${processes} processes; the limit is ${MAX_PROCESSES}.`;
  return null;
}
