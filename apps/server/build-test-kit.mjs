// Builds the panel that plugins are tested on: one module, beside it the sandbox and the shell.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { markPackagesExternal } from '../tasks/lib/build-server.mjs';
import { inRoot } from '../tasks/lib/paths.mjs';
import { SELF_CONTAINED } from '../tasks/lib/self-contained.mjs';
import { hashOf } from '../tasks/lib/stamp.mjs';
import { buildSandbox } from './build-sandbox.mjs';

const INPUTS = [
  'package-lock.json',
  'apps/server/src',
  'apps/server/build-test-kit.mjs',
  'apps/server/build-sandbox.mjs',
  'shared',
];
const CACHE = inRoot('node_modules/.cache/sodium-test-kit');
const DAY_MS = 86_400_000;

/** The host of these sources, built once for all test files that run side by side. Resolves to its file. */
export async function builtTestHost() {
  const folder = path.join(CACHE, hashOf(INPUTS).slice(0, 16));
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true });
    const scratch = mkdtempSync(path.join(CACHE, '.building-'));
    await buildTestHost(scratch, { name: 'external-packages', setup: markPackagesExternal });
    symlinkSync(inRoot('apps/shell/dist/web'), path.join(scratch, 'shell'));
    publish(scratch, folder);
  }
  return path.join(folder, 'plugin-test-host.js');
}

/** Whoever is first wins; the others find the same content there. */
function publish(scratch, folder) {
  try {
    renameSync(scratch, folder);
  } catch {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const name of readdirSync(CACHE)) {
    const other = path.join(CACHE, name);
    if (other !== folder && Date.now() - statSync(other).mtimeMs > DAY_MS) rmSync(other, { recursive: true });
  }
}

/**
 * The same for authors, who have none of the panel's packages: everything is inside, so that the folder runs wherever
 * it is copied to. The shell must have been built.
 */
export async function buildTestKit(outDir) {
  await buildTestHost(outDir, withoutPasswords, { ...SELF_CONTAINED, minify: true, sourcemap: false });
  const filter = (file) => !file.endsWith('.map');
  cpSync(inRoot('apps/shell/dist/web'), path.join(outDir, 'shell'), { recursive: true, filter });
}

/** Nobody logs in with a password in a test, so the one native package can stay away. */
const NO_ARGON = `const refuse = () => { throw new Error('The panel of a test has no passwords.'); };
export const hash = refuse;
export const verify = refuse;`;

const withoutPasswords = {
  name: 'without-passwords',
  setup(context) {
    context.onResolve({ filter: /^@node-rs\/argon2$/ }, () => ({ path: 'argon2', namespace: 'absent' }));
    context.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: NO_ARGON, loader: 'js' }));
  },
};

async function buildTestHost(outDir, plugin, { plugins = [], ...options } = {}) {
  await build({
    entryPoints: [inRoot('apps/server/src/testing/kit/plugin-test-host.ts')],
    outfile: path.join(outDir, 'plugin-test-host.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [plugin, ...plugins],
    ...options,
  });
  await buildSandbox(path.join(outDir, 'sandbox'));
}
