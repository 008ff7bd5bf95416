import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { ClientJob, ClientResult } from './build-client.js';
import { REMOTE_ENTRY, type BuiltRemote } from './build-remote.js';
import { nameOwnSources } from './name-own-sources.js';
import { BuildError } from '../problems/problem.js';

/**
 * The second pass: one `client.js` with the container and everything it exposes, so that the page needs one request.
 * What is imported dynamically stays lazy inside the file: the plugin's code runs at `get()`, after `init()`.
 */
export async function foldRemote(
  { directory, inputs }: BuiltRemote,
  { folder, outDir, minify, map }: ClientJob,
): Promise<ClientResult> {
  await build({
    // What the shell asks a container for; the loader of style sheets beside it is dead weight.
    stdin: { contents: `export { get, init } from './${REMOTE_ENTRY}';`, resolveDir: directory },
    outfile: join(outDir, 'client.js'),
    // Its comments name files as seen from here: they must not tell of a folder that is another each time.
    absWorkingDir: directory,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify,
    legalComments: 'inline',
    sourcemap: map ? 'linked' : false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'literal-exposes',
        setup: (fold) =>
          void fold.onLoad({ filter: /remote-entry\.js$/ }, ({ path }) => ({ contents: readEntry(path) })),
      },
    ],
  });
  if (map) nameOwnSources(folder, `${join(outDir, 'client.js')}.map`);
  const assets = join(directory, 'assets');
  if (!existsSync(assets)) return { styles: [], inputs };
  cpSync(assets, join(outDir, 'assets'), { recursive: true });
  const styles = readdirSync(assets).filter((name) => name.endsWith('.css'));
  return { styles: styles.sort().map((name) => `assets/${name}`), inputs };
}

/**
 * The entry as the bundler can follow it: it imports the exposed chunk by a variable, and it would add style sheets to
 * the page for good, which the shell does itself, for as long as the plugin is active.
 */
function readEntry(path: string): string {
  const code = readFileSync(path, 'utf8');
  const exposes = /__federation_import\((["'`])(\.\/__federation_expose_[^"'`]+)\1\)/g;
  if (!exposes.test(code))
    throw new BuildError(`The federation plugin produced an entry without an exposed module (${path}).`);
  return code.replace(exposes, 'import("$2")').replace(/^\s*dynamicLoadingCss\(\[[^\]]*\][^)]*\);?$/gm, '');
}
