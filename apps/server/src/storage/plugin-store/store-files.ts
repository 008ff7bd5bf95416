import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makePrivateDirectory, syncDirectory } from '../durable-file.js';
import { COLLECTION_NAME } from './store-frames.js';

const JOURNAL = /^_journal\.(\d{8})$/;

export interface StoreFiles {
  snapshots: { collection: string; file: string; inode: number }[];
  /** Oldest first. */
  journals: { generation: number; file: string; inode: number; bytes: number }[];
}

export const journalName = (generation: number): string => `_journal.${String(generation).padStart(8, '0')}`;

/** Creates the folder, and removes what a crash left half done. */
export async function prepareStoreFolder(directory: string): Promise<StoreFiles> {
  await makePrivateDirectory(directory);
  await syncDirectory(path.dirname(directory));
  for (const entry of await readdir(directory)) {
    if (entry.endsWith('.json.tmp')) await rm(path.join(directory, entry), { force: true });
  }
  const files = await listStoreFiles(directory);
  for (const journal of files.journals) if (journal.bytes === 0) await rm(journal.file, { force: true });
  return { ...files, journals: files.journals.filter((journal) => journal.bytes > 0) };
}

export async function listStoreFiles(directory: string): Promise<StoreFiles> {
  const files: StoreFiles = { snapshots: [], journals: [] };
  for (const entry of (await readdir(directory)).sort()) {
    const file = path.join(directory, entry);
    const collection = entry.endsWith('.json') ? entry.slice(0, -'.json'.length) : '';
    const generation = JOURNAL.exec(entry)?.[1];
    if (!generation && !COLLECTION_NAME.test(collection)) continue;
    const { ino: inode, size: bytes } = await stat(file);
    if (generation) files.journals.push({ generation: Number(generation), file, inode, bytes });
    else files.snapshots.push({ collection, file, inode });
  }
  return files;
}
