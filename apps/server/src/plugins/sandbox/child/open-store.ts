import type { Db } from '@sodium/sdk';
import type { FrameChannel } from '../protocol/channel.js';
import { createDb } from './db/index.js';
import { noStore, type StorePort } from './store-port.js';

/** The collections of a plugin that may keep data; for others nothing, and nothing to wait for. */
export function openStore(channel: FrameChannel, served: boolean): StorePort {
  return served ? createDb(channel) : noStore({} as Db);
}
