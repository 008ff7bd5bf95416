import { setImmediate } from 'node:timers/promises';
import type { OpenedFile } from '../../storage/plugin-store/load-stream.js';
import { HeapEstimate } from '../sandbox/child/db/heap-estimate.js';
import { StoreLoader } from '../sandbox/child/db/store-loader.js';

const CHUNK_BYTES = 128 * 1024;

/** The documents of a store: journals are applied to the snapshots, as the plugin's own process does it. */
export async function readCollections(opened: readonly OpenedFile[]): Promise<StoreLoader['collections']> {
  const loader = new StoreLoader(new HeapEstimate());
  for (const { description, handle } of opened) {
    loader.start(description);
    for await (const chunk of chunksOf(handle)) {
      loader.chunk(chunk);
      await setImmediate();
    }
  }
  loader.end();
  return loader.collections;
}

/** What a file holds at this moment: what is appended while it is read belongs to nobody yet. */
export async function* chunksOf(handle: OpenedFile['handle']): AsyncGenerator<Buffer> {
  const { size } = await handle.stat();
  for (let position = 0; position < size;) {
    const { buffer, bytesRead } = await handle.read(
      Buffer.allocUnsafeSlow(CHUNK_BYTES),
      0,
      Math.min(CHUNK_BYTES, size - position),
      position,
    );
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
