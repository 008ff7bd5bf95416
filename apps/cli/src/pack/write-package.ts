import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** The first day that a zip file can name. Zip keeps local time, so this is the same text in every timezone. */
const ALWAYS = new Date(1980, 0, 1);
const UNIX = 3;
const PLAIN_FILE = 0o100644;

/** Packs a folder so that the same content gives the same bytes, wherever, whenever and by whomever it is packed. */
export function packFolder(folder: string, { level = 9 }: { level?: 0 | 9 } = {}): Uint8Array {
  const entries: Zippable = {};
  for (const path of listFiles(folder)) {
    entries[path] = [readFileSync(join(folder, path)), { level, mtime: ALWAYS, os: UNIX, attrs: PLAIN_FILE << 16 }];
  }
  return zipSync(entries);
}

/** Sorted by code units, which no locale changes. */
export function listFiles(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort((a, b) => (a < b ? -1 : 1));
}
