import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface FileSize {
  readonly file: string;
  readonly bytes: number;
  /** As a browser fetches it. */
  readonly gzip: number;
}

/** Every file of a folder, sorted by name. */
export function listSizes(folder: string): FileSize[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => {
      const content = readFileSync(join(folder, name));
      return { file: name.replaceAll('\\', '/'), bytes: content.length, gzip: gzipSync(content).length };
    });
}
