import { MINUTE_MS, type Point, type ServerStats } from '../points.js';

/** What a chart draws: values over time, oldest first. */
export interface Sample {
  at: number;
  value: number;
}

export type Metric = 'cpu' | 'memoryBytes';

/** Live points come every few seconds; more than this many are not worth keeping. */
const MOST_POINTS = 2_000;

/** Appends a live point and drops what has left the window. Points that come late or twice are ignored. */
export function appendPoint(points: readonly Point[], point: Point, windowMs: number): Point[] {
  const last = points.at(-1);
  if (last && point.at <= last.at) return [...points];
  return [...points.filter(({ at }) => at >= point.at - windowMs), point].slice(-MOST_POINTS);
}

export const samplesOf = (points: readonly Point[], metric: Metric): Sample[] =>
  points.map((point) => ({ at: point.at, value: point[metric] }));

/** The newest value of a server; one that does not run uses nothing, whatever was heard of it last. */
export function currentOf(server: ServerStats): { cpu: number; memoryBytes: number } {
  const last = server.points.at(-1);
  return last && isUp(server) ? { cpu: last.cpu, memoryBytes: last.memoryBytes } : { cpu: 0, memoryBytes: 0 };
}

export const isUp = ({ state }: ServerStats): boolean =>
  state === 'running' || state === 'starting' || state === 'stopping';

/**
 * The sum over servers, minute by minute: servers are heard of at different moments, so each is averaged per minute
 * first, and one that has not been heard of in a minute counts as it was shortly before.
 */
export function fleetSamples(servers: readonly ServerStats[], metric: Metric): Sample[] {
  const averages = servers.map(({ points }) => minuteAverages(points, metric));
  const minutes = [...new Set(averages.flatMap((values) => [...values.keys()]))].sort((a, b) => a - b);
  const valueAt = (values: Map<number, number>, minute: number): number =>
    values.get(minute) ?? values.get(minute - 1) ?? values.get(minute - 2) ?? 0;
  return minutes.map((minute) => ({
    at: minute * MINUTE_MS,
    value: averages.reduce((sum, values) => sum + valueAt(values, minute), 0),
  }));
}

function minuteAverages(points: readonly Point[], metric: Metric): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const point of points) {
    const minute = Math.floor(point.at / MINUTE_MS);
    const entry = sums.get(minute) ?? { sum: 0, count: 0 };
    sums.set(minute, { sum: entry.sum + point[metric], count: entry.count + 1 });
  }
  return new Map([...sums].map(([minute, { sum, count }]) => [minute, sum / count]));
}
