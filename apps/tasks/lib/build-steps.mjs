import { existsSync, renameSync, rmSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { unlessFresh } from './stamp.mjs';

const COMMON = ['package-lock.json', 'tsconfig.json', 'apps/tasks/lib'];

/** Every build step: its inputs, what it leaves, and how. Later steps may use the output of earlier ones. */
const STEPS = [
  {
    name: 'server',
    inputs: ['apps/server/src', 'apps/server/package.json', 'shared'],
    output: 'apps/server/dist/main.js',
    work: async () => (await import('./build-server.mjs')).buildServer(),
  },
  {
    name: 'sandbox',
    inputs: ['apps/server/src/plugins/sandbox', 'apps/server/build-sandbox.mjs', 'shared/sdk/src'],
    output: 'apps/server/dist/sandbox',
    work: async () => (await import('../../server/build-sandbox.mjs')).buildSandbox(inRoot('apps/server/dist/sandbox')),
  },
  {
    name: 'shell',
    inputs: ['apps/shell', 'shared', 'vite.config.ts'],
    output: 'apps/shell/dist/web/index.html',
    work: buildShell,
  },
  {
    name: 'docs',
    inputs: ['apps/docs', 'apps/shell/src/theme/tokens.css', 'shared'],
    output: 'apps/docs/dist/site/index.html',
    work: async () => (await import('../../docs/build-docs.mjs')).buildDocs(),
  },
  {
    name: 'plugins',
    inputs: ['plugins', 'apps/cli', 'shared'],
    output: 'plugins/hello/dist/plugin.json',
    work: () => run(process.execPath, ['apps/cli/build-plugins.mjs']),
  },
  {
    name: 'packages',
    inputs: ['apps/cli', 'apps/server', 'apps/shell', 'shared'],
    output: 'apps/cli/dist/packages',
    work: async () => (await import('../../cli/build-packages.mjs')).buildPackages(),
  },
];

/** The new files take the old ones' place at once, so that a panel that runs is never without them. */
async function buildShell() {
  const [target, next, old] = ['web', 'web-next', 'web-old'].map((name) => inRoot('apps/shell/dist', name));
  await run('npx', ['vite', 'build', '--logLevel', 'warn', '--outDir', next, '--emptyOutDir']);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(next, target);
  rmSync(old, { recursive: true, force: true });
}

/** Builds what is missing or older than its sources. */
export async function build() {
  for (const step of STEPS) {
    const started = performance.now();
    const done = await unlessFresh(step.name, [...COMMON, ...step.inputs], inRoot(step.output), step.work);
    if (!existsSync(inRoot(step.output))) throw new Error(`The build step "${step.name}" left no ${step.output}.`);
    if (done) console.log(`Built ${step.name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
}
