import type { Point } from '../points.js';

const HEAD = ['time', 'server', 'name', 'cpu_percent', 'memory_bytes'];

/** Spreadsheets run what looks like a formula; a leading apostrophe keeps it text. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line for each point of each server, as RFC 4180 has it. Times are UTC. */
export function toCsv(servers: readonly { id: string; name: string; points: readonly Point[] }[]): string {
  const rows = servers.flatMap(({ id, name, points }) =>
    points.map(({ at, cpu, memoryBytes }) => [new Date(at).toISOString(), id, name, cpu, memoryBytes]),
  );
  return [HEAD, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
