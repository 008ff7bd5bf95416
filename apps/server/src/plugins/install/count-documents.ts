import { stat } from 'node:fs/promises';
import { Lanes } from '../../lanes.js';
import { closeAll, openLiveStoreFiles } from '../../storage/plugin-store/load-stream.js';
import { readCollections } from './read-store.js';

/** Each holds all documents of one plugin for a moment. */
const lane = new Lanes(1);

/** How many documents each collection of a folder holds; null when they cannot be read. */
export function countDocuments(folder: string): Promise<ReadonlyMap<string, number> | null> {
  return lane.run(() => count(folder).catch(() => null));
}

async function count(folder: string): Promise<ReadonlyMap<string, number>> {
  await stat(folder);
  const opened = await openLiveStoreFiles(folder);
  try {
    return new Map([...(await readCollections(opened))].map(([name, rows]) => [name, rows.size]));
  } finally {
    await closeAll(opened);
  }
}
