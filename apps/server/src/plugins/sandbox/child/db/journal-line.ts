import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';

/**
 * `i` inserts, `p` puts in place, `d` deletes. Replay over a newer snapshot, which may hold any part of what follows,
 * ends at the same documents; that an insert is told from a put makes it end in the same order too.
 */
export type JournalOperation =
  [kind: 'i' | 'p', collection: string, document: { id: string }] | [kind: 'd', collection: string, id: string];

const NEWLINE = 10;
const SPACE = 32;
const CHECKSUM_CHARACTERS = 8;
const PREFIX = CHECKSUM_CHARACTERS + 1;

/** One line holds everything that one turn wrote, so that a crash keeps all of it or nothing. */
export function encodeLine(operations: readonly string[]): Buffer {
  const body = Buffer.from(`[${operations.join(',')}]`);
  const line = Buffer.allocUnsafeSlow(PREFIX + body.length + 1);
  line.write(`${checksum(body)} `, 0, PREFIX, 'latin1');
  body.copy(line, PREFIX);
  line[line.length - 1] = NEWLINE;
  return line;
}

/** Null when the line is not as it was written. `line` comes without its newline. */
export function decodeLine(line: Buffer): JournalOperation[] | null {
  if (line.length <= PREFIX || line[CHECKSUM_CHARACTERS] !== SPACE) return null;
  const body = line.subarray(PREFIX);
  if (line.toString('latin1', 0, CHECKSUM_CHARACTERS) !== checksum(body)) return null;
  try {
    return JSON.parse(body.toString('utf8')) as JournalOperation[];
  } catch {
    return null;
  }
}

function checksum(body: Buffer): string {
  return crc32(body).toString(16).padStart(CHECKSUM_CHARACTERS, '0');
}
