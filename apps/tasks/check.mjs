// `npm run check`: everything about the sources that can be known without running them, and the weight of the shell.
import { ensureInstalled } from './lib/install.mjs';
import { main, run } from './lib/run.mjs';

const CHECKS = [
  ['tsc', '-b'],
  ['eslint', '--config', '.config/eslint.js', '.', '--max-warnings', '0'],
  ['prettier', '--check', '--log-level', 'warn', '.'],
  ['depcruise', '--config', '.dependency-cruiser.cjs', 'apps', 'shared', 'plugins'],
  ['knip', '--no-progress'],
];

main(async () => {
  await ensureInstalled();
  for (const check of CHECKS) {
    console.log(`> ${check.join(' ')}`);
    await run('npx', check);
  }
  console.log('> reports of the SDK');
  await (await import('./lib/sdk-reports.mjs')).checkSdkReports();
  console.log('> sizes');
  await (await import('./lib/build-steps.mjs')).build();
  (await import('./lib/size-budget.mjs')).checkSizes();
});
