import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { unpackZip, UnpackError } from '@sodium/server/package-checks';
import { buildPlugin } from '../build/index.js';
import { readPluginSource } from '../build/plugin-source.js';
import { BuildError, problemFrom, type Problem } from '../problems/problem.js';
import { relativeProblems } from '../problems/relative-problems.js';
import { checkPackage } from './check-package.js';

export interface Verdict {
  readonly ok: boolean;
  readonly id: string | null;
  readonly version: string | null;
  readonly hash: string | null;
  readonly problems: Problem[];
}

/** Checks a plugin's folder, a built package, or a zip file. Sources are built into a place of their own first. */
export async function checkFolder(path: string): Promise<Verdict> {
  const found = await stat(path).catch(() => null);
  const scratch = await mkdtemp(join(tmpdir(), 'sodium-check-'));
  try {
    if (found?.isFile()) return await checkZip(path, join(scratch, 'package'));
    return await checkSources(resolve(path), join(scratch, 'package'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function checkZip(file: string, folder: string): Promise<Verdict> {
  try {
    await unpackZip(file, folder);
  } catch (error) {
    if (!(error instanceof UnpackError)) throw error;
    return refused(error.faults.map(({ message, fix }) => problemFrom(`${basename(file)}: ${message}`, fix)));
  }
  const { manifest, hash, problems } = await checkPackage(folder);
  return { ok: hash !== null, id: manifest?.id ?? null, version: manifest?.version ?? null, hash, problems };
}

async function checkSources(folder: string, scratch: string): Promise<Verdict> {
  try {
    const { id, version, hash, warnings } = await buildPlugin(folder, scratch);
    return { ok: true, id, version, hash, problems: relativeProblems(warnings, folder) };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    return { ...refused(relativeProblems(error.problems, folder)), ...nameOf(folder) };
  }
}

function refused(problems: Problem[]): Verdict {
  return { ok: false, id: null, version: null, hash: null, problems };
}

function nameOf(folder: string): { id: string; version: string } | null {
  try {
    const { id, version } = readPluginSource(folder).manifest;
    return { id, version };
  } catch {
    return null;
  }
}
