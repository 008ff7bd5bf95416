// The authors' figures: `node apps/cli/bench/run-bench.mjs [--json FILE] [--rounds N]`, after a build. `npm run bench -- authors` does both.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { median, print, rowsOf } from '../../tasks/lib/bench-rows.mjs';
import { findChromium } from '../../tasks/lib/chromium.mjs';
import { Author } from './author.mjs';

const CREATE_LIMIT_MS = 30_000;
const SAVE_LIMIT_MS = 1_000;
const { values } = parseArgs({
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '7' } },
  strict: false,
});
const rounds = Number(values.rounds);
const row = rowsOf('authors');

const folder = await mkdtemp(path.join(tmpdir(), 'sodium-bench-'));
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const authors = [];
try {
  const rows = [...(await measureWidget()), await measureTheme()];
  print(rows);
  if (values.json)
    writeFileSync(values.json, JSON.stringify({ at: new Date().toISOString(), node: process.version, rows }, null, 2));
} finally {
  await Promise.all(authors.map((author) => author.end()));
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

async function begin(id, type) {
  const author = new Author(path.join(folder, id), browser);
  authors.push(author);
  await author.create(type);
  return author;
}

/** From nothing to the widget in the browser, then each kind of save from the write to the frame that shows it. */
async function measureWidget() {
  const began = performance.now();
  const author = await begin('my-widget', 'widget');
  const created = performance.now();
  await author.install();
  const installed = performance.now();
  await author.startDev();
  await author.until('p', 'of 3 servers');
  const ended = performance.now();
  const first = row('create to visible, a new widget with npm install', ended - began, 'ms', CREATE_LIMIT_MS, {
    create: created - began,
    install: installed - created,
    dev: ended - installed,
  });
  const client = await author.saves(rounds, 'src/summary-widget.ts', / servers are [a-z0-9 ]+\./, (round) => ({
    text: ` servers are up ${round}.`,
    selector: 'p',
    shows: `are up ${round}.`,
  }));
  const server = await author.saves(rounds, 'src/server.ts', /total: [^,]+,/, (round) => ({
    text: `total: own.length + ${100 * round},`,
    selector: 'p',
    shows: `of ${3 + 100 * round}`,
  }));
  const manifest = await author.saves(rounds, 'plugin.json', /"version": "[^"]+"/, (round) => ({
    text: `"version": "0.2.${round}"`,
    page: true,
    selector: '.so-preview-head',
    shows: `0.2.${round}`,
  }));
  return [first, saved('the client', client), saved('server.js', server), saved('the manifest', manifest)];
}

async function measureTheme() {
  const author = await begin('my-theme', 'theme');
  // A theme imports nothing: it needs no installation.
  await author.startDev();
  await author.until('html', '', '--sodium-radius-lg');
  const taken = await author.saves(rounds, 'assets/theme.css', /--sodium-radius-lg: \d+px/, (round) => ({
    text: `--sodium-radius-lg: ${30 + round}px`,
    selector: 'html',
    token: '--sodium-radius-lg',
    shows: `${30 + round}px`,
  }));
  return saved('a theme', taken);
}

function saved(what, taken) {
  const [least, most] = [Math.min(...taken), Math.max(...taken)];
  return row(`save to visible, ${what}`, median(taken), 'ms', SAVE_LIMIT_MS, { least, most });
}
