import type { LogLevel } from '../../types.js';
import { formatValues } from '../format-value.js';
import { host } from '../host.js';
import type { LogSink } from '../log-sink.js';

const METHODS: Record<string, LogLevel> = {
  log: 'info', info: 'info', warn: 'warn', error: 'error', debug: 'debug', trace: 'debug', dir: 'info', table: 'info', group: 'info', groupCollapsed: 'info',
}; // prettier-ignore

/** A console whose lines are the plugin's log. */
export function createConsole(log: LogSink): Record<string, unknown> {
  const counts = new Map<string, number>();
  const times = new Map<string, number>();
  const console: Record<string, unknown> = {
    assert: (condition: unknown, ...values: unknown[]) => {
      if (!condition) log('error', `Assertion failed: ${formatValues(values)}`);
    },
    count: (label = 'default') => {
      if (counts.size > 100) counts.clear();
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      log('info', `${label}: ${count}`);
    },
    countReset: (label = 'default') => counts.delete(String(label)),
    time: (label = 'default') => {
      if (times.size > 100) times.clear();
      times.set(String(label), host.performance.now());
    },
    timeEnd: (label = 'default') => {
      const start = times.get(String(label));
      times.delete(String(label));
      if (start !== undefined) log('info', `${label}: ${(host.performance.now() - start).toFixed(2)} ms`);
    },
    timeLog: () => undefined,
    groupEnd: () => undefined,
    clear: () => undefined,
  };
  for (const [name, level] of Object.entries(METHODS))
    console[name] = (...values: unknown[]) => log(level, formatValues(values));
  return console;
}
