import { CronExpressionParser } from 'cron-parser';
import { schedule, validate, type ScheduledTask } from 'node-cron';
import { z } from 'zod';
import type { Collection } from '../storage/index.js';
import type { Dispose } from './hooks/hook-bus.js';
import type { Registrations } from './sandbox/types.js';

const cronRunSchema = z.object({
  at: z.string(),
  ms: z.number(),
  ok: z.boolean(),
  message: z.string().optional(),
  /** `schedule`, `missed`, or the name of the admin who pressed "run now". */
  by: z.string(),
});
export type CronRun = z.infer<typeof cronRunSchema>;

export const cronRecordSchema = z.object({
  /** `<plugin>/<name>` */
  id: z.string(),
  expression: z.string(),
  /** Up to here nothing is owed. */
  settledAt: z.string(),
  history: z.array(cronRunSchema),
});
export type CronRecord = z.infer<typeof cronRecordSchema>;

export interface CronRow {
  plugin: string;
  name: string;
  expression: string;
  timezone: string;
  running: boolean;
  nextRun: string | null;
  lastRun: CronRun | null;
  history: readonly CronRun[];
}

interface Entry {
  plugin: string;
  spec: Registrations['crons'][number];
  /** Null until it is scheduled, a moment after it was registered. */
  task: ScheduledTask | null;
  run: (name: string) => Promise<void>;
  running: boolean;
}

const HISTORY = 20;
/** Schedules are worked out after the start of the panel, not during it. What falls due in between was missed, and is made up for. */
const SCHEDULE_DELAY_MS = 200;

/**
 * The schedules of all plugins. They live in the panel, so that an idle plugin needs no process to be on time.
 * A run that is still going when the next is due skips that one. Runs that were missed while the panel was down are
 * made up for by one run at the start.
 */
export class PluginCrons {
  private readonly entries = new Map<string, Entry>();
  private readonly unscheduled = new Set<Entry>();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly records: Collection<CronRecord>) {}

  add(plugin: string, crons: Registrations['crons'], run: (name: string) => Promise<void>): Dispose {
    checkCrons(crons);
    const mine = crons.map((spec) => {
      const id = `${plugin}/${spec.name}`;
      const entry: Entry = { plugin, spec, task: null, run, running: false };
      this.entries.set(id, entry);
      this.unscheduled.add(entry);
      return { id, entry };
    });
    if (mine.length > 0)
      this.timer = this.timer?.refresh() ?? setTimeout(() => this.scheduleNext(), SCHEDULE_DELAY_MS).unref();
    return () => {
      for (const { id, entry } of mine) {
        this.unscheduled.delete(entry);
        void entry.task?.destroy();
        if (this.entries.get(id) === entry) this.entries.delete(id);
      }
    };
  }

  list(plugin?: string): CronRow[] {
    const shown = [...this.entries].filter(([, entry]) => plugin === undefined || entry.plugin === plugin);
    return shown.map(([id, entry]) => {
      this.schedule(entry);
      const history = this.records.get(id)?.history ?? [];
      const nextRun = entry.task?.getNextRun()?.toISOString() ?? null;
      return {
        plugin: entry.plugin,
        ...entry.spec,
        running: entry.running,
        nextRun,
        lastRun: history[0] ?? null,
        history,
      };
    });
  }

  has(plugin: string, name: string): boolean {
    return this.entries.has(`${plugin}/${name}`);
  }

  /** Runs a task now. Returns how it went, or null when it is running already. */
  async fire(plugin: string, name: string, by: string): Promise<CronRun | null> {
    const id = `${plugin}/${name}`;
    const entry = this.entries.get(id);
    if (!entry || entry.running) return null;
    entry.running = true;
    const started = performance.now();
    const at = new Date().toISOString();
    try {
      const result = await entry.run(name).then(
        () => ({ ok: true }),
        (error: Error) => ({ ok: false, message: error.message.slice(0, 500) }),
      );
      const run: CronRun = { at, ms: Math.round(performance.now() - started), by, ...result };
      await this.settle(id, entry.spec.expression, run);
      return run;
    } finally {
      entry.running = false;
    }
  }

  /** The plugin was deactivated: what falls due now is not owed later. */
  async forget(plugin: string): Promise<void> {
    const mine = this.records.find((record) => record.id.startsWith(`${plugin}/`));
    await Promise.all(mine.map((record) => this.records.delete(record.id)));
  }

  /** One at a time: requests are answered in between. */
  private scheduleNext(): void {
    const [entry] = this.unscheduled;
    this.timer = null;
    if (!entry) return;
    this.schedule(entry);
    if (this.unscheduled.size > 0) this.timer = setTimeout(() => this.scheduleNext(), 0).unref();
  }

  private schedule(entry: Entry): void {
    if (!this.unscheduled.delete(entry)) return;
    const { plugin, spec } = entry;
    const { name, expression, timezone } = spec;
    const id = `${plugin}/${name}`;
    const fire = (by: string) => (): void => void this.fire(plugin, name, by).catch(() => undefined);
    entry.task = schedule(expression, fire('schedule'), {
      timezone,
      name: id,
      suppressMissedWarning: true,
      unref: true,
    });
    if (this.owes(id, spec)) fire('missed')();
    else if (this.records.get(id)?.expression !== expression) void this.settle(id, expression).catch(() => undefined);
  }

  private owes(id: string, { expression, timezone }: Registrations['crons'][number]): boolean {
    const record = this.records.get(id);
    if (!record || record.expression !== expression) return false;
    try {
      const due = CronExpressionParser.parse(expression, { currentDate: record.settledAt, tz: timezone }).next();
      return due.getTime() < Date.now();
    } catch {
      return false;
    }
  }

  private async settle(id: string, expression: string, run?: CronRun): Promise<void> {
    const before = this.records.get(id);
    const history = [...(run ? [run] : []), ...(before?.history ?? [])].slice(0, HISTORY);
    const record = { id, expression, settledAt: new Date().toISOString(), history };
    await (before ? this.records.update(id, record) : this.records.insert(record));
  }
}

const knownZones = new Set(['UTC']);
const MAX_KNOWN_ZONES = 1000;

/** Throws for a zone that does not exist. Asking the system takes long enough to ask once only. */
function checkZone(timezone: string): void {
  if (knownZones.has(timezone)) return;
  new Intl.DateTimeFormat('en', { timeZone: timezone });
  if (knownZones.size < MAX_KNOWN_ZONES) knownZones.add(timezone);
}

/** Throws for the first one that could not be scheduled. */
export function checkCrons(crons: Registrations['crons']): void {
  crons.forEach(checkSpec);
}

/** All are looked at before the first one is scheduled, so that a wrong one leaves nothing behind. */
function checkSpec({ name, expression, timezone }: Registrations['crons'][number]): void {
  if (!validate(expression))
    throw new Error(
      `The task "${name}" has the cron expression "${expression}", which cannot be read. Expected five fields such as "0 3 * * *".`,
    );
  try {
    checkZone(timezone);
  } catch {
    throw new Error(
      `The task "${name}" asks for the time zone "${timezone}", which does not exist. Expected a name such as "UTC" or "Europe/Berlin".`,
    );
  }
}
