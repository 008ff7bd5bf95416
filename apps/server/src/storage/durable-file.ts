import { copyFile, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Makes created, renamed and removed names of a folder survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
}

export async function readIfPresent(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export interface ReplaceOptions {
  /** Keeps what the file held until now under this name. */
  previous?: string;
}

/** Replaces a file so that at any instant, power cuts included, it holds all of the old bytes or all of the new ones. */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeSynced(temporary, content);
  if (options.previous) await keepPrevious(file, options.previous);
  await rename(temporary, file);
  await syncDirectory(path.dirname(file));
}

async function writeSynced(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A second name costs no copy; the file itself is never missing meanwhile. */
async function keepPrevious(file: string, previous: string): Promise<void> {
  await rm(previous, { force: true });
  try {
    await link(file, previous);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'EMLINK') throw error;
    await copyFile(file, previous);
  }
}
