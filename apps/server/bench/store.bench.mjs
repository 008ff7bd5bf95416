import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Measures the store of plugins on this machine's disk. Resolves with `{what, value, unit, target, met}[]`. */
export async function run() {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const directory = await mkdtemp(path.join(tmpdir(), 'store-bench-'));
  try {
    await build({
      entryPoints: [path.join(here, 'store-bench.ts'), path.join(here, 'store-writer.ts')],
      outdir: directory,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const { benchStore } = await import(pathToFileURL(path.join(directory, 'store-bench.mjs')).href);
    return await benchStore(path.join(directory, 'store-writer.mjs'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await run();
  console.table(rows);
  console.log(JSON.stringify(rows));
}
