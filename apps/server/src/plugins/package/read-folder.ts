import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

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
const IGNORED = new Set(['node_modules']);

/** Lists a plugin's folder without following links. Faults are collected, never thrown. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const listing: FolderListing = { entries: [], signature: '', faults: [] };
  await walk(folder, '', listing);
  listing.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  findClashes(listing);
  const total = listing.entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > MAX_UNPACKED_BYTES) {
    listing.faults.push({ path: '', message: `The folder holds ${total} bytes, more than ${MAX_UNPACKED_BYTES}.`, fix: 'Remove what the plugin does not need.' });
  }
  const stamp = listing.entries.map((entry) => `${entry.path}\0${entry.size}\0${entry.mtimeMs}\0${entry.inode}`);
  listing.signature = createHash('sha256').update(stamp.join('\n')).update(JSON.stringify(listing.faults)).digest('hex');
  return listing;
}

async function walk(folder: string, prefix: string, listing: FolderListing): Promise<void> {
  for (const entry of await readdir(path.join(folder, prefix), { withFileTypes: true })) {
    if (listing.entries.length >= MAX_FILES) return tooMany(listing);
    if (entry.name.startsWith('.') || IGNORED.has(entry.name)) continue;
    const relative = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isDirectory()) await walk(folder, relative, listing);
    else if (entry.isFile()) await addFile(folder, relative, listing);
    else listing.faults.push({ path: relative, message: `"${relative}" is not a plain file.`, fix: 'Replace links and special files by the files themselves.' });
  }
}

async function addFile(folder: string, relative: string, listing: FolderListing): Promise<void> {
  const absolute = path.join(folder, relative);
  const stats = await lstat(absolute);
  listing.entries.push({ path: relative, absolute, size: stats.size, mtimeMs: stats.mtimeMs, inode: stats.ino });
}

function tooMany(listing: FolderListing): void {
  if (listing.faults.some((fault) => fault.path === '')) return;
  listing.faults.push({ path: '', message: `The folder holds more than ${MAX_FILES} files.`, fix: 'Bundle the plugin and remove what it does not need.' });
}

function findClashes(listing: FolderListing): void {
  const seen = new Map<string, string>();
  for (const { path: file } of listing.entries) {
    const other = seen.get(file.toLowerCase());
    if (other) listing.faults.push({ path: file, message: `"${file}" and "${other}" differ only in case.`, fix: 'Rename one of them.' });
    seen.set(file.toLowerCase(), file);
  }
}

/** Reads every file once and derives the hash by which the package is known. */
export async function hashFolder(listing: FolderListing): Promise<{ hash: string; files: PackageFile[] }> {
  const files: PackageFile[] = [];
  for (const entry of listing.entries) {
    files.push({ path: entry.path, ...(await hashFile(entry.absolute)) });
  }
  return { hash: packageHash(files), files };
}

/** In pieces, so that a large file keeps nobody waiting. */
async function hashFile(file: string): Promise<Pick<PackageFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** The name of a package's content: 32 hex digits over all paths and contents. */
export function packageHash(files: readonly PackageFile[]): string {
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => `${file.sha256} ${file.path}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 32);
}
