import { isBuiltin } from 'node:module';
import { build, type Plugin } from 'esbuild';
import { BuildError } from '../problems/problem.js';
import { bundlerProblems } from './bundler-problems.js';
import { nameOwnInputs, nameOwnSources } from './name-own-sources.js';

/**
 * Bundles a server into one ES module without imports: the only form the sandbox accepts. Kept readable, and with a map
 * beside it, so that the panel's logs name the author's own files and lines.
 */
export async function buildServer(folder: string, entry: string, outfile: string): Promise<void> {
  try {
    const { metafile } = await build({
      absWorkingDir: folder,
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      conditions: ['import', 'default'],
      target: 'es2022',
      legalComments: 'inline',
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
      metafile: true,
      plugins: [refuseNodeModules, pureSdk],
    });
    nameOwnInputs(outfile, Object.keys(metafile.inputs));
    nameOwnSources(folder, `${outfile}.map`);
  } catch (error) {
    throw new BuildError(bundlerProblems(error, folder, entry));
  }
}

const refuseNodeModules: Plugin = {
  name: 'refuse-node-modules',
  setup(bundle) {
    bundle.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (!isBuiltin(path)) return undefined;
      const text = `"${path}" is a module of Node.js. A plugin's server runs in a sandbox without them; use the sodium object and web APIs (imported by ${importer}).`;
      return { errors: [{ text }] };
    });
  },
};

/** The SDK is types and constants: what a server does not use of it shall not be in its bundle. */
const pureSdk: Plugin = {
  name: 'pure-sdk',
  setup(bundle) {
    bundle.onResolve({ filter: /^@sodium\/sdk|^\.\.?\// }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === pureSdk || !(path.startsWith('@sodium/sdk') || /[\\/]sdk[\\/]/.test(importer)))
        return undefined;
      const { path: resolved, errors } = await bundle.resolve(path, {
        importer,
        resolveDir,
        kind,
        pluginData: pureSdk,
      });
      return errors.length > 0 ? { errors } : { path: resolved, sideEffects: false };
    });
  },
};
