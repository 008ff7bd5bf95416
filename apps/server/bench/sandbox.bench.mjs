import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildSandbox } from '../build-sandbox.mjs';

/** Measures the sandbox. Resolves with `{what, value, unit, target, met}[]`. */
export async function run() {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const directory = await mkdtemp(path.join(tmpdir(), 'sandbox-bench-'));
  try {
    await buildSandbox(path.join(directory, 'sandbox'));
    const outfile = path.join(directory, 'bench.mjs');
    const banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    await build({
      entryPoints: [path.join(here, 'sandbox-bench.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner,
    });
    const { benchSandbox } = await import(pathToFileURL(outfile).href);
    return await benchSandbox(path.join(directory, 'sandbox'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run();
  console.table(rows);
  console.log(JSON.stringify(rows));
}
