import { spawnSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.join(here, 'src/plugins/sandbox');

/** Must be the flags that the sandbox starts its processes with, or V8 rejects the code cache. */
export const V8_FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1', ...withoutWasm()];

/** Node.js 24 has no such flag any more; there only the scrubbed realm keeps WebAssembly away. */
function withoutWasm() {
  return Number(process.versions.node.split('.')[0]) < 24 ? ['--no-expose-wasm'] : [];
}

/**
 * Builds what a plugin process runs: `child.cjs` (the entry), `ses.js`, `sandbox.js`, the code caches of both for this
 * version of Node.js, and `compile.cjs`.
 */
export async function buildSandbox(outDir) {
  await mkdir(outDir, { recursive: true });
  const ses = createRequire(import.meta.url).resolve('ses');
  await copyFile(path.join(path.dirname(ses), 'ses.umd.min.js'), path.join(outDir, 'ses.js'));
  await copyFile(path.join(source, 'child/boot.cjs'), path.join(outDir, 'child.cjs'));
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
  };
  await build({
    ...shared,
    entryPoints: [path.join(source, 'child/main.ts')],
    outfile: path.join(outDir, 'sandbox.js'),
    // The globals that this code goes on using after they have been taken from the realm.
    banner: {
      js: '(function (require, exports) { const module = { exports }, { Buffer, performance, queueMicrotask } = globalThis;',
    },
    footer: { js: 'Object.assign(exports, module.exports); })' },
  });
  await build({
    ...shared,
    entryPoints: [path.join(source, 'compile/compile-process.ts')],
    outfile: path.join(outDir, 'compile.cjs'),
  });
  const cached = spawnSync(process.execPath, [...V8_FLAGS, path.join(outDir, 'child.cjs'), 'write-code-cache'], {
    env: {},
    encoding: 'utf8',
  });
  if (cached.status !== 0) throw new Error(`The code cache of the sandbox could not be written:\n${cached.stderr}`);
}
