import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';

const MAX_TEXT_BYTES = 256 * 1024;
const MAX_IMAGE_BYTES = 10 * 1024 * 1024;

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.svg': 'image/svg+xml',
};

export type DocumentName = 'readme' | 'changelog';
export interface PackageDocument {
  file: string;
  text: string;
  /** Only the beginning is given. */
  truncated: boolean;
}

/** The readme or the changelog at the top of a package, whatever case its name is in; null when there is none. */
export async function readDocument(folder: string, name: DocumentName): Promise<PackageDocument | null> {
  const file = await documentFile(folder, name);
  const content = file === null ? null : await readInside(folder, file, MAX_TEXT_BYTES);
  if (file === null || !content) return null;
  return { file, text: content.bytes.toString('utf8'), truncated: content.truncated };
}

export async function documentFile(folder: string, name: DocumentName): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  return names.find((entry) => entry.toLowerCase() === `${name}.md`) ?? null;
}

/** A picture of a package with its type; null for everything else, and for what is not there. */
export async function readImage(folder: string, file: string): Promise<{ type: string; bytes: Buffer } | null> {
  const type = IMAGE_TYPES[path.extname(file).toLowerCase()];
  if (type === undefined) return null;
  const content = await readInside(folder, file, MAX_IMAGE_BYTES);
  return content && !content.truncated ? { type, bytes: content.bytes } : null;
}

/** Reads a plain file of a folder that anybody may have filled: no way leads out of it, and no link is followed. */
async function readInside(
  folder: string,
  file: string,
  most: number,
): Promise<{ bytes: Buffer; truncated: boolean } | null> {
  if (!isInside(file)) return null;
  try {
    const root = await realpath(folder);
    const target = path.join(root, file);
    if ((await realpath(target)) !== target) return null;
    const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return null;
      const bytes = Buffer.alloc(Math.min(stats.size, most));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return { bytes: bytes.subarray(0, bytesRead), truncated: stats.size > most };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

function isInside(file: string): boolean {
  return !/[\\\0]/.test(file) && file.split('/').every((part) => part !== '' && !part.startsWith('.'));
}
