import type { AnyNode, Comment } from 'acorn';
import { CompileError } from './compile-error.js';
import { looksRefused } from './false-positives.js';
import { freeNames } from './free-names.js';
import { parseModule } from './parse-module.js';
import { rewriteModule } from './rewrite-module.js';
import type { TextEdits } from './text-edits.js';

export interface CompiledModule {
  text: string;
  /** What was changed in the source, and how many characters came before all of it: together they lead a position back. */
  edits: TextEdits;
  headLength: number;
}

/**
 * Turns one self-contained ES module into the text of an async function
 * `(exports, importModule, importMeta) => …` that a compartment can evaluate. Lines keep their numbers.
 */
export function compilePlugin(source: string, plugin: string, file = 'server.js'): string {
  return `${compileModule(source, file).text}\n//# sourceURL=plugin:${plugin}/${file}`;
}

export function compileModule(source: string, file: string): CompiledModule {
  const comments: Comment[] = [];
  const program = parseModule(source, file, comments);
  const names = freeNames(source);
  const { edits, tail, templates } = rewriteModule({ source, file, program: program as AnyNode, comments, names });
  const parameters = `${names.exports}, ${names.importModule}, ${names.importMeta}`;
  const head = `(async function (${parameters}) { "use strict"; ${templates}`;
  const body = edits.apply();
  const text = `${head}${body}\n;${tail}\n})`;
  if (looksRefused(text))
    throw new CompileError(
      file,
      lineOfRefused(body),
      1,
      'something here looks like import() or an HTML comment to the sandbox; write it differently',
    );
  return { text, edits, headLength: head.length };
}

function lineOfRefused(text: string): number {
  return text.split('\n').findIndex(looksRefused) + 1;
}
