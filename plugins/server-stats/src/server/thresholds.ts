import type { Document, HookServer, ServerSodium } from '@sodium/sdk';
import type { Alert, Point } from '../points.js';

const ALERTS = 'alerts';
const MIB = 2 ** 20;
/** What was heard before a stop or a pause says nothing about now. */
const STALE_MS = 3 * 60_000;

interface Watched extends Document {
  server: string;
  metric: Alert['metric'];
  /** The first minute over the threshold. */
  since: number;
  last: number;
  value: number;
  threshold: number;
  raised: boolean;
}

/** Watches minutes against the thresholds of the settings. An alert begins after some minutes in a row, and ends with one below. */
export class Thresholds {
  constructor(readonly sodium: Pick<ServerSodium, 'db' | 'config' | 'plugins' | 'logger'>) {
    sodium.db.registerCollections([{ name: ALERTS, indexes: ['server'] }]);
  }

  /** Takes a finished minute. */
  async check(server: HookServer, point: Point): Promise<void> {
    await this.#checkOne(server, 'cpu', point.at, point.cpu, this.#limit('cpu_threshold'));
    await this.#checkOne(server, 'memoryBytes', point.at, point.memoryBytes, this.#limit('memory_threshold') * MIB);
  }

  of(server: string): Alert[] {
    return this.sodium.db
      .find<Watched>(ALERTS, { server, raised: true })
      .filter(({ last }) => Date.now() - last <= STALE_MS)
      .map(({ metric, since, value, threshold }) => ({ metric, since, value, threshold }));
  }

  forget(server: string): void {
    for (const { id } of this.sodium.db.find(ALERTS, { server })) this.sodium.db.delete(ALERTS, id);
  }

  #limit(setting: string): number {
    return this.sodium.config.get<number | null>(setting) ?? 0;
  }

  async #checkOne(
    server: HookServer,
    metric: Alert['metric'],
    at: number,
    value: number,
    threshold: number,
  ): Promise<void> {
    const { db } = this.sodium;
    const id = `${server.id}:${metric}`;
    const known = db.get<Watched>(ALERTS, id);
    if (threshold <= 0 || value <= threshold) {
      db.delete(ALERTS, id);
      return;
    }
    // After a gap nothing is known of the minutes between: it starts anew.
    const goesOn = known !== null && at - known.last <= 2 * 60_000 && known.threshold === threshold;
    const since = goesOn ? known.since : at;
    const minutes = Math.round((at - since) / 60_000) + 1;
    const raised = minutes >= (this.#limit('threshold_minutes') || 1);
    const isNew = raised && !(goesOn && known.raised);
    const watched = { server: server.id, metric, since, last: at, value, threshold, raised };
    if (!db.update(ALERTS, id, watched)) db.insert(ALERTS, { id, ...watched });
    if (isNew) await this.#tell(server, watched, minutes);
  }

  /** Discord Alerts need not be there. */
  async #tell(server: HookServer, { metric, value, threshold, since }: Alert, minutes: number): Promise<void> {
    const [what, now, limit] =
      metric === 'cpu'
        ? ['CPU', `${Math.round(value)} %`, `${threshold} %`]
        : ['Memory', `${Math.round(value / MIB)} MiB`, `${Math.round(threshold / MIB)} MiB`];
    const title = `${what} of ${server.name} over ${limit}`;
    this.sodium.logger.warn(`${title}: ${now}, for ${minutes} min.`);
    if (this.sodium.config.get('tell_discord') === false) return;
    const text = `${now} now, and over ${limit} for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`;
    const alert = { id: `${server.id}:${metric}:${since}`, title, text, source: 'Server Stats', level: 'warning' };
    await this.sodium.plugins.call('discord-alerts', 'notify', alert).catch((error: unknown) => {
      this.sodium.logger.debug(`Discord Alerts was not told: ${(error as Error).message}`);
    });
  }
}
