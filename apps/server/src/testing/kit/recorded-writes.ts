import type { Document, Query } from '@sodium/sdk';
import type { StoredState, WriteRecording } from '@sodium/sdk/testing';
import type { StoreLoader } from '../../plugins/sandbox/child/db/store-loader.js';
import { loadStored, matching } from './stored-documents.js';

/** Replays what a plugin wrote, one line at a time: a crash leaves all of a line or nothing. */
export class RecordedWrites implements WriteRecording {
  #lines: Buffer[] = [];
  #listening: Disposable | null = null;

  private constructor(private readonly loader: StoreLoader) {}

  static async begin(
    directory: string,
    listen: (listener: (line: Uint8Array) => void) => Disposable,
  ): Promise<RecordedWrites> {
    const loader = await loadStored(directory);
    loader.start({ kind: 'journal', label: 'the recording' });
    const recording = new RecordedWrites(loader);
    recording.#listening = listen((line) => recording.#lines.push(Buffer.from(line)));
    return recording;
  }

  replay(visit: (state: StoredState) => void): number {
    const lines = this.#lines;
    this.#lines = [];
    const documents: StoredState['documents'] = (collection, query = {}) => this.#documents(collection, query);
    for (const line of lines) {
      this.loader.chunk(line);
      visit({ documents });
    }
    return lines.length;
  }

  [Symbol.dispose](): void {
    this.#listening?.[Symbol.dispose]();
  }

  #documents<T extends Document>(collection: string, query: Query): T[] {
    const rows = this.loader.collections.get(collection)?.values() ?? [];
    return matching([...rows].map(({ document }) => document), query) as T[]; // prettier-ignore
  }
}
