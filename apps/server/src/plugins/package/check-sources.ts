import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkImports } from '../sandbox/compile/check-imports.js';
import { type CompileError } from '../sandbox/compile/compile-error.js';
import { parseModule } from '../sandbox/compile/parse-module.js';
import { INLINE_CHARACTERS, runCompiler } from '../sandbox/compile/run-compiler.js';
import type { FolderFault } from './read-folder.js';

export type SourceFile = 'server.js' | 'client.js';
/** Says what is wrong with one of a package's sources, or null. */
export type SourceCheck = (folder: string, file: SourceFile) => Promise<FolderFault | null>;

const DEADLINE_MS = 10_000;
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Parses a plugin's JavaScript without running it, so that a typo is named before anyone activates the plugin. Large
 * sources are parsed in a process of their own: whatever lies in a folder, the panel goes on answering.
 */
export function sourceChecker(sandboxFolder: string): SourceCheck {
  return async (folder, file) => {
    const { size } = await stat(path.join(folder, file));
    if (size > MAX_BYTES)
      return {
        path: file,
        message: `${file} has ${size} bytes; at most ${MAX_BYTES} are allowed.`,
        fix: `Leave out of ${file} what the plugin does not need, or load it from assets/.`,
      };
    const source = await readFile(path.join(folder, file), 'utf8');
    return source.length <= INLINE_CHARACTERS ? parseHere(source, file) : parseApart(sandboxFolder, source, file);
  };
}

/** For sources that the panel itself brings. */
export const checkTrusted: SourceCheck = async (folder, file) =>
  parseHere(await readFile(path.join(folder, file), 'utf8'), file);

function parseHere(source: string, file: SourceFile): FolderFault | null {
  try {
    checkImports(parseModule(source, file, []), source, file);
    return null;
  } catch (error) {
    return fault(file, error as CompileError);
  }
}

async function parseApart(sandboxFolder: string, source: string, file: SourceFile): Promise<FolderFault | null> {
  const answer = await runCompiler(sandboxFolder, ['check', file], source, DEADLINE_MS);
  if (answer.kind === 'good') return null;
  if (answer.kind === 'bad') return fault(file, answer);
  return {
    path: file,
    message: `${file} could not be read: it takes too long or too much memory.`,
    fix: `Make ${file} smaller, or write it in a simpler way.`,
  };
}

function fault(
  file: SourceFile,
  { message, line, column }: { message: string; line: number; column: number },
): FolderFault {
  const where = `${file}:${line}:${column}`;
  const what = message.startsWith(where) ? message.slice(where.length).replace(/^:?\s*/, '') : message;
  return {
    path: where,
    message: `${where}: ${what.replace(/\.?$/, '.')}`,
    fix:
      what.includes('cannot import') || what.includes('copy of Lit')
        ? `Build the plugin with "sodium build", or leave the import out.`
        : `Correct the syntax of ${file} there.`,
  };
}
