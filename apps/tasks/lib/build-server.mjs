import { build } from 'esbuild';
import { inRoot } from './paths.mjs';

/** Bundles the panel's own TypeScript into one module; npm packages stay where they are installed. */
export async function buildServer() {
  await build({
    entryPoints: [inRoot('apps/server/src/main.ts')],
    outfile: inRoot('apps/server/dist/main.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [{ name: 'external-packages', setup: markPackagesExternal }],
  });
}

/** npm packages stay where they are installed; workspace packages are bundled. */
export function markPackagesExternal(context) {
  context.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@sodium/') ? undefined : { path, external: true },
  );
}
