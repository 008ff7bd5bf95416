import { copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { StoreProblem } from './core-store-types.js';
import { readIfPresent, replaceFile, syncDirectory } from './durable-file.js';
import { jsonFault } from './json-fault.js';

/** What was found in place of one file. */
export type Generation =
  | { kind: 'missing' }
  | { kind: 'good'; value: unknown }
  /** Nothing readable: leave the file alone. */
  | { kind: 'unavailable'; reason: string };

export const backupOf = (file: string): string => `${file}.bak`;

/** Reads a file written with `replaceFile`, falling back to its backup when it is torn. */
export async function readGenerations(
  file: string,
  accepts: (value: unknown) => boolean,
  onProblem: (problem: StoreProblem) => void,
): Promise<Generation> {
  const current = await readJson(file, accepts);
  if (current.kind === 'good') return current;
  const backup = await readJson(backupOf(file), accepts);
  if (current.kind === 'missing' && backup.kind === 'missing') return current;
  if (backup.kind === 'good' && current.kind !== 'unreadable') {
    try {
      await restore(file, current, onProblem);
      return backup;
    } catch (error) {
      return refuse(file, `it is damaged, and restoring it failed: ${(error as Error).message}`, onProblem);
    }
  }
  const reason = current.kind === 'missing' ? 'the file is gone' : current.reason;
  const behind = backup.kind === 'good' ? '' : ', and there is no readable backup';
  return refuse(file, `${reason}${behind}.`, onProblem);
}

function refuse(file: string, reason: string, onProblem: (problem: StoreProblem) => void): Generation {
  onProblem({
    file,
    message: reason,
    fix: `Make "${file}" readable, or restore it from a backup, then restart the panel.`,
  });
  return { kind: 'unavailable', reason };
}

type Reading =
  | Exclude<Generation, { kind: 'unavailable' }>
  | { kind: 'torn'; reason: string }
  | { kind: 'unreadable'; reason: string };

async function readJson(file: string, accepts: (value: unknown) => boolean): Promise<Reading> {
  let bytes: Buffer | null;
  try {
    bytes = await readIfPresent(file);
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
  if (bytes === null) return { kind: 'missing' };
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return accepts(value)
      ? { kind: 'good', value }
      : { kind: 'torn', reason: 'its JSON has another shape than expected' };
  } catch (error) {
    return { kind: 'torn', reason: jsonFault(error) };
  }
}

async function restore(
  file: string,
  current: { kind: 'missing' } | { kind: 'torn'; reason: string },
  onProblem: (problem: StoreProblem) => void,
): Promise<void> {
  const torn = `${file}.torn-${new Date().toISOString().replaceAll(':', '-')}`;
  if (current.kind === 'torn') await keepTorn(file, torn);
  await replaceFile(file, await readBackup(file));
  onProblem({
    file,
    message:
      current.kind === 'torn'
        ? `Broken: ${current.reason}. It was restored from its backup, which holds all but perhaps the very last change.`
        : 'The file was gone. It was restored from its backup.',
    fix:
      current.kind === 'torn'
        ? `The damaged file is kept as "${path.basename(torn)}". Compare it, then delete it.`
        : `To start this collection empty, delete "${path.basename(backupOf(file))}" as well.`,
  });
}

async function keepTorn(file: string, torn: string): Promise<void> {
  await rename(file, torn).catch(() => copyFile(file, torn));
  await syncDirectory(path.dirname(file));
}

async function readBackup(file: string): Promise<Buffer> {
  const bytes = await readIfPresent(backupOf(file));
  if (bytes === null) throw new Error(`"${backupOf(file)}" vanished while it was being restored.`);
  return bytes;
}
