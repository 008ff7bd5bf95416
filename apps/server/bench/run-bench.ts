import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, Figure } from './figure.js';
import { hookBench } from './hook-bench.js';
import { memoryBench } from './memory-bench.js';
import { routeBench } from './route-bench.js';
import { spinBench } from './spin-bench.js';
import { startBench } from './start-bench.js';
import { storeBench } from './store-bench.js';

const BENCHES: Bench[] = [hookBench, routeBench, storeBench, startBench, memoryBench, spinBench];

const isGroup = (name = ''): boolean => BENCHES.some((bench) => bench.name === name);
// `--json` alone prints JSON; a file behind it gets the JSON beside the printed table.
const args = process.argv.slice(2).map((arg, index, all) => {
  const next = all[index + 1];
  return arg === '--json' && next !== undefined && !next.startsWith('-') && !isGroup(next) ? '--file' : arg;
});
const { positionals, values } = parseArgs({
  args,
  allowPositionals: true,
  options: { json: { type: 'boolean' }, file: { type: 'string' } },
});
const chosen = BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((name) => !isGroup(name));
if (unknown.length > 0) {
  console.error(
    `There is no group "${unknown.join('", "')}". There are: ${BENCHES.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

const rows: Figure[] = [];
for (const bench of chosen) {
  console.error(`Measuring ${bench.name} …`);
  rows.push(...(await bench.run()));
}
const report = JSON.stringify({ at: new Date().toISOString(), node: process.version, rows }, null, 2);
if (values.file) writeFileSync(values.file, `${report}\n`);
if (values.json) console.log(report);
else printTable(rows);
process.exit(0);

function printTable(figures: readonly Figure[]): void {
  const cells = figures.map(({ group, what, value, unit, target, met, from }) => [
    group,
    what,
    `${value} ${unit}`,
    target ? `${target.at === 'most' ? '<=' : '>='} ${target.value} ${unit}` : '',
    met === null ? '' : met ? 'met' : 'MISSED',
    Object.entries(from ?? {})
      .map(([name, measured]) => `${name} ${measured}`)
      .join(', '),
  ]);
  const table = [['group', 'what', 'measured', 'target', 'verdict', 'from'], ...cells];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  for (const line of table)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}
