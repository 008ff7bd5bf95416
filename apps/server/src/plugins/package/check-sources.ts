import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'acorn';
import type { FolderFault } from './read-folder.js';

/** Parses a plugin's JavaScript without running it, so that a typo is named before anyone activates the plugin. */
export async function checkSource(folder: string, file: 'server.js' | 'client.js'): Promise<FolderFault | null> {
  const source = await readFile(path.join(folder, file), 'utf8');
  try {
    parse(source, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
    return null;
  } catch (error) {
    const { message, loc } = error as SyntaxError & { loc?: { line: number; column: number } };
    const where = loc ? `${file}:${loc.line}:${loc.column + 1}` : file;
    return { path: where, message: `${where}: ${message.replace(/ \(\d+:\d+\)$/, '')}.`, fix: `Correct the syntax of ${file} there.` };
  }
}
