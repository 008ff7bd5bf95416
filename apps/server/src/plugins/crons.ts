import { schedule, validate, type ScheduledTask } from 'node-cron';
import type { Registrations } from './sandbox/types.js';
import type { Dispose } from './hooks/hook-bus.js';

export interface CronRun {
  at: string;
  ms: number;
  ok: boolean;
  message?: string;
  /** `schedule`, or the name of the admin who pressed "run now". */
  by: string;
}

export interface CronRow {
  name: string;
  expression: string;
  timezone: string;
  running: boolean;
  nextRun: string | null;
  history: readonly CronRun[];
}

interface Entry {
  spec: Registrations['crons'][number];
  task: ScheduledTask;
  run: (name: string) => Promise<void>;
  running: boolean;
  history: CronRun[];
}

const HISTORY = 20;

/** The schedules of all plugins. They live in the panel, so that an idle plugin needs no process to be on time. */
export class PluginCrons {
  private readonly plugins = new Map<string, Map<string, Entry>>();

  /** Schedules what a plugin registered. A run that is still going when the next one is due skips that one. */
  add(plugin: string, crons: Registrations['crons'], run: (name: string) => Promise<void>): Dispose {
    const entries = new Map<string, Entry>();
    for (const spec of crons) {
      if (!validate(spec.expression)) continue;
      const task = schedule(spec.expression, () => this.fire(plugin, spec.name, 'schedule').catch(() => undefined), { timezone: spec.timezone, name: `${plugin}/${spec.name}` });
      entries.set(spec.name, { spec, task, run, running: false, history: [] });
    }
    this.plugins.set(plugin, entries);
    return () => {
      for (const entry of entries.values()) void entry.task.destroy();
      if (this.plugins.get(plugin) === entries) this.plugins.delete(plugin);
    };
  }

  list(plugin: string): CronRow[] {
    return [...(this.plugins.get(plugin)?.values() ?? [])].map((entry) => ({
      ...entry.spec,
      running: entry.running,
      nextRun: entry.task.getNextRun()?.toISOString() ?? null,
      history: entry.history,
    }));
  }

  has(plugin: string, name: string): boolean {
    return this.plugins.get(plugin)?.has(name) ?? false;
  }

  /** Runs a task now. Returns how it went, or null when it is running already. */
  async fire(plugin: string, name: string, by: string): Promise<CronRun | null> {
    const entry = this.plugins.get(plugin)?.get(name);
    if (!entry || entry.running) return null;
    entry.running = true;
    const started = performance.now();
    const at = new Date().toISOString();
    const result = await entry.run(name).then(
      () => ({ ok: true }),
      (error: Error) => ({ ok: false, message: error.message }),
    );
    entry.running = false;
    const run: CronRun = { at, ms: Math.round(performance.now() - started), by, ...result };
    entry.history = [run, ...entry.history].slice(0, HISTORY);
    return run;
  }
}
