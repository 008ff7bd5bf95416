// `npm run bench`: the backend's figures beside their targets. `npm run bench -- store start` measures these groups only;
// `--json` prints JSON instead of the table, `--json FILE` writes it to a file beside the table.
import { ensureInstalled } from './lib/install.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, run } from './lib/run.mjs';

const wantsJsonAlone = process.argv.includes('--json');

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  const { buildBench } = await import('./lib/build-bench.mjs');
  // What the build says must not come between the lines of JSON.
  if (wantsJsonAlone) console.log = console.error;
  await build();
  await buildBench();
  await run(process.execPath, [inRoot('apps/server/dist/bench/run-bench.mjs'), ...process.argv.slice(2)]);
});
