import type { Document, ServerSodium } from '@sodium/sdk';
import { MINUTE_MS, type Point } from '../points.js';
import { MinuteAverage } from './minute-average.js';

const COLLECTION = 'samples';
const HOUR_MS = 60 * MINUTE_MS;
/** Points older than this are averaged over ten minutes: a day of many servers has to fit into a plugin's room. */
const FINE_MS = 6 * HOUR_MS;
const COARSE_MS = 10 * MINUTE_MS;

type Sample = Document & Point & { server: string };

/** The kept points of all servers: one document per server and minute, and later per ten minutes. */
export class History {
  readonly #averages = new MinuteAverage();
  readonly #prunedAt = new Map<string, number>();

  constructor(readonly sodium: Pick<ServerSodium, 'db' | 'config'>) {
    sodium.db.registerCollections([{ name: COLLECTION, indexes: ['server'] }]);
  }

  /** Returns the minute that the sample completes, or null. */
  add(server: string, sample: Point): Point | null {
    const point = this.#averages.add(server, sample);
    if (!point) return null;
    const id = `${server}:${point.at}`;
    // The process may have started again within this minute.
    if (!this.sodium.db.get(COLLECTION, id)) this.sodium.db.insert(COLLECTION, { id, server, ...point });
    this.#prune(server, point.at);
    return point;
  }

  /** The points of a server since a moment, oldest first. */
  since(server: string, at: number): Point[] {
    const found = this.sodium.db.find<Sample>(COLLECTION, { server, at: { $gte: at } }, { sort: { at: 1 } });
    return found.map(({ at, cpu, memoryBytes, minutes }) => ({ at, cpu, memoryBytes, ...(minutes && { minutes }) }));
  }

  forget(server: string): void {
    this.#averages.forget(server);
    this.#prunedAt.delete(server);
    for (const { id } of this.sodium.db.find(COLLECTION, { server })) this.sodium.db.delete(COLLECTION, id);
  }

  #prune(server: string, now: number): void {
    if (now - (this.#prunedAt.get(server) ?? 0) < HOUR_MS) return;
    this.#prunedAt.set(server, now);
    const oldest = now - (this.sodium.config.get<number>('history_hours') || 24) * HOUR_MS;
    for (const { id } of this.sodium.db.find(COLLECTION, { server, at: { $lt: oldest } }))
      this.sodium.db.delete(COLLECTION, id);
    this.#merge(server, Math.floor((now - FINE_MS) / COARSE_MS) * COARSE_MS);
  }

  /** Puts an average in the place of the minutes before a moment. One write: a crash leaves either, and never both. */
  #merge(server: string, before: number): void {
    const { db } = this.sodium;
    const fine = db.find<Sample>(COLLECTION, { server, at: { $lt: before } }, { sort: { at: 1 } });
    const groups = new Map<number, Sample[]>();
    for (const sample of fine.filter(({ minutes }) => minutes === undefined)) {
      const start = Math.floor(sample.at / COARSE_MS);
      groups.set(start, [...(groups.get(start) ?? []), sample]);
    }
    for (const [first, ...others] of groups.values()) {
      db.update(COLLECTION, first!.id, averageOf([first!, ...others]));
      for (const { id } of others) db.delete(COLLECTION, id);
    }
  }
}

function averageOf(samples: readonly Sample[]): Partial<Sample> {
  const mean = (field: 'cpu' | 'memoryBytes'): number =>
    samples.reduce((sum, sample) => sum + sample[field], 0) / samples.length;
  const minutes = Math.round((samples.at(-1)!.at - samples[0]!.at) / MINUTE_MS) + 1;
  return { cpu: Math.round(mean('cpu') * 10) / 10, memoryBytes: Math.round(mean('memoryBytes')), minutes };
}
