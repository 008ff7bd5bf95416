import { copyFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { StoreProblem } from './core-store-types.js';
import { readIfPresent, replaceFile, syncDirectory } from './durable-file.js';

/** What was found in place of one file. */
export type Generation =
  | { kind: 'missing' }
  | { kind: 'good'; value: unknown }
  /** Nothing readable: leave the file alone. */
  | { kind: 'unavailable'; reason: string };

export const previousOf = (file: string): string => `${file}.bak`;

/** Reads a file written with `replaceFile`, falling back to its previous generation when it is torn. */
export async function readGenerations(
  file: string,
  accepts: (value: unknown) => boolean,
  onProblem: (problem: StoreProblem) => void,
): Promise<Generation> {
  const current = await readJson(file, accepts);
  if (current.kind === 'good') return current;
  const previous = await readJson(previousOf(file), accepts);
  if (previous.kind === 'good') return restore(file, current, previous, onProblem);
  if (current.kind === 'missing' && previous.kind === 'missing') return current;
  const reason = current.kind === 'missing' ? 'the file is gone' : current.reason;
  const behind = previous.kind === 'missing' ? 'there is no' : 'so is the';
  const message = `${reason}, and ${behind} previous generation "${path.basename(previousOf(file))}".`;
  onProblem({ file, message, fix: `Restore "${file}" from a backup, or mend it by hand, then restart the panel.` });
  return { kind: 'unavailable', reason: message };
}

async function readJson(file: string, accepts: (value: unknown) => boolean): Promise<Generation> {
  try {
    const bytes = await readIfPresent(file);
    if (bytes === null) return { kind: 'missing' };
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return accepts(value)
      ? { kind: 'good', value }
      : { kind: 'unavailable', reason: 'its JSON has another shape than expected' };
  } catch (error) {
    return {
      kind: 'unavailable',
      reason: error instanceof SyntaxError ? `its JSON is broken (${error.message})` : String(error),
    };
  }
}

async function restore(
  file: string,
  current: Exclude<Generation, { kind: 'good' }>,
  previous: Extract<Generation, { kind: 'good' }>,
  onProblem: (problem: StoreProblem) => void,
): Promise<Generation> {
  const torn = `${file}.torn-${new Date().toISOString().replaceAll(':', '-')}`;
  const wasTorn = current.kind === 'unavailable';
  if (wasTorn) await keepTorn(file, torn);
  await replaceFile(file, await readPrevious(file));
  onProblem({
    file,
    message: wasTorn
      ? `${current.reason}. The previous generation was restored; the last changes before the damage may be missing.`
      : 'The file was gone. Its previous generation was restored.',
    fix: wasTorn
      ? `The damaged file is kept as "${path.basename(torn)}". Compare it, then delete it.`
      : `To start this collection empty, delete "${path.basename(previousOf(file))}" as well.`,
  });
  return previous;
}

async function keepTorn(file: string, torn: string): Promise<void> {
  await rename(file, torn).catch(() => copyFile(file, torn));
  await syncDirectory(path.dirname(file));
}

async function readPrevious(file: string): Promise<Buffer> {
  const bytes = await readIfPresent(previousOf(file));
  if (bytes === null) throw new Error(`"${previousOf(file)}" vanished while it was being restored.`);
  return bytes;
}
