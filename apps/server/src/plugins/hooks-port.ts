import type { HookContexts, HookName } from '@sodium/sdk';

/** A hook's context as the panel hands it in: the data, without the functions that handlers get. */
export type HookData<E extends HookName> = Omit<HookContexts[E], 'deny'>;

export type BeforeResult<E extends HookName> =
  { kind: 'allowed'; context: HookData<E> } | { kind: 'denied'; plugin: string; reason: string };

/** What the panel's domain sees of the kernel: three ways to raise a hook. */
export interface HookPort {
  /** Awaited; may deny or change the mutable fields. Fails closed. */
  before<E extends HookName>(event: E, context: HookData<E>): Promise<BeforeResult<E>>;
  /** Announces what happened. Returns at once and never throws; `context` makes a snapshot that nobody changes afterwards. */
  after<E extends HookName>(event: E, context: () => HookData<E>, except?: string): void;
}
