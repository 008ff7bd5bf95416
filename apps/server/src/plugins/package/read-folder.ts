import { createHash } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** One file of a package: its path with forward slashes, its size and the sha256 of its content. */
export interface PackageFile {
  path: string;
  size: number;
  sha256: string;
}

export interface FolderListing {
  entries: { path: string; absolute: string; size: number; mtimeMs: number; inode: number }[];
  /** Changes whenever a file was added, removed or touched; cheap, unlike the hash. */
  signature: string;
  faults: FolderFault[];
}

export interface FolderFault {
  path: string;
  message: string;
  fix: string;
}

export const MAX_FILES = 2000;
export const MAX_UNPACKED_BYTES = 100 * 1024 * 1024;
const SMALL_BYTES = 64 * 1024;
/** After so much, others have their turn. */
const UNBROKEN_BYTES = 2 * 1024 * 1024;
const IGNORED = new Set(['node_modules']);

/** Lists a plugin's folder without following links. Faults are collected, never thrown. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const listing: FolderListing = { entries: [], signature: '', faults: [] };
  await walk(folder, '', listing);
  listing.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  findClashes(listing);
  const total = listing.entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > MAX_UNPACKED_BYTES) {
    listing.faults.push({
      path: '',
      message: `The folder holds ${total} bytes, more than ${MAX_UNPACKED_BYTES}.`,
      fix: 'Remove what the plugin does not need.',
    });
  }
  const stamp = listing.entries.map((entry) => `${entry.path}\0${entry.size}\0${entry.mtimeMs}\0${entry.inode}`);
  listing.signature = createHash('sha256')
    .update(stamp.join('\n'))
    .update(JSON.stringify(listing.faults))
    .digest('hex');
  return listing;
}

async function walk(folder: string, prefix: string, listing: FolderListing): Promise<void> {
  for (const entry of await readdir(path.join(folder, prefix), { withFileTypes: true })) {
    if (listing.entries.length >= MAX_FILES) return tooMany(listing);
    if (entry.name.startsWith('.') || IGNORED.has(entry.name)) continue;
    const relative = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) await walk(folder, relative, listing);
    else if (entry.isFile()) addFile(folder, relative, listing);
    else
      listing.faults.push({
        path: relative,
        message: `"${relative}" is not a plain file.`,
        fix: 'Replace links and special files by the files themselves.',
      });
  }
}

/** Without waiting: the call takes microseconds, the way to another thread and back ten times as long. */
function addFile(folder: string, relative: string, listing: FolderListing): void {
  const absolute = path.join(folder, relative);
  const stats = lstatSync(absolute);
  listing.entries.push({ path: relative, absolute, size: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino });
}

function tooMany(listing: FolderListing): void {
  if (listing.faults.some((fault) => fault.path === '')) return;
  listing.faults.push({
    path: '',
    message: `The folder holds more than ${MAX_FILES} files.`,
    fix: 'Bundle the plugin and remove what it does not need.',
  });
}

function findClashes(listing: FolderListing): void {
  const seen = new Map<string, string>();
  for (const { path: file } of listing.entries) {
    const other = seen.get(file.toLowerCase());
    if (other)
      listing.faults.push({
        path: file,
        message: `"${file}" and "${other}" differ only in case.`,
        fix: 'Rename one of them.',
      });
    seen.set(file.toLowerCase(), file);
  }
}

/** Reads every file once and derives the hash by which the package is known. */
export async function hashFolder(listing: FolderListing): Promise<{ hash: string; files: PackageFile[] }> {
  const files: PackageFile[] = [];
  let unbroken = 0;
  for (const entry of listing.entries) {
    files.push({ path: entry.path, ...(await hashFile(entry)) });
    unbroken += entry.size;
    if (unbroken < UNBROKEN_BYTES) continue;
    unbroken = 0;
    await setImmediate();
  }
  return { hash: packageHash(files), files };
}

/** Small files, as most are, at once; the others in pieces, so that a large file keeps nobody waiting. */
async function hashFile({
  absolute: file,
  size: expected,
}: FolderListing['entries'][number]): Promise<Pick<PackageFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  if (expected <= SMALL_BYTES) {
    const content = readSmall(file);
    return { size: content.length, sha256: hash.update(content).digest('hex') };
  }
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** Whatever took the place of the file since it was listed, this does not wait for it. */
function readSmall(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    if (fstatSync(descriptor).size > MAX_UNPACKED_BYTES) throw new Error(`"${file}" grew while it was read.`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The name of a package's content: 32 hex digits over all paths and contents. */
export function packageHash(files: readonly PackageFile[]): string {
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => `${file.sha256} ${file.path}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 32);
}
