import { randomUUID } from 'node:crypto';
import { scheduleSchema, type Schedule, type ScheduleBody } from '@sodium/contract';
import { schedule as startTask, type ScheduledTask } from 'node-cron';
import type { z } from 'zod';
import { HttpError, notFound } from '../../http-error.js';
import type { Collection, CoreStore } from '../../storage/index.js';
import type { Actor } from '../servers/server-record.js';
import type { ServerService } from '../servers/server-service.js';
import { checkCron, checkTimezone } from './cron-expression.js';

const MAX_PER_SERVER = 20;
/** When it runs next is worked out, not kept. */
const scheduleRecordSchema = scheduleSchema.omit({ nextRun: true });
type ScheduleRecord = z.infer<typeof scheduleRecordSchema>;

export interface ScheduleServiceDeps {
  store: CoreStore;
  servers: Pick<ServerService, 'get' | 'power' | 'command' | 'on'>;
  /** A schedule acts as the owner of its server, so that plugins are asked as if the owner had clicked. */
  owner(user: string): Actor | undefined;
  /** How many cron fields are accepted. Six means seconds. */
  cronFields?: readonly number[];
}

/** Power actions and commands at set times. */
export class ScheduleService {
  readonly #deps: ScheduleServiceDeps;
  readonly #schedules: Collection<ScheduleRecord>;
  readonly #tasks = new Map<string, ScheduledTask>();
  readonly #running = new Set<string>();
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(deps: ScheduleServiceDeps) {
    this.#deps = deps;
    this.#schedules = deps.store.collection('schedules', scheduleRecordSchema);
    this.#unsubscribe = deps.servers.on((event) => {
      if (event.type === 'deleted') void this.#removeOf(event.id);
    });
  }

  /** Begins to run what is stored. One that cannot be read any more does not keep the others from running. */
  start(): void {
    for (const record of this.#schedules.all()) {
      try {
        this.#arm(record);
      } catch (error) {
        this.#record(record.id, false, error instanceof Error ? error.message : String(error));
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const id of [...this.#tasks.keys()]) this.#disarm(id);
  }

  all(): Schedule[] {
    return this.#schedules.all().map((record) => this.#view(record));
  }

  list(server: string): Schedule[] {
    return this.#schedules.find((record) => record.server === server).map((record) => this.#view(record));
  }

  async create(server: string, body: ScheduleBody): Promise<Schedule> {
    this.#check(body);
    if (this.list(server).length >= MAX_PER_SERVER)
      throw new HttpError(
        409,
        'TOO_MANY_SCHEDULES',
        `A server has at most ${MAX_PER_SERVER} schedules. Delete one first.`,
      );
    const record = { ...body, id: randomUUID(), server, createdAt: new Date().toISOString(), lastRun: null };
    await this.#schedules.insert(record);
    this.#arm(record);
    return this.#view(record);
  }

  async update(server: string, id: string, patch: Partial<ScheduleBody>): Promise<Schedule> {
    const before = this.#require(server, id);
    this.#check({ ...before, ...patch });
    const record = await this.#schedules.update(id, patch);
    this.#disarm(id);
    this.#arm(record);
    return this.#view(record);
  }

  async delete(server: string, id: string): Promise<void> {
    this.#require(server, id);
    this.#disarm(id);
    await this.#schedules.delete(id);
  }

  /** Runs it at once and answers with the result in `lastRun`. */
  async runNow(server: string, id: string): Promise<Schedule> {
    const record = this.#require(server, id);
    if (this.#running.has(id))
      throw new HttpError(409, 'SCHEDULE_RUNNING', `The schedule "${record.name}" is running already.`);
    await this.#run(id);
    return this.#view(this.#require(server, id));
  }

  #require(server: string, id: string): Readonly<ScheduleRecord> {
    const record = this.#schedules.get(id);
    if (!record || record.server !== server) throw notFound('schedule', id);
    return record;
  }

  #check({ cron, timezone }: Pick<ScheduleBody, 'cron' | 'timezone'>): void {
    checkCron(cron, this.#deps.cronFields);
    checkTimezone(timezone);
  }

  #view(record: Readonly<ScheduleRecord>): Schedule {
    const next = this.#tasks.get(record.id)?.getNextRun() ?? null;
    return { ...structuredClone(record), nextRun: next ? next.toISOString() : null };
  }

  #arm(record: Readonly<ScheduleRecord>): void {
    if (!record.enabled || this.#closed) return;
    const { id, cron, timezone } = record;
    const options = { timezone, noOverlap: true, suppressMissedWarning: true, unref: true };
    this.#tasks.set(
      id,
      startTask(cron, () => this.#run(id), options),
    );
  }

  #disarm(id: string): void {
    const task = this.#tasks.get(id);
    this.#tasks.delete(id);
    void task?.destroy();
  }

  async #run(id: string): Promise<void> {
    const record = this.#schedules.get(id);
    if (!record || this.#running.has(id) || this.#closed) return;
    this.#running.add(id);
    try {
      await this.#perform(record);
      this.#record(id, true);
    } catch (error) {
      this.#record(id, false, error instanceof Error ? error.message : String(error));
    } finally {
      this.#running.delete(id);
    }
  }

  async #perform({ server, task }: Readonly<ScheduleRecord>): Promise<void> {
    const { servers, owner } = this.#deps;
    const actor = owner(servers.get(null, server).owner);
    if (!actor) throw new Error('The owner of this server has no account any more.');
    if (task.type === 'power') await servers.power(actor, server, task.action);
    else servers.command(actor, server, task.command);
  }

  #record(id: string, ok: boolean, message?: string): void {
    if (!this.#schedules.get(id)) return;
    const lastRun = { at: new Date().toISOString(), ok, ...(message ? { message } : {}) };
    // The run has happened; a disk that refuses to note it must not make it fail.
    this.#schedules.update(id, { lastRun }).catch(() => undefined);
  }

  async #removeOf(server: string): Promise<void> {
    for (const { id } of this.#schedules.find((record) => record.server === server)) {
      this.#disarm(id);
      await this.#schedules.delete(id).catch(() => false);
    }
  }
}
