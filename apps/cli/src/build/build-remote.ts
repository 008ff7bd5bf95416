import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSharedModule, packageOf, SHARED_MODULES } from '@sodium/federation';
import { installedVersions } from '@sodium/federation/installed-versions';
import { build, type Plugin } from 'vite';
import type { ClientJob } from './build-client.js';
import { refuseBundledLit, refuseUnsharedImports } from './shared-lit-guards.js';

export const REMOTE_ENTRY = 'remote-entry.js';

/** A federation remote as the first pass leaves it: an entry, the exposed chunk, style sheets and assets. */
export interface BuiltRemote {
  readonly directory: string;
  readonly inputs: string[];
}

/** The first pass: Vite with the federation plugin. Every address in the output is relative to the output's root. */
export async function buildRemote({ folder, id, entry, map }: ClientJob): Promise<BuiltRemote> {
  const directory = mkdtempSync(join(tmpdir(), `sodium-build-${id}-`));
  // The federation plugin resolves what it exposes against the working directory.
  process.chdir(folder);
  const federationPlugin = await freshFederationPlugin();
  const inputs = new Set<string>();
  await build({
    root: folder,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    // Lit's decorators as most examples write them; a tsconfig.json of the plugin's own decides for itself.
    esbuild: existsSync(join(folder, 'tsconfig.json'))
      ? {}
      : { tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } } },
    experimental: { renderBuiltUrl: () => ({ relative: true }) },
    plugins: [
      refuseUnsharedImports(),
      withoutRangeChecks,
      withoutSharedCopies,
      federationPlugin({
        name: id,
        filename: REMOTE_ENTRY,
        exposes: { './plugin': entry },
        shared: sharedOptions(folder),
      }),
      refuseBundledLit(),
      noteInputs(folder, inputs),
    ],
    build: {
      target: 'esnext',
      outDir: directory,
      // The code stands at the root, as client.js will: addresses of assets stay right when it is folded into one file.
      assetsDir: '',
      assetsInlineLimit: inlineImagesOnly,
      // One style sheet, loaded by the shell with the plugin and removed with it.
      cssCodeSplit: false,
      cssTarget: 'es2022',
      minify: false,
      sourcemap: map,
      modulePreload: false,
      rollupOptions: {
        input: [],
        output: { chunkFileNames: '[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' },
      },
    },
  });
  return { directory, inputs: [...inputs] };
}

/** What the author may save next. Packages change by an installation, after which one starts anew. */
function noteInputs(folder: string, inputs: Set<string>): Plugin {
  return {
    name: 'sodium:note-inputs',
    buildEnd() {
      for (const file of this.getWatchFiles())
        if (file.startsWith(folder) && !/[\\/]node_modules[\\/]/.test(file)) inputs.add(file);
    },
  };
}

/**
 * The plugin keeps its options in module variables, so that a second build with the same module silently produces a
 * broken entry. Each build gets a module of its own.
 */
async function freshFederationPlugin(): Promise<(options: object) => Plugin> {
  const module = (await import(`${import.meta.resolve('@originjs/vite-plugin-federation')}?build=${builds++}`)) as {
    default: (options: object) => Plugin;
  };
  return module.default;
}
let builds = 0;

/** The shell has checked the ranges before it opens a remote: a copy of semver in each of them is dead weight. */
const withoutRangeChecks: Plugin = {
  name: 'sodium:without-range-checks',
  enforce: 'pre',
  resolveId: (id) => (id === '__federation_fn_satisfy' ? '\0sodium:satisfy' : undefined),
  load: (id) => (id === '\0sodium:satisfy' ? 'export const satisfy = () => true;' : undefined),
};

/**
 * The federation plugin makes a chunk of each shared module and throws it away at the end. Empty ones save most of the
 * work. What plugins import themselves is left alone: `refuseBundledLit` must see it.
 */
const withoutSharedCopies: Plugin = {
  name: 'sodium:without-shared-copies',
  enforce: 'pre',
  resolveId: (id, _importer, { isEntry }) => (isEntry && isSharedModule(id) ? `${SHARED_COPY}${id}` : undefined),
  load: (id) => (id.startsWith(SHARED_COPY) ? 'export {};' : undefined),
};
const SHARED_COPY = '\0sodium:shared:';

/** The page's policy allows images as data addresses, but no fonts, media or scripts. */
function inlineImagesOnly(file: string, content: Buffer): boolean {
  return /\.(png|jpe?g|gif|webp|avif|svg)$/.test(file) && content.length < 4096;
}

function sharedOptions(folder: string): Record<string, { version: string; import: false; generate: false }> {
  const versions = installedVersions(folder) as Record<string, string>;
  return Object.fromEntries(
    SHARED_MODULES.map((name) => [
      name,
      { version: versions[packageOf(name)]!, import: false as const, generate: false as const },
    ]),
  );
}
