import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Builds the guide into `dist/site`. Its own code is TypeScript, so it is bundled first and then run. */
export async function buildDocs() {
  const work = await mkdtemp(path.join(folder, '.build-'));
  try {
    const outfile = path.join(work, 'build.mjs');
    await build({
      absWorkingDir: folder,
      entryPoints: ['src/build.ts'],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // The packages of this repository are TypeScript and go into the bundle; the others are installed.
      plugins: [
        {
          name: 'installed-packages',
          setup: (context) =>
            context.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
              kind === 'entry-point' || name.startsWith('@sodium/') ? undefined : { path: name, external: true },
            ),
        },
      ],
      logLevel: 'warning',
    });
    await (await import(pathToFileURL(outfile).href)).buildDocs(folder, path.join(folder, 'dist/site'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
