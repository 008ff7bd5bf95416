// `npm run dev`: the shell with hot reload on port 3000, and the panel behind it on 3001, restarted on every change.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { inRoot, root } from './lib/paths.mjs';
import { main } from './lib/run.mjs';

const PANEL_PORT = process.env.SODIUM_PANEL_PORT ?? '3001';
const PORT = process.env.PORT ?? '3000';

main(async () => {
  await ensureInstalled();
  const { build } = await import('./lib/build-steps.mjs');
  await build();
  const { buildServer } = await import('./lib/build-server.mjs');
  const { buildSandbox } = await import('../server/build-sandbox.mjs');

  let panel = startPanel();
  let pending = Promise.resolve();
  const rebuild = debounce(() => {
    pending = pending.then(async () => {
      try {
        await buildServer();
        await buildSandbox(inRoot('apps/server/dist/sandbox'));
      } catch {
        return console.error('The panel keeps running as it was until the error above is mended.');
      }
      panel = await restart(panel);
    });
  }, 150);
  for (const folder of ['apps/server/src', 'shared']) watch(inRoot(folder), { recursive: true }, rebuild);

  const vite = spawn('npx', ['vite', '--port', PORT, '--strictPort'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SODIUM_PANEL_URL: `http://127.0.0.1:${PANEL_PORT}` },
  });
  const end = () => {
    panel.kill('SIGTERM');
    vite.kill('SIGTERM');
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  vite.on('exit', end);
});

function startPanel() {
  return spawn(process.execPath, ['--enable-source-maps', 'apps/server/dist/main.js'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PORT: PANEL_PORT },
  });
}

function restart(panel) {
  return new Promise((resolve) => {
    if (panel.exitCode !== null) return resolve(startPanel());
    panel.once('exit', () => resolve(startPanel()));
    panel.kill('SIGTERM');
  });
}

function debounce(work, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, ms);
  };
}
