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
  if (!loc) return [problemFrom(/^[^\s:]+[\\/][^\s:]+: /.test(text) ? text : `${entry}: ${text}`)];
  const place = { file: loc.file ?? id ?? entry, line: loc.line, column: loc.column + 1 };
  return [{ severity: 'error', ...place, message: text, fix: '' }];
}

function fromEsbuild({ text, location }: Message, folder: string, entry: string): Problem {
  const place = location
    ? { file: resolve(folder, location.file), line: location.line, column: location.column + 1 }
    : { file: entry };
  return { severity: 'error', ...place, message: text, fix: '' };
}

/** Without the name of the bundler's plugin, a frame of code, and the place that is told apart from it. */
const cleanMessage = (message: string): string =>
  message
    .replace(/^\[[\w:-]+\]\s*/, '')
    .replace(/\nfile: [^]*$/, '')
    .trim();
