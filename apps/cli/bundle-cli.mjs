import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * Bundles the command into `dist/`, so that it runs without a compile step. Returns a hash of the result: what the
 * command builds is as new as the command itself.
 */
export async function bundleCli() {
  const entryPoints = { sodium: `${folder}src/sodium.ts`, 'client-worker': `${folder}src/build/client-worker.ts` };
  await build({
    absWorkingDir: folder,
    entryPoints,
    outdir: `${folder}dist`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Packages of this repository are TypeScript and go into the bundle; the others are installed.
    external: ['vite', 'esbuild', 'acorn', 'zod', 'semver', 'fflate', '@originjs/*'],
    logLevel: 'warning',
  });
  const hash = createHash('sha256');
  for (const name of Object.keys(entryPoints)) hash.update(readFileSync(`${folder}dist/${name}.js`));
  return hash.digest('hex');
}
