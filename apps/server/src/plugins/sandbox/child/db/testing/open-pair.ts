import { duplexPair } from 'node:stream';
import { createDb, type PluginDb } from '../index.js';
import { createStreamChannel } from '../../../protocol/stream-channel.js';
import { PluginStore, type PluginStoreOptions } from '../../../../../storage/plugin-store/index.js';

export interface Pair {
  db: PluginDb;
  store: PluginStore;
  /** Ends the "process", then the store. */
  close(): Promise<void>;
}

export interface PairOptions extends Partial<Omit<PluginStoreOptions, 'channel'>> {
  /** Of the child. */
  limits?: { quotaBytes?: number; maxHeapBytes?: number };
}

/** Both sides of a plugin's store in this process, over the real frames. Does not wait for `ready`. */
export async function openPair(directory: string, { limits, ...options }: PairOptions = {}): Promise<Pair> {
  const [panelEnd, childEnd] = duplexPair();
  const panelChannel = createStreamChannel(panelEnd);
  const location = options.location ?? { kind: 'disk' as const, directory };
  const store = await PluginStore.open({ ...options, channel: panelChannel, location });
  const childChannel = createStreamChannel(childEnd);
  const db = createDb(childChannel, limits);
  return {
    db,
    store,
    close: async () => {
      childChannel.close();
      panelChannel.close();
      await store.close();
    },
  };
}

/** A pair that has loaded, with these collections registered. */
export async function openLoaded(directory: string, collections: string[], options: PairOptions = {}): Promise<Pair> {
  const pair = await openPair(directory, options);
  await pair.db.ready;
  pair.db.facade.registerCollections(collections);
  return pair;
}
