import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { encodeJson, type LoadedFile, type StoreChannel, StoreFrame } from './store-frames.js';
import { listStoreFiles, type StoreFiles } from './store-files.js';

const CHUNK_BYTES = 256 * 1024;
const ATTEMPTS = 10;

export interface OpenedFile {
  description: LoadedFile;
  handle: FileHandle;
}

/** Snapshots first, then the journals in their order: the order in which the child applies them. */
export async function openStoreFiles(directory: string, files: StoreFiles): Promise<OpenedFile[]> {
  const label = (file: string): string => `${path.basename(directory)}/${path.basename(file)}`;
  const wanted: { file: string; description: LoadedFile }[] = [
    ...files.snapshots.map(({ file, collection }) => {
      return { file, description: { label: label(file), kind: 'snapshot' as const, collection } };
    }),
    ...files.journals.map(({ file }) => ({ file, description: { label: label(file), kind: 'journal' as const } })),
  ];
  const opened: OpenedFile[] = [];
  try {
    for (const { file, description } of wanted) opened.push({ description, handle: await open(file, 'r') });
    return opened;
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

/**
 * The files of a store that another process may be writing and compacting: opens them, then looks whether the folder
 * still lists the same ones. Files are only ever replaced, so what is open stays as it was.
 */
export async function openLiveStoreFiles(directory: string): Promise<OpenedFile[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await listIfPresent(directory);
    const opened = before && (await openStoreFiles(directory, before).catch(nullIfMissing));
    if (!opened) continue;
    const after = await listIfPresent(directory);
    if (after && identity(after) === identity(before)) return opened;
    await closeAll(opened);
  }
  throw new Error(`"${directory}" changed each time it was read. Try again when the plugin writes less.`);
}

export async function sendFile(channel: StoreChannel, { description, handle }: OpenedFile): Promise<void> {
  channel.send(StoreFrame.loadFile, 0, encodeJson(description));
  // A journal that is being written grows while it is read: what came later belongs to nobody yet.
  const { size } = await handle.stat();
  for (let position = 0; position < size && !channel.closed;) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size - position));
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    if (!channel.send(StoreFrame.loadChunk, 0, chunk.subarray(0, bytesRead))) await channel.drained();
  }
}

export async function closeAll(opened: readonly OpenedFile[]): Promise<void> {
  for (const { handle } of opened) await handle.close();
}

function identity(files: StoreFiles): string {
  return JSON.stringify([files.snapshots, files.journals.map(({ generation, inode }) => [generation, inode])]);
}

function listIfPresent(directory: string): Promise<StoreFiles | null> {
  return listStoreFiles(directory).catch(nullIfMissing);
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
