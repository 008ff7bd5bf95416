import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MAX_BYTES = 64 * 1024 * 1024;
const NAME = /^[0-9a-f]{64}\.js$/;

/**
 * Compiled sources on disk, so that a start of the panel compiles nothing again. Each file begins with the checksum of
 * the rest: one that was torn or changed is as good as none. Nothing here is needed; what goes wrong is only slower.
 */
export class CompiledFiles {
  #writing: Promise<void> = Promise.resolve();

  constructor(
    readonly folder: string,
    readonly maxBytes = MAX_BYTES,
  ) {}

  async read(key: string): Promise<string | null> {
    const file = this.#file(key);
    try {
      const content = await readFile(file, 'utf8');
      const text = content.slice(65);
      if (content.slice(0, 64) !== checksum(text)) return null;
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return text;
    } catch {
      return null;
    }
  }

  /** One after another, so that the folder is measured with all before in it. Never rejects. */
  write(key: string, text: string): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(key, text)).catch(() => undefined);
    return this.#writing;
  }

  written(): Promise<void> {
    return this.#writing;
  }

  async #write(key: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const draft = path.join(this.folder, `${randomUUID()}.tmp`);
    try {
      await writeFile(draft, `${checksum(text)}\n${text}`, { mode: 0o600 });
      await rename(draft, this.#file(key));
    } finally {
      await rm(draft, { force: true });
    }
    await this.#makeRoom();
  }

  /** Removes what was not used for longest, and drafts that a crash left behind. */
  async #makeRoom(): Promise<void> {
    const names = await readdir(this.folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(path.join(this.folder, name));
        return { name, size, mtimeMs };
      }),
    );
    const newestFirst = files.sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const { name, size } of newestFirst) {
      bytes += size;
      if (bytes > this.maxBytes || !NAME.test(name)) await rm(path.join(this.folder, name), { force: true });
    }
  }

  #file(key: string): string {
    return path.join(this.folder, `${key}.js`);
  }
}

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex');
