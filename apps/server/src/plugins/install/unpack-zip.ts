import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { MAX_FILES, MAX_UNPACKED_BYTES, type FolderFault } from '../package/read-folder.js';
import { clashFaults, isIgnored, pathFault } from './entry-paths.js';

export interface UnpackLimits {
  files: number;
  bytes: number;
  /** A file may unpack to so many times its packed size. Small ones may to more: text of one letter is no bomb. */
  ratio: number;
}

const DEFAULT_LIMITS: UnpackLimits = { files: MAX_FILES, bytes: MAX_UNPACKED_BYTES, ratio: 200 };
const SMALL_BYTES = 256 * 1024;
/** Folders and what is left out count as well. */
const ENTRIES_PER_FILE = 2;
const FILE_TYPE = 0o170000;
const PLAIN_TYPES = new Set([0, 0o100000, 0o040000]);
const STORED = 0;
const DEFLATED = 8;

/** Why an archive was not unpacked: everything that is wrong with it, as far as it could be read. */
export class UnpackError extends Error {
  constructor(readonly faults: FolderFault[]) {
    super(faults.map((fault) => fault.message).join(' '));
  }
}

interface PlannedFile {
  entry: Entry;
  name: string;
}

/**
 * Unpacks a package into a folder that does not exist yet. The names and sizes that the archive states are checked
 * first, so that every fault is found; what really comes out of it is counted while it is written. Throws an
 * `UnpackError`, and may leave a part of the folder behind then: it is the caller's.
 */
export async function unpackZip(file: string, folder: string, limits: UnpackLimits = DEFAULT_LIMITS): Promise<void> {
  const zip = await openZip(file);
  try {
    const files = await plan(zip, limits);
    const budget = { left: limits.bytes };
    const top = commonFolder(files.map(({ name }) => name));
    for (const { entry, name } of files)
      await writeEntry(zip, entry, path.join(folder, name.slice(top.length)), { name, budget, limits });
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw unreadable(error);
  }
}

const unreadable = (error: unknown): UnpackError =>
  new UnpackError([
    {
      path: '',
      message: `The package is not a zip archive that can be read: ${(error as Error).message}.`,
      fix: 'Pack the plugin’s folder as a plain zip file.',
    },
  ]);

async function plan(zip: ZipFile, limits: UnpackLimits): Promise<PlannedFile[]> {
  const files: PlannedFile[] = [];
  const faults: FolderFault[] = [];
  let entries = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (++entries > limits.files * ENTRIES_PER_FILE || files.length > limits.files)
        throw new UnpackError([tooMany(limits)]);
      const name = nameOf(entry);
      const fault = pathFault(name) ?? entryFault(entry, name);
      if (fault) faults.push(fault);
      else if (!name.endsWith('/') && !isIgnored(name)) files.push({ entry, name });
    }
  } catch (error) {
    if (error instanceof UnpackError) throw error;
    throw faults.length > 0 ? new UnpackError(faults) : unreadable(error);
  }
  faults.push(...clashFaults(files.map(({ name }) => name)), ...sizeFaults(files, limits));
  if (faults.length > 0) throw new UnpackError(faults.slice(0, 100));
  if (files.length === 0)
    throw new UnpackError([
      { path: '', message: 'The package is empty.', fix: 'Pack the files of the plugin’s folder.' },
    ]);
  return files;
}

const nameOf = (entry: Entry): string =>
  yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);

function entryFault(entry: Entry, name: string): FolderFault | null {
  const fault = (message: string, fix: string): FolderFault => ({ path: name, message: `"${name}" ${message}.`, fix });
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (!PLAIN_TYPES.has(type))
    return fault('is a link or a special file', 'Replace links and special files by the files themselves.');
  if (entry.isEncrypted()) return fault('is encrypted', 'Pack the plugin without a password.');
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    return fault(
      `is packed with method ${entry.compressionMethod}; 0 (stored) and 8 (deflate) are known`,
      'Pack the plugin as a plain zip file.',
    );
  if (name.endsWith('/') && entry.uncompressedSize > 0)
    return fault('is a folder with content', 'Pack the plugin’s folder again.');
  return null;
}

function sizeFaults(files: readonly PlannedFile[], limits: UnpackLimits): FolderFault[] {
  const faults: FolderFault[] = [];
  if (files.length > limits.files) faults.push(tooMany(limits));
  for (const { entry, name } of files)
    if (isBomb(entry.uncompressedSize, entry.compressedSize, limits)) faults.push(bomb(name, limits));
  const total = files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
  if (total > limits.bytes) faults.push(tooLarge(limits));
  return faults;
}

const isBomb = (unpacked: number, packed: number, { ratio }: UnpackLimits): boolean =>
  unpacked > SMALL_BYTES && unpacked > packed * ratio;

const bomb = (path: string, { ratio }: UnpackLimits): FolderFault => ({
  path,
  message: `"${path}" unpacks to more than ${ratio} times its packed size.`,
  fix: 'Leave out files that hold the same bytes again and again.',
});
const tooLarge = ({ bytes }: UnpackLimits): FolderFault => ({
  path: '',
  message: `The package unpacks to more than ${bytes} bytes.`,
  fix: 'Leave out what the plugin does not need.',
});
const tooMany = ({ files }: UnpackLimits): FolderFault => ({
  path: '',
  message: `The package holds more than ${files} files.`,
  fix: 'Bundle the plugin and leave out what it does not need.',
});

/** `<id>/` where everything lies in one folder; packers add it, the plugin's own paths begin behind it. */
function commonFolder(names: readonly string[]): string {
  const first = names[0]!.slice(0, names[0]!.indexOf('/') + 1);
  const nested = first !== '' && names.every((name) => name.startsWith(first)) && names.includes(`${first}plugin.json`);
  return nested ? first : '';
}

interface WriteContext {
  name: string;
  budget: { left: number };
  limits: UnpackLimits;
}

async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  target: string,
  { name, budget, limits }: WriteContext,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const handle = await open(target, 'wx', 0o600);
  let size = 0;
  let sum = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      budget.left -= chunk.length;
      sum = crc32(chunk, sum);
      if (budget.left < 0) done(new UnpackError([tooLarge(limits)]));
      else if (isBomb(size, entry.compressedSize, limits)) done(new UnpackError([bomb(name, limits)]));
      else done(null, chunk);
    },
  });
  try {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => void handle.writeFile(chunk).then(() => done(), done),
    });
    await pipeline(await zip.openReadStreamPromise(entry), count, output);
    if (sum !== entry.crc32) throw new Error('its checksum does not fit');
    await handle.sync();
  } catch (error) {
    throw isDiskError(error) || error instanceof UnpackError
      ? error
      : new UnpackError([
          {
            path: name,
            message: `"${name}" cannot be unpacked: ${(error as Error).message}.`,
            fix: 'The archive is damaged: pack the plugin again.',
          },
        ]);
  } finally {
    await handle.close();
  }
}

/** The panel's own trouble, not the package's. */
const isDiskError = (error: unknown): boolean => typeof (error as NodeJS.ErrnoException).syscall === 'string';
