import type { RegistryEntry } from '@sodium/contract';
import type { ShellHost } from '../slots/types.js';

/** What the panel writes into a frame's document. */
export interface FrameStart {
  kind: 'admin-tab' | 'preview';
  /** Everything that the frame may reach lies below this address. */
  prefix: string;
  user: ShellHost['user'];
  plugin: RegistryEntry;
}

export function readFrameStart(): FrameStart {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="sodium-frame"]');
  return JSON.parse(meta?.content ?? '') as FrameStart;
}
