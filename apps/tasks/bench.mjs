// `npm run bench`: the panel's figures beside their targets. `npm run bench -- store shell` measures these groups only
// (`shell` is the frontend, `authors` their command), `--rounds 3` says how often these two are measured; `--json`
// prints JSON instead of the tables, `--json FILE` writes it to a file beside them.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { main } from './lib/run.mjs';

const args = process.argv.slice(2);
const at = args.indexOf('--json');
const file = at >= 0 && /[./]/.test(args[at + 1] ?? '') ? args.splice(at, 2)[1] : undefined;
const turns = args.indexOf('--rounds');
const rounds = turns >= 0 ? args.splice(turns, 2) : [];
const json = args.includes('--json');
const names = args.filter((arg) => !arg.startsWith('-'));
const report = inRoot('node_modules/.cache/sodium/bench.json');

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  const { buildBench } = await import('./lib/build-bench.mjs');
  // What the build says must not come between the lines of JSON.
  if (json) console.log = console.error;
  await build();
  const rows = [];
  const backend = names.filter((name) => name !== 'shell' && name !== 'authors');
  if (names.length === 0 || backend.length > 0) {
    await buildBench();
    rows.push(...(await measure('apps/server/dist/bench/run-bench.mjs', backend)));
  }
  if (names.length === 0 || names.includes('shell'))
    rows.push(...(await measure('apps/shell/bench/run-bench.mjs', rounds)));
  if (names.length === 0 || names.includes('authors'))
    rows.push(...(await measure('apps/cli/bench/run-bench.mjs', rounds)));
  const text = JSON.stringify({ at: new Date().toISOString(), node: process.version, rows }, null, 2);
  if (file) writeFileSync(file, `${text}\n`);
  if (json) process.stdout.write(`${text}\n`);
});

/** Runs one of the parts. Its table goes where this one's output goes, its rows come back. */
async function measure(script, groups) {
  const code = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inRoot(script), ...groups, '--json', report], {
      cwd: root,
      stdio: ['inherit', json ? 2 : 1, 2],
    });
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0) throw Object.assign(new Error(`${script} ended with ${code}`), { exitCode: code ?? 1 });
  const { rows } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  return rows;
}
