import type { HookName } from '@sodium/sdk';
import type { HookData } from './hooks-port.js';
import type { Capability } from './sandbox/types.js';

/** What the panel's domain is told by, when a plugin in preview asks it to change something. */
export interface PreviewScope {
  /** Made-up data alone: the browser could not keep real ones in. */
  readonly madeUp: boolean;
  /** The documents that it kept while it was active name servers and users by their ids: with others nothing would fit. */
  readonly knowsIds: boolean;
  /** Notes what was asked, and not done. */
  record(name: string, args: unknown): void;
}

/** What the panel's domain shows to a plugin in preview: real in its shape, under other names, and never changed. */
export interface PreviewedWorld {
  capabilities(scope: PreviewScope): Record<string, Capability>;
  /** A copy of an event as it may be kept on disk: without secrets, and without anybody's words. */
  strip<E extends HookName>(event: E, context: HookData<E>): HookData<E>;
  /** A copy of an event as a plugin in preview may see it. */
  veil<E extends HookName>(event: E, context: HookData<E>, scope: Pick<PreviewScope, 'knowsIds'>): HookData<E>;
  /** A made-up event, for where none has happened yet. */
  sample<E extends HookName>(event: E): HookData<E>;
}
