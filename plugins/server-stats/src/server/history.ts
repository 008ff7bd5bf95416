import type { ServerSodium } from '@sodium/sdk';
import { MINUTE_MS, type Point } from '../points.js';
import { MinuteAverage } from './minute-average.js';

const COLLECTION = 'samples';
const HOUR_MS = 60 * MINUTE_MS;

/** The kept points of all servers: one document per server and minute. */
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
    const found = this.sodium.db.find(COLLECTION, { server, at: { $gte: at } }, { sort: { at: 1 } });
    return found.map((point) => ({
      at: Number(point.at),
      cpu: Number(point.cpu),
      memoryBytes: Number(point.memoryBytes),
    }));
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
  }
}
