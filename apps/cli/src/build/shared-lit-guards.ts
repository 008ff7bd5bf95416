import { existsSync, readFileSync } from 'node:fs';
import { isSharedModule, packageOf, SHARED_PACKAGES } from '@sodium/federation';
import type { Plugin, Rollup } from 'vite';
import { BuildError } from '../problems/problem.js';

const isSharedPackage = (specifier: string): boolean =>
  (SHARED_PACKAGES as readonly string[]).includes(packageOf(specifier));

/** Packages that make up Lit; only `lit` itself is shared, but they are what a second copy consists of. */
const LIT_PARTS = /[\\/]node_modules[\\/](?:lit|lit-html|lit-element|@lit[\\/]reactive-element)[\\/]/;

/** Refuses forms of import that the federation plugin does not rewrite. Stands before it in the list of plugins. */
export function refuseUnsharedImports(): Plugin {
  return {
    name: 'sodium:refuse-unshared-imports',
    transform(code, id) {
      if (/[\\/]node_modules[\\/]/.test(id)) return;
      for (const { statement, specifier } of findForms(code)) {
        if (!isSharedPackage(specifier)) continue;
        throw new BuildError(
          `${id}:${lineOf(id, specifier)}: "${statement}" would bring a second copy of "${specifier}". Import it first (import { html } from '${specifier}'), then export or use what you need.`,
        );
      }
    },
    resolveId: {
      // Before anybody else finds that the package does not export it, and says so less plainly.
      order: 'pre',
      handler(specifier, importer) {
        if (!importer || !isSharedPackage(specifier) || isSharedModule(specifier)) return;
        throw new BuildError(
          `${importer}: "${specifier}" is not among the modules that the panel shares. Use a public subpath of "${packageOf(specifier)}".`,
        );
      },
    },
  };
}

/** Refuses a bundle that holds modules of Lit all the same. Stands after the federation plugin, which drops its own. */
export function refuseBundledLit(): Plugin {
  return {
    name: 'sodium:refuse-bundled-lit',
    generateBundle(_options, bundle) {
      for (const chunk of usedChunks(bundle)) {
        const copy = Object.keys(chunk.modules).find(
          (id) => LIT_PARTS.test(id) && chunk.modules[id]!.renderedLength > 0,
        );
        if (copy)
          throw new BuildError(
            `The bundle contains its own Lit (${copy}). Import from "lit" and its public subpaths only, in your code and in what you bundle.`,
          );
      }
    },
  };
}

/** What the exposed module reaches. Chunks around the shared modules stand beside it, and the second pass leaves them out. */
function usedChunks(bundle: Rollup.OutputBundle): Set<Rollup.OutputChunk> {
  const used = new Set<Rollup.OutputChunk>();
  const add = (chunk: Rollup.OutputAsset | Rollup.OutputChunk | undefined): void => {
    if (chunk?.type !== 'chunk' || used.has(chunk)) return;
    used.add(chunk);
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) add(bundle[name]);
  };
  for (const chunk of Object.values(bundle))
    if (chunk.type === 'chunk' && chunk.name.startsWith('__federation_expose_')) add(chunk);
  return used;
}

/** The code seen here has been compiled: its lines are not the author's. */
function lineOf(file: string, specifier: string): number {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const form = [...findForms(text)].find((found) => found.specifier === specifier);
  return text.slice(0, form?.index ?? 0).split('\n').length;
}

function* findForms(code: string): Generator<{ statement: string; specifier: string; index: number }> {
  const forms =
    /\bexport\s+(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})\s*from\s*(["'])([^"']+)\1|\bimport\s*\(\s*(["'`])([^"'`]+)\3\s*\)/g;
  for (const match of code.matchAll(forms))
    yield { statement: match[0].replace(/\s+/g, ' '), specifier: (match[2] ?? match[4])!, index: match.index };
}
