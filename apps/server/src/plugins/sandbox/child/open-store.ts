import type { Db } from '@sodium/sdk';
import type { FrameChannel } from '../protocol/channel.js';
import { noStore, type StorePort } from './store-port.js';

/** The collections of a plugin that may keep data; for others nothing, and nothing to wait for. */
export function openStore(_channel: FrameChannel, _served: boolean): StorePort {
  return noStore({} as Db);
}
