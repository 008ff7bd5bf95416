import { chmod, lchown, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, isAbsolute } from 'node:path';

/** A server's own folder below `data/servers`. */
export class ServerFolder {
  constructor(readonly path: string) {}

  async create(files: Record<string, string>): Promise<void> {
    await mkdir(this.path, { recursive: false, mode: 0o700 });
    try {
      for (const [name, text] of Object.entries(files)) await this.#write(name, text);
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  /** Gives everything in it to the server's user. Walks the folder only when it belongs to somebody else. */
  async giveTo(uid: number | null): Promise<void> {
    const wanted = uid ?? process.getuid?.();
    if (wanted === undefined || process.getuid?.() !== 0) return;
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    if ((await lstat(this.path)).uid === wanted) return;
    for (const path of await listTree(this.path)) await lchown(path, wanted, wanted);
    await chmod(this.path, 0o700);
    // The folder last: an interrupted walk is begun again.
    await lchown(this.path, wanted, wanted);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }

  async #write(name: string, text: string): Promise<void> {
    const path = join(this.path, name);
    const inside = relative(this.path, path);
    if (inside.startsWith('..') || isAbsolute(inside))
      throw new Error(`The starter file "${name}" lies outside the server's folder.`);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, text, { mode: 0o600 });
  }
}

async function listTree(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) paths.push(...(await listTree(path)));
    paths.push(path);
  }
  return paths;
}
