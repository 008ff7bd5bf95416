import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

const FRESH_MS = 30_000;
const MAX_ENTRIES = 200_000;

/** How much disk folders take: measured at most twice a minute, one folder at a time, never waited for. */
export class FolderSizes {
  readonly #known = new Map<string, { bytes: number; at: number }>();
  #queue: Promise<unknown> = Promise.resolve();
  readonly #waiting = new Map<string, Promise<number>>();

  /** The last known size; a stale one is measured again behind the caller's back. */
  peek(folder: string): number {
    const known = this.#known.get(folder);
    if (!known || Date.now() - known.at > FRESH_MS) void this.measure(folder);
    return known?.bytes ?? 0;
  }

  async current(folder: string): Promise<number> {
    const known = this.#known.get(folder);
    return known && Date.now() - known.at <= FRESH_MS ? known.bytes : this.measure(folder);
  }

  measure(folder: string): Promise<number> {
    const running = this.#waiting.get(folder);
    if (running) return running;
    const task = this.#queue.then(async () => {
      const bytes = await folderSize(folder).catch(() => 0);
      this.#known.set(folder, { bytes, at: Date.now() });
      this.#waiting.delete(folder);
      return bytes;
    });
    this.#waiting.set(folder, task);
    this.#queue = task;
    return task;
  }

  forget(folder: string): void {
    this.#known.delete(folder);
  }
}

async function folderSize(root: string): Promise<number> {
  const folders = [root];
  let blocks = 0;
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const entry of await opendir(folder)) {
      if (++entries > MAX_ENTRIES) return blocks * 512;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else blocks += (await lstat(path).catch(() => null))?.blocks ?? 0;
    }
  }
  return blocks * 512;
}
