import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/** Replaces a file so that at any instant, power cuts included, it holds all of the old bytes or all of the new ones. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  await writeSynced(temporary, content);
  await rename(temporary, file);
  await syncDirectory(path.dirname(file));
}

/**
 * Keeps the same bytes a second time, for the day the file is damaged by something else than the panel. Not synced:
 * the file itself is what counts, and a backup that fails must not fail the write.
 */
export async function keepBackup(backup: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${backup}.tmp`;
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, backup);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
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
