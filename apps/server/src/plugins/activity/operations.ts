import type { Operations, PluginLoad, PluginPoint, PluginRow } from '@sodium/contract';
import type { PluginManager } from '../manager.js';
import { pluginRows } from '../plugin-rows.js';
import type { PluginHistory } from './plugin-history.js';

const MINUTES = 10;

/** How all plugins do: those that failed first, then the slowest. */
export function operations(manager: PluginManager, history: PluginHistory): Operations {
  const since = Date.now() - MINUTES * 60_000;
  const plugins = pluginRows(manager)
    .filter(({ state }) => state !== 'inactive')
    .map((row) => load(row, history.list(row.id), since));
  return { suspended: manager.suspended, minutes: MINUTES, plugins: plugins.sort(byUrgency) };
}

function load({ id, name, version, state, reason }: PluginRow, all: readonly PluginPoint[], since: number): PluginLoad {
  const points = all.filter(({ at }) => at > since);
  const sum = (pick: (point: PluginPoint) => number): number => points.reduce((total, one) => total + pick(one), 0);
  return {
    id,
    name,
    version,
    state,
    ...(reason !== undefined && { reason }),
    calls: sum(({ calls }) => calls),
    errors: sum(({ errors }) => errors),
    p99Ms: Math.max(0, ...points.map(({ p99Ms }) => p99Ms)),
    cpu: sum(({ cpu, ms }) => cpu * ms) / (MINUTES * 60_000),
    memoryBytes: points.at(-1)?.memoryBytes ?? 0,
  };
}

const isBroken = ({ state }: PluginLoad): boolean => state !== 'active' && state !== 'activating';

function byUrgency(a: PluginLoad, b: PluginLoad): number {
  return Number(isBroken(b)) - Number(isBroken(a)) || b.p99Ms - a.p99Ms || b.cpu - a.cpu || a.id.localeCompare(b.id);
}
