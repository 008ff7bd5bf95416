import { expect, test, type Page } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN, Client } from '../support/client.js';
import { Panel } from '../support/panel.js';

const dist = fileURLToPath(new URL('../../apps/cli/dist/', import.meta.url));
const command = path.join(dist, 'sodium.js');

// Inside the repository, where the plugin finds what it would have installed.
const folder = mkdtempSync(path.join(dist, 'dev-'));
const running: ChildProcess[] = [];

test.afterAll(async () => {
  while (running.length > 0) await stopLast();
  rmSync(folder, { recursive: true, force: true });
});

async function stopLast(): Promise<void> {
  const child = running.pop()!;
  const ended = child.exitCode === null && once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

interface Ready {
  url: string;
  login: string;
}

async function startDev(id: string, args: string[] = [], env: Record<string, string> = {}): Promise<Ready> {
  const dev = spawn(process.execPath, [command, 'dev', id, '--port', '0', '--json', ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  running.push(dev);
  let output = '';
  dev.stderr!.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve, reject) => {
    dev.once('exit', () => reject(new Error(`sodium dev ended:\n${output}`)));
    dev.stdout!.on('data', (chunk) => {
      const ready = /\{"event":"ready".*\}/.exec((output += String(chunk)))?.[0];
      if (ready) resolve(JSON.parse(ready) as Ready);
    });
  });
}

const create = (id: string, type: string): unknown =>
  execFileSync(process.execPath, [command, 'create', id, '--type', type], { cwd: folder });

function edit(file: string, from: string, to: string): void {
  const target = path.join(folder, file);
  const text = readFileSync(target, 'utf8');
  expect(text).toContain(from);
  writeFileSync(target, text.replace(from, to));
}

function lineOf(file: string, text: string): number {
  const [before = ''] = readFileSync(path.join(folder, file), 'utf8').split(text);
  return before.split('\n').length;
}

const frameOf = (page: Page) => page.frameLocator('sodium-preview-frame iframe');
const mark = (page: Page): Promise<unknown> =>
  frameOf(page)
    .locator('html')
    .evaluate((html) => html.setAttribute('data-same', ''));
const expectSame = (page: Page): Promise<void> => expect(frameOf(page).locator('html')).toHaveAttribute('data-same');

test('each save reaches the open preview; a fault is shown over it while the last good version runs on', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  create('my-widget', 'widget');
  const { url, login } = await startDev('my-widget');
  const page = await browser.newPage();
  await page.goto(login);
  await expect(page).toHaveURL(`${url}/admin/plugins/my-widget/preview`);
  const widget = frameOf(page).locator('p', { hasText: /of 3 servers/ });
  await expect(widget).toContainText('servers are running.');
  await mark(page);

  edit('my-widget/src/summary-widget.ts', 'servers are running.', 'servers are up.');
  await expect(widget).toContainText('servers are up.');

  const overlay = page.locator('sodium-dev-overlay');
  edit('my-widget/src/summary-widget.ts', 'import { state }', '// Both at once.\nimport { state }');
  edit('my-widget/src/server.ts', 'router.get(', 'router.get(,');
  await expect(overlay.getByRole('alert')).toContainText('Not updated: the last good version runs on');
  await expect(overlay).toContainText(/src\/server\.ts:\d+:\d+/);
  await expect(widget).toContainText('servers are up.');
  if (process.env.SODIUM_PICTURES) await page.screenshot({ path: `${process.env.SODIUM_PICTURES}/dev-overlay.png` });
  edit('my-widget/src/server.ts', 'router.get(,', 'router.get(');
  await expect(overlay).toHaveCount(0);

  // It parses, and fails only when it starts.
  const fault = "if (sodium.meta) throw new Error('not today');\n  sodium.http.registerRoutes";
  edit('my-widget/src/server.ts', 'sodium.http.registerRoutes', fault);
  await expect(overlay).toContainText('not today');
  await expect(overlay).toContainText(/src\/server\.ts:\d+/);
  await expect(widget).toContainText('servers are up.');
  edit('my-widget/src/server.ts', fault, 'sodium.http.registerRoutes');
  await expect(overlay).toHaveCount(0);

  // The client builds, and fails only in the browser: before anything of it is drawn, then each time it is.
  const client = 'my-widget/src/client.ts';
  const broken = "if (sodium.meta) throw new Error('not in this browser');\n";
  writeFileSync(
    path.join(folder, client),
    readFileSync(path.join(folder, client), 'utf8').replace(/=> \{\n/, `$&${broken}`),
  );
  await expect(overlay.getByRole('alert')).toContainText('It failed in the browser');
  await expect(overlay).toContainText(new RegExp(`src/client\\.ts:${lineOf(client, broken)}:\\d+`));
  await expect(overlay).toContainText('not in this browser');
  edit(client, broken, '');
  await expect(overlay).toHaveCount(0);
  await expect(widget).toContainText('servers are up.');

  edit('my-widget/plugin.json', '"type": "widget"', '"type": "gadget"');
  await expect(overlay).toContainText(/plugin\.json:\d+:\d+/);
  edit('my-widget/plugin.json', '"type": "gadget"', '"type": "widget", "description": "Changed"');
  await expect(overlay).toHaveCount(0);
  edit('my-widget/plugin.json', '"version": "0.1.0"', '"version": "0.2.0"');
  await expect(page.locator('.so-preview-head')).toContainText('0.2.0');
  await expect(widget).toContainText('servers are up.');
  await expectSame(page);
  await page.close();
});

test('a theme is tried in a panel that runs already, and its colours change while they are typed', async ({ page }) => {
  // Less than the minute for which a socket left open would hold the command.
  test.setTimeout(60_000);
  create('my-theme', 'theme');
  const panel = await Panel.start();
  try {
    const admin = await Client.admin(panel);
    const { username, password } = ADMIN;
    const { login } = await startDev('my-theme', ['--url', panel.url], {
      SODIUM_USERNAME: username,
      SODIUM_PASSWORD: password,
    });
    await page.goto(login);
    const accent = (): Promise<string> =>
      frameOf(page)
        .locator('html')
        .evaluate((html) => getComputedStyle(html).getPropertyValue('--sodium-color-accent').trim());
    const file = 'my-theme/assets/theme.css';
    const [, before] = /--sodium-color-accent: ([^;]+);/.exec(readFileSync(path.join(folder, file), 'utf8'))!;
    await expect.poll(accent).toBe(before);
    await mark(page);
    edit(file, `--sodium-color-accent: ${before}`, '--sodium-color-accent: #7a1fa2');
    await expect.poll(accent).toBe('#7a1fa2');
    await expectSame(page);

    // It was installed there, and nobody has activated it.
    expect((await admin.get('/api/admin/plugins/my-theme')).body).toMatchObject({ state: 'inactive' });
  } finally {
    await stopLast();
    await panel.dispose();
  }
});
