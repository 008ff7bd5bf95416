import { build } from 'esbuild';
import { inRoot } from './paths.mjs';

/** Bundles the panel's own TypeScript into one module; npm packages stay where they are installed, unless said otherwise. */
export async function buildServer({ outfile = inRoot('apps/server/dist/main.js'), ...options } = {}) {
  return build({
    entryPoints: [inRoot('apps/server/src/main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [{ name: 'external-packages', setup: markPackagesExternal }],
    ...options,
  });
}

/** npm packages stay where they are installed; workspace packages are bundled. */
export function markPackagesExternal(context) {
  context.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@sodium/') ? undefined : { path, external: true },
  );
}
