// The frontend's figures: `node apps/shell/bench/run-bench.mjs [--json FILE] [--rounds N]`, after a build. `npm run bench -- shell` does both.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { median, print, rowsOf } from '../../tasks/lib/bench-rows.mjs';
import { findChromium } from '../../tasks/lib/chromium.mjs';
import { measureFirstOpens, measureNavigation, measurePreview } from './measure.mjs';
import { startPanelWithPlugins } from './panel-with-plugins.mjs';

const COUNTS = [0, 1, 10, 50, 100];
/** Has a backend, and a widget on the dashboard. */
const TRIED = 'server-stats';
const { values } = parseArgs({
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '7' } },
  strict: false,
});
const rounds = Number(values.rounds);
const row = rowsOf('shell');

const panels = new Map();
for (const count of COUNTS) panels.set(count, await startPanelWithPlugins(count));
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const rows = await measureAll();
  print(rows);
  if (values.json)
    writeFileSync(values.json, JSON.stringify({ at: new Date().toISOString(), node: process.version, rows }, null, 2));
} finally {
  await browser.close();
  await Promise.all([...panels.values()].map((panel) => panel.stop()));
}

async function measureAll() {
  const kinds = [
    ...COUNTS.map((count) => ({ name: `${count}`, count })),
    ...COUNTS.filter((count) => count > 0).map((count) => ({ name: `${count} eager`, count, eager: true })),
  ];
  const taken = Object.fromEntries(kinds.map(({ name }) => [name, []]));
  await measureNavigation(browser, panels.get(0));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, count, eager } of round % 2 ? [...kinds].reverse() : kinds)
      taken[name].push(await measureNavigation(browser, panels.get(count), { eager }));
  }
  const opens = [];
  for (let round = 0; round < rounds; round += 1) {
    const { link, plain } = await measureFirstOpens(browser, panels.get(50));
    opens.push({ remote: mediansOf(link), plain: mediansOf(plain) });
  }
  await measurePreview(browser, panels.get(0), TRIED);
  const previews = [];
  for (let round = 0; round < rounds; round += 1) {
    const { ms: plain } = await measureNavigation(browser, panels.get(0));
    previews.push({ plain, ...(await measurePreview(browser, panels.get(0), TRIED)) });
  }
  return [...navigationRows(taken), ...openRows(opens), ...previewRows(previews)];
}

function navigationRows(taken) {
  const of = (name, field) => median(taken[name].map((each) => each[field]));
  const ratio = (above, below) => median(taken[above].map(({ ms }, round) => ms / taken[below][round].ms));
  const details = Object.keys(taken).map((name) =>
    row(`navigation to the dashboard, ${name === '0' ? 'no' : name} plugins`, of(name, 'ms'), 'ms', null, {
      requests: of(name, 'requests'),
      kB: of(name, 'bytes') / 1000,
      heapMB: of(name, 'heap') / 1e6,
    }),
  );
  return [
    row('navigation to the dashboard, 100 plugins vs 0', ratio('100', '0'), 'x', 1.15, {
      with: of('100', 'ms'),
      without: of('0', 'ms'),
    }),
    row('more requests with 100 plugins', of('100', 'requests') - of('0', 'requests'), '', 2, {
      with: of('100', 'requests'),
      without: of('0', 'requests'),
    }),
    row('the same with eager plain imports', ratio('100 eager', '0'), 'x', null, { eager: of('100 eager', 'ms') }),
    ...details,
  ];
}

function previewRows(previews) {
  const of = (field) => median(previews.map((each) => each[field]));
  return [
    row('click on Preview to the plugin’s first view', of('ms'), 'ms', 1500, {
      shell: of('plain'),
      requests: of('requests'),
    }),
  ];
}

function openRows(opens) {
  const of = (how, field) => median(opens.map((each) => each[how][field]));
  const ratio = (field) => median(opens.map(({ remote, plain }) => remote[field] / plain[field]));
  const what = 'first open of a plugin’s page vs plain import()';
  return [
    row(what, ratio('ms'), 'x', 1.1, { page: of('remote', 'ms'), import: of('plain', 'ms') }),
    row('the same, work of the main thread', ratio('work'), 'x', null, {
      page: of('remote', 'work'),
      import: of('plain', 'work'),
    }),
  ];
}

function mediansOf(opened) {
  return { ms: median(opened.map(({ ms }) => ms)), work: median(opened.map(({ work }) => work)) };
}
