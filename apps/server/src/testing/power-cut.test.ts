import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtSandbox } from '../plugins/sandbox/testing/built-sandbox.js';
import { TestClient } from './test-client.js';

const server = fileURLToPath(new URL('../../', import.meta.url));
let data: string;
let script: string;
let sandbox: string;
let panel: Awaited<ReturnType<typeof start>>;
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sodium-cut-'));
  sandbox = await builtSandbox();
  // Beside node_modules, which it needs.
  script = path.join(server, 'dist', `panel-process-${process.pid}.mjs`);
  const external = {
    name: 'packages',
    setup: (b: import('esbuild').PluginBuild) =>
      b.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
        kind === 'entry-point' || name.startsWith('@sodium/') ? undefined : { path: name, external: true },
      ),
  };
  await build({
    entryPoints: [fileURLToPath(new URL('./panel-process.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    plugins: [external as never],
  });
});
afterAll(async () => {
  await panel?.kill();
  await rm(script, { force: true });
  await rm(data, { recursive: true, force: true, maxRetries: 10 });
});

async function start(): Promise<{ child: ChildProcess; url: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [script, data, sandbox], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += String(chunk);
      const found = /listens on (\S+)[\s\S]*ready/.exec(output);
      if (found) resolve(found[1]!);
    });
    child.once('exit', () => reject(new Error(`The panel ended early: ${output}`)));
  });
  return { child, url, kill: () => (child.kill('SIGKILL'), gone) };
}

test('what a plugin acknowledged survives the panel being killed, time and again', { timeout: 120_000 }, async () => {
  const folder = path.join(data, 'plugins/ledger');
  await mkdir(folder, { recursive: true });
  const permissions = ['db:own', 'http:routes', 'servers:read'];
  await writeFile(
    path.join(folder, 'plugin.json'),
    JSON.stringify({
      id: 'ledger',
      name: 'Ledger',
      version: '1.0.0',
      type: 'feature',
      sodium: '>=1.0.0',
      permissions,
      hooks: ['server:beforeCreate'],
    }),
  );
  await writeFile(
    path.join(folder, 'server.js'),
    `export default (sodium) => {
    sodium.db.registerCollections(['entries']);
    sodium.hooks.on('server:beforeCreate', (ctx) => ctx.deny('Closed.'));
    sodium.http.registerRoutes((r) => {
      r.post('/:n', (req, res) => res.json(sodium.db.insert('entries', { id: req.params.n })));
      r.get('/', (req, res) => res.json(sodium.db.find('entries').map((entry) => entry.id)));
    });
  }`,
  );
  panel = await start();
  const admin = new TestClient(() => panel.url);
  await admin.register('root');
  expect((await admin.post('/api/admin/plugins/ledger/activate', { permissions })).status).toBe(200);
  const acknowledged = new Set<string>();
  let next = 0;
  for (let round = 0; round < 4; round++) {
    let killed: Promise<void> | null = null;
    const worker = async (): Promise<void> => {
      while (!killed) {
        const id = `n${next++}`;
        const answer = await admin.post(`/api/plugins/ledger/${id}`).catch(() => null);
        if (answer?.status === 200) acknowledged.add(id);
      }
    };
    const workers = Array.from({ length: 8 }, worker);
    const enough = acknowledged.size + 150 + round * 37;
    await expect.poll(() => acknowledged.size, { timeout: 20_000, interval: 2 }).toBeGreaterThan(enough);
    killed = panel.kill();
    await Promise.all([killed, ...workers]);
    panel = await start();
    const stored = new Set<string>((await admin.get('/api/plugins/ledger/')).json);
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    const denied = await admin.post('/api/servers', { name: 'x', template: 'nodejs' });
    expect(denied.json.error).toMatchObject({ code: 'SERVER_CREATE_DENIED', plugin: 'ledger' });
  }
});
