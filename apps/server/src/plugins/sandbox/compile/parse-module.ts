import { getLineInfo, parse, type Comment, type Program } from 'acorn';
import { CompileError } from './compile-error.js';

/** Parses an ES module; what is wrong with it comes as a `CompileError`. */
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
