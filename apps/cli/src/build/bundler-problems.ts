import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Message } from 'esbuild';
import { BuildError, problemFrom, type Problem } from '../problems/problem.js';

interface BundlerError extends Error {
  /** esbuild's. */
  errors?: Message[];
  /** Rollup's. */
  loc?: { file?: string; line: number; column: number };
  id?: string;
}

/** What a bundler found, with its places. What it says without one concerns the entry. */
export function bundlerProblems(error: unknown, folder: string, entry: string): Problem[] {
  const { errors, loc, id, message } = error as BundlerError;
  const cause = (error as Error).cause;
  if (error instanceof BuildError) return [...error.problems];
  if (cause instanceof BuildError) return [...cause.problems];
  if (errors?.length) return errors.map((found) => fromEsbuild(found, folder, entry));
  const text = cleanMessage(message);
  const unresolved = unresolvedImport(text, folder);
  if (unresolved) return [unresolved];
  if (!loc) return [problemFrom(/^[^\s:]+[\\/][^\s:]+: /.test(text) ? text : `${entry}: ${text}`)];
  const place = { file: loc.file ?? id ?? entry, line: loc.line, column: loc.column + 1 };
  return [{ severity: 'error', ...place, message: text, fix: '' }];
}

function fromEsbuild({ text, location }: Message, folder: string, entry: string): Problem {
  const place = location
    ? { file: resolve(folder, location.file), line: location.line, column: location.column + 1 }
    : { file: entry };
  const missing = /^Could not resolve "([^"]+)"$/.exec(text)?.[1];
  return { severity: 'error', ...place, ...(missing ? notThere(missing) : { message: text, fix: '' }) };
}

/** Rollup and Vite name the file and what it wants, but not where in it. */
function unresolvedImport(text: string, folder: string): Problem | null {
  const [, wanted, by] = /(?:Could not|failed to) resolve (?:import )?"([^"]+)" from "([^"]+)"/.exec(text) ?? [];
  if (!wanted || !by) return null;
  const file = resolve(folder, by);
  return { severity: 'error', file, ...placeOfImport(file, wanted), ...notThere(wanted) };
}

function placeOfImport(file: string, wanted: string): Pick<Problem, 'line' | 'column'> {
  const code = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = ['"', "'", '`'].map((quote) => code.indexOf(quote + wanted + quote)).find((index) => index >= 0);
  if (at === undefined) return {};
  const before = code.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

function notThere(wanted: string): Pick<Problem, 'message' | 'fix'> {
  if (/^[./]/.test(wanted))
    return { message: `There is no file "${wanted}".`, fix: 'Correct the path, or add the file.' };
  const name = wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/');
  return {
    message: `The package "${name}" is not installed${wanted === name ? '' : `, or has no "${wanted}"`}.`,
    fix: `Correct the name, or run "npm install ${name}" in the plugin’s folder.`,
  };
}

/** Without the name of the bundler's plugin, a frame of code, and the place that is told apart from it. */
const cleanMessage = (message: string): string =>
  message
    .replace(/^\[[\w:-]+\]\s*/, '')
    .replace(/\nfile: [^]*$/, '')
    .trim();
