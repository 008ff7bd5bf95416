import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inRoot } from '../../tasks/lib/paths.mjs';
import { generatePlugins } from './generate-plugins.mjs';

const ADMIN = { username: 'admin', email: 'admin@example.org', password: 'only for measuring' };

/** A real panel with `count` active plugins, and the cookie of somebody who is logged in. */
export async function startPanelWithPlugins(count) {
  const data = await mkdtemp(path.join(tmpdir(), 'sodium-shell-bench-'));
  await mkdir(path.join(data, 'plugins'));
  const ids = await generatePlugins(count, path.join(data, 'plugins'));
  await writeFile(path.join(data, 'config.json'), JSON.stringify({ plugins: { active: ids } }));
  const env = { PATH: process.env.PATH, PORT: '0', SODIUM_DATA: data, SODIUM_LOG_LEVEL: 'error' };
  const child = spawn(process.execPath, [inRoot('apps/server/dist/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  while ((await fetch(`${url}/readyz`).catch(() => null))?.status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const answer = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ADMIN),
  });
  const [name, value] = answer.headers.getSetCookie()[0].split(';')[0].split('=');
  return {
    url,
    ids,
    cookie: { name, value, url },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

function addressOf(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const found = /listens on (http:\S+)/.exec(output);
      if (found) resolve(found[1].replace(/\/$/, ''));
    });
    child.once('exit', (code) => reject(new Error(`The panel ended with ${code}: ${output}`)));
  });
}
