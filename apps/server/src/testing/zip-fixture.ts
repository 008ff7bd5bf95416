import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of an archive, with everything that a hostile one may lie about. */
export interface ZipEntry {
  name: string | Buffer;
  data?: string | Buffer;
  stored?: boolean;
  method?: number;
  flags?: number;
  /** Unix mode, as `0o120777` for a link. */
  mode?: number;
  /** What the directory states in place of the truth. */
  statedSize?: number;
  statedCrc?: number;
}

const UTF8 = 0x800;

/** Builds an archive byte by byte: libraries refuse to write what must be refused when it is read. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = encode(entry, offset);
    locals.push(local);
    directory.push(central);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

function encode(entry: ZipEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name as string);
  const data = Buffer.from((entry.data ?? '') as string);
  const packed = entry.stored ? data : deflateRawSync(data);
  const method = entry.method ?? (entry.stored ? 0 : 8);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(UTF8 | (entry.flags ?? 0), 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(entry.statedCrc ?? crc32(data), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(entry.statedSize ?? data.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([signature(0x04034b50), common, name, packed]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  // Made on Unix, version 3.0.
  const central = Buffer.concat([signature(0x02014b50), Buffer.from([30, 3]), common, tail, name]);
  return { local, central };
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

/** The files of a sound plugin. */
export function pluginFiles(id: string, manifest: object = {}, files: Record<string, string> = {}): ZipEntry[] {
  const text = JSON.stringify({ id, name: id, version: '1.0.0', type: 'feature', sodium: '>=1.0.0', ...manifest });
  const all = { 'plugin.json': text, 'server.js': 'export default () => {}', ...files };
  return Object.entries(all).map(([name, data]) => ({ name, data }));
}

export const pluginZip = (id: string, manifest?: object, files?: Record<string, string>): Buffer =>
  zipOf(pluginFiles(id, manifest, files));
