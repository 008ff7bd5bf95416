// `npm test`: unit tests, then the browser. `npm test -- unit` or `npm test -- e2e` runs one of them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './lib/install.mjs';
import { main, run } from './lib/run.mjs';

const only = process.argv[2];
const reports = mkdtempSync(path.join(os.tmpdir(), 'sodium-test-'));
/** What failed in the unit tests, said again at the end: the browser's lines stand between. */
const faults = [];
const totals = { passed: 0, failed: 0, skipped: 0 };

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  await build();
  const failures = [];
  if (only !== 'e2e') await unit().catch((error) => failures.push(error));
  if (only !== 'unit') await e2e().catch((error) => failures.push(error));
  rmSync(reports, { recursive: true, force: true });
  for (const fault of faults) console.error(fault);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  if (failures.length > 0) throw failures[0];
});

async function unit() {
  const report = path.join(reports, 'unit.json');
  try {
    const retries = process.env.CI ? ['--retry=1'] : [];
    const reporters = [
      '--reporter=default',
      `--reporter=${fileURLToPath(import.meta.resolve('./lib/vitest-reporter.mjs'))}`,
    ];
    await run('npx', ['vitest', 'run', ...retries, ...reporters], { env: { SODIUM_UNIT_SUMMARY: report } });
  } finally {
    add(report, ({ passed, failed, skipped, faults: found }) => {
      faults.push(...found);
      return [passed, failed, skipped];
    });
  }
}

async function e2e() {
  const { findChromium } = await import('./lib/chromium.mjs');
  const report = path.join(reports, 'e2e.json');
  const env = {
    SODIUM_CHROMIUM: await findChromium(),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  };
  try {
    await run('npx', ['playwright', 'test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'], { env });
  } finally {
    add(report, ({ stats }) => [stats.expected + stats.flaky, stats.unexpected, stats.skipped]);
  }
}

function add(report, read) {
  if (!existsSync(report)) return void (totals.failed += 1);
  const [passed, failed, skipped] = read(JSON.parse(readFileSync(report, 'utf8')));
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
}
