import { rmSync } from 'node:fs';
import { build } from 'vite';
import type { ClientJob, WorkerAnswer } from './build-client.js';
import { bundlerProblems } from './bundler-problems.js';
import { buildRemote } from './build-remote.js';
import { foldRemote } from './fold-remote.js';

// A small build of nothing much ahead of the first starts and warms the tools.
const warm = process.argv.includes('--warm') ? warmUp().catch(() => undefined) : Promise.resolve();
process.once('disconnect', () => process.exit(0));
process.on('message', (job: ClientJob) => {
  void warm
    .then(() => run(job))
    .then(
      (answer) => process.send!(answer),
      () => process.exit(1),
    );
});

async function warmUp(): Promise<void> {
  const code = 'import { html } from "lit"; export class A { declare b: string; c = html`${this.b}`; }';
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'sodium:warm-up',
        resolveId: (id) => (id === 'warm.ts' ? '/warm.ts' : { id, external: true }),
        load: (id) => (id === '/warm.ts' ? code : null),
      },
    ],
    build: { write: false, minify: false, modulePreload: false, rollupOptions: { input: 'warm.ts' } },
  });
}

async function run(job: ClientJob): Promise<WorkerAnswer> {
  const failed = (error: unknown): WorkerAnswer => ({
    ok: false,
    problems: bundlerProblems(error, job.folder, job.entry),
  });
  const remote = await buildRemote(job).catch((error: Error) => error);
  if (remote instanceof Error) return failed(remote);
  try {
    return { ok: true, result: await foldRemote(remote, job) };
  } catch (error) {
    return failed(error);
  } finally {
    rmSync(remote.directory, { recursive: true, force: true });
  }
}
