import { expect, test } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../../apps/cli/dist/', import.meta.url));
const command = path.join(dist, 'sodium.js');

// Inside the repository, where the plugin finds what it would have installed.
const folder = mkdtempSync(path.join(dist, 'dev-'));
let dev: ChildProcess;

test.afterAll(async () => {
  dev?.kill('SIGTERM');
  if (dev?.exitCode === null) await once(dev, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

async function startDev(): Promise<string> {
  execFileSync(process.execPath, [command, 'create', 'my-widget', '--type', 'widget'], { cwd: folder });
  dev = spawn(process.execPath, [command, 'dev', 'my-widget', '--port', '0', '--json'], { cwd: folder });
  let output = '';
  dev.stderr!.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    dev.once('exit', () => reject(new Error(`sodium dev ended:\n${output}`)));
    dev.stdout!.on('data', (chunk) => {
      const login = /"event":"ready".*"login":"([^"]+)"/.exec((output += String(chunk)))?.[1];
      if (login) resolve(login);
    });
  });
}

function edit(file: string, from: string, to: string): void {
  const target = path.join(folder, 'my-widget', file);
  const text = readFileSync(target, 'utf8');
  expect(text).toContain(from);
  writeFileSync(target, text.replace(from, to));
}

test('each save reaches the open page; a fault is shown over it while the last good version runs on', async ({
  page,
}) => {
  test.setTimeout(180_000);
  await page.goto(await startDev());
  const widget = page.locator('p', { hasText: /of 3 servers/ });
  await expect(widget).toContainText('servers are running.');
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));

  edit('src/summary-widget.ts', 'servers are running.', 'servers are up.');
  await expect(widget).toContainText('servers are up.');

  const overlay = page.locator('sodium-dev-overlay');
  edit('src/summary-widget.ts', 'return SummaryWidget;', 'return SummaryWidget');
  edit('src/server.ts', 'router.get(', 'router.get(,');
  await expect(overlay.getByRole('alert')).toContainText('Not updated: the last good version runs on');
  await expect(overlay).toContainText(/src\/server\.ts:\d+:\d+/);
  await expect(widget).toContainText('servers are up.');
  if (process.env.SODIUM_PICTURES) await page.screenshot({ path: `${process.env.SODIUM_PICTURES}/dev-overlay.png` });

  edit('src/server.ts', 'router.get(,', 'router.get(');
  await expect(overlay).toHaveCount(0);

  // It parses, and fails only when it starts.
  edit(
    'src/server.ts',
    'sodium.http.registerRoutes',
    "if (sodium.meta) throw new Error('not today');\n  sodium.http.registerRoutes",
  );
  await expect(overlay).toContainText('not today');
  await expect(overlay).toContainText(/src\/server\.ts:\d+/);
  await expect(widget).toContainText('servers are up.');
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});
