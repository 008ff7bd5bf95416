import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** What `sodium dev` puts into the panel's pages. */
async function bundleOverlay() {
  const { outputFiles } = await build({
    entryPoints: [`${folder}src/dev/overlay.browser.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify: true,
  });
  return outputFiles[0].text;
}

/** Packages of this repository are TypeScript and go into the bundle; the others are installed. */
function markPackagesExternal(bundle) {
  bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@sodium/') ? undefined : { path, external: true },
  );
}

/** The command's entries, of which each is a process of its own. */
const ENTRIES = {
  sodium: `${folder}src/sodium.ts`,
  'client-worker': `${folder}src/build/client-worker.ts`,
  'record-worker': `${folder}src/build/record-worker.ts`,
};

/** Bundles the command into a folder. `options`: what is done otherwise than within this repository. */
export async function bundleCliInto(outdir, options = {}) {
  return build({
    absWorkingDir: folder,
    entryPoints: ENTRIES,
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: {
      OVERLAY_CODE: JSON.stringify(await bundleOverlay()),
      CLI_VERSION: JSON.stringify(JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version),
    },
    logLevel: 'warning',
    plugins: [{ name: 'external-packages', setup: markPackagesExternal }],
    ...options,
  });
}

/**
 * Bundles the command into `dist/`, so that it runs without a compile step. Returns a hash of the result: what the
 * command builds is as new as the command itself.
 */
export async function bundleCli() {
  await bundleCliInto(`${folder}dist`);
  const hash = createHash('sha256');
  for (const name of Object.keys(ENTRIES)) hash.update(readFileSync(`${folder}dist/${name}.js`));
  return hash.digest('hex');
}
