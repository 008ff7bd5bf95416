import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from '../durable-file.js';
import { COLLECTION_NAME } from './store-frames.js';

/** Receives the new snapshots of one compaction beside the old ones, and puts them in their places at once. */
export class SnapshotWriter {
  readonly #finished: string[] = [];
  #current: { name: string; handle: FileHandle } | null = null;
  #bytes = 0;

  constructor(
    private readonly directory: string,
    private readonly maxBytes: number,
  ) {}

  async begin(collection: string): Promise<void> {
    if (!COLLECTION_NAME.test(collection)) throw new Error(`"${collection}" cannot name a collection.`);
    await this.#finish();
    this.#current = { name: collection, handle: await open(this.#temporary(collection), 'w', 0o600) };
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (!this.#current) throw new Error('A snapshot chunk came before the name of its collection.');
    this.#bytes += chunk.length;
    if (this.#bytes > this.maxBytes)
      throw Object.assign(new Error('The snapshots exceed the quota.'), { code: 'QUOTA' });
    await this.#current.handle.writeFile(chunk);
  }

  /** Everything is on disk, under temporary names. */
  async finish(): Promise<void> {
    await this.#finish();
  }

  async putInPlace(): Promise<void> {
    for (const name of this.#finished) await rename(this.#temporary(name), path.join(this.directory, `${name}.json`));
    await syncDirectory(this.directory);
  }

  async discard(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    await current?.handle.close().catch(() => undefined);
    for (const name of current ? [...this.#finished, current.name] : this.#finished) {
      await rm(this.#temporary(name), { force: true }).catch(() => undefined);
    }
  }

  #temporary(name: string): string {
    return path.join(this.directory, `${name}.json.tmp`);
  }

  async #finish(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    await current.handle.sync();
    await current.handle.close();
    this.#current = null;
    this.#finished.push(current.name);
  }
}
