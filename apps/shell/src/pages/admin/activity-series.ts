import type { PluginPoint } from '@sodium/contract';
import type { ChartPoint } from '../../ui/usage-chart.js';

/** Samples that are further apart have an idle time between them. */
const SLACK_MS = 2_500;

/** One figure over time. Nothing is measured while a plugin is idle: `idle` stands for those times. */
export function series(
  points: readonly PluginPoint[],
  now: number,
  pick: (point: PluginPoint) => number | null,
  idle: number | null,
): ChartPoint[] {
  const line: ChartPoint[] = [];
  let end: number | null = null;
  for (const point of points) {
    const from = point.at - point.ms;
    if (end !== null && from - end > SLACK_MS) line.push({ at: end + 1, value: idle }, { at: from, value: idle });
    line.push({ at: point.at, value: pick(point) });
    end = point.at;
  }
  if (end !== null && now - end > 3 * 10_000) line.push({ at: end + 1, value: idle }, { at: now, value: idle });
  return line;
}

export const callsPerMinute = ({ calls, ms }: PluginPoint): number => (calls / ms) * 60_000;

export interface ActivityRow {
  at: number;
  cpu: number;
  memoryBytes: number;
  calls: number;
  errors: number;
  p50Ms: number;
  p99Ms: number;
}

const ROW_MS = 5 * 60_000;

/** The same as a table: one row for five minutes in which something happened, newest first. */
export function activityRows(points: readonly PluginPoint[]): ActivityRow[] {
  const groups = new Map<number, PluginPoint[]>();
  for (const point of points) {
    const at = Math.floor(point.at / ROW_MS) * ROW_MS;
    groups.set(at, [...(groups.get(at) ?? []), point]);
  }
  return [...groups].reverse().map(([at, group]) => {
    const sum = (pick: (point: PluginPoint) => number): number => group.reduce((all, one) => all + pick(one), 0);
    const most = (pick: (point: PluginPoint) => number): number => Math.max(...group.map(pick));
    return {
      at,
      cpu:
        sum(({ cpu, ms }) => cpu * ms) /
        Math.max(
          1,
          sum(({ ms }) => ms),
        ),
      memoryBytes: most(({ memoryBytes }) => memoryBytes),
      calls: sum(({ calls }) => calls),
      errors: sum(({ errors }) => errors),
      p50Ms: most(({ p50Ms }) => p50Ms),
      p99Ms: most(({ p99Ms }) => p99Ms),
    };
  });
}
