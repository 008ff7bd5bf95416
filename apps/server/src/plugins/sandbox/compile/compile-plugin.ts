import { getLineInfo, parse, type AnyNode, type Comment, type Program } from 'acorn';
import { CompileError } from './compile-error.js';
import { looksRefused } from './false-positives.js';
import { rewriteModule } from './rewrite-module.js';

/** Changes whenever the compiled form does, so that nothing stale is taken from a cache. */
export const COMPILER_VERSION = '1';

/**
 * Turns one self-contained ES module into the text of an async function
 * `(exports, importModule, importMeta) => …` that a compartment can evaluate. Lines keep their numbers.
 */
export function compilePlugin(source: string, plugin: string, file = 'server.js'): string {
  const comments: Comment[] = [];
  const program = parseModule(source, file, comments);
  const names = freeNames(source);
  const { text, tail, templates } = rewriteModule({ source, file, program: program as AnyNode, comments, names });
  const parameters = `${names.exports}, ${names.importModule}, ${names.importMeta}`;
  const body = `(async function (${parameters}) { "use strict"; ${templates}${text}\n;${tail}\n})`;
  if (looksRefused(body))
    throw new CompileError(
      file,
      lineOfRefused(text),
      1,
      'something here looks like import() or an HTML comment to the sandbox; write it differently',
    );
  return `${body}\n//# sourceURL=plugin:${plugin}/${file}`;
}

export interface FreeNames {
  exports: string;
  importModule: string;
  importMeta: string;
  templates: string;
  privateImport: string;
}

/** Names that the source does not contain anywhere. */
function freeNames(source: string): FreeNames {
  let prefix = '$sodium';
  for (let n = 1; source.includes(prefix); n++) prefix = `$sodium${n}_`;
  return {
    exports: `${prefix}Exports`,
    importModule: `${prefix}Import`,
    importMeta: `${prefix}Meta`,
    templates: `${prefix}Templates`,
    privateImport: `#${prefix}Private`,
  };
}

export function parseModule(source: string, file: string, comments: Comment[]): Program {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true, onComment: comments });
  } catch (error) {
    if (error instanceof SyntaxError && 'loc' in error) {
      const { line, column } = error.loc as { line: number; column: number };
      throw new CompileError(file, line, column + 1, error.message.replace(/ \(\d+:\d+\)$/, ''));
    }
    throw new CompileError(file, 1, 1, error instanceof RangeError ? 'the code nests too deeply' : String(error));
  }
}

export function compileErrorAt(source: string, file: string, at: number, problem: string): CompileError {
  const { line, column } = getLineInfo(source, at);
  return new CompileError(file, line, column + 1, problem);
}

function lineOfRefused(text: string): number {
  return text.split('\n').findIndex(looksRefused) + 1;
}
