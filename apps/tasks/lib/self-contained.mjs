import { inRoot } from './paths.mjs';

/** What CommonJS packages expect to find around them. */
const COMMONJS = `import { createRequire as $createRequire } from 'node:module';
import { fileURLToPath as $fileURLToPath } from 'node:url';
const require = $createRequire(import.meta.url);
const __filename = $fileURLToPath(import.meta.url);
const __dirname = $fileURLToPath(new URL('.', import.meta.url));`;

/** Packages whose main module reads files beside it or requires them by computed names, and the form that does not. */
const BUNDLES = { 'css-tree': 'dist/csstree.esm.js', 'jsonc-parser': 'lib/esm/main.js' };

/** Options of a build whose output brings the packages that it uses: authors then install a few instead of hundreds. */
export const SELF_CONTAINED = {
  // Accelerators of sockets that nobody installs.
  external: ['bufferutil', 'utf-8-validate'],
  banner: { js: COMMONJS },
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [
    {
      name: 'modules-that-bundle',
      setup: (context) => {
        for (const [name, file] of Object.entries(BUNDLES))
          context.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: inRoot('node_modules', name, file) }));
      },
    },
  ],
};
