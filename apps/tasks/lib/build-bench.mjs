import { build } from 'esbuild';
import { markPackagesExternal } from './build-server.mjs';
import { inRoot } from './paths.mjs';

const ENTRIES = ['run-bench', 'bare-express', 'probe', 'store-writer'];

/** Bundles the benchmarks beside the panel that they measure. */
export async function buildBench() {
  await build({
    entryPoints: ENTRIES.map((name) => inRoot(`apps/server/bench/${name}.ts`)),
    outdir: inRoot('apps/server/dist/bench'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [{ name: 'external-packages', setup: markPackagesExternal }],
  });
}
