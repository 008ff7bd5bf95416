import { closeAll, openLiveStoreFiles } from '../../storage/plugin-store/index.js';
import { HeapEstimate } from '../sandbox/child/db/heap-estimate.js';
import { StoreLoader } from '../sandbox/child/db/store-loader.js';

export interface DocumentName {
  collection: string;
  id: string;
}

/** Larger stores are not read for the sake of a report. */
const MAX_BYTES = 24 * 1024 * 1024;
const CHUNK_BYTES = 128 * 1024;

/** These documents as they are stored now; null for one that is not, or when the store is too large or cannot be read. */
export async function readDocuments(directory: string, names: readonly DocumentName[]): Promise<(object | null)[]> {
  const loader = new StoreLoader(new HeapEstimate());
  const files = await openLiveStoreFiles(directory).catch(() => []);
  try {
    const sizes = await Promise.all(files.map(async ({ handle }) => (await handle.stat()).size));
    if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BYTES) return names.map(() => null);
    for (const { description, handle } of files) {
      loader.start(description);
      for await (const chunk of handle.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false }))
        loader.chunk(chunk as Buffer);
      loader.end();
    }
    return names.map(({ collection, id }) => loader.collections.get(collection)?.get(id)?.document ?? null);
  } catch {
    return names.map(() => null);
  } finally {
    await closeAll(files);
  }
}
