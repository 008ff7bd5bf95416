import type { Db } from '@sodium/sdk';

/** The plugin's collections, as the rest of the child sees them. */
export interface StorePort {
  readonly facade: Db;
  /** Resolves once everything on disk has been read; rejects when it cannot be. */
  readonly ready: Promise<void>;
  /** Marks where a piece of work begins. */
  begin(): number;
  /** Resolves when all writes since are on disk; rejects when one was refused. */
  barrier(since: number): Promise<void>;
  compact(): Promise<unknown>;
}

/** For a plugin without collections: nothing to wait for. */
export const noStore = (facade: Db): StorePort => ({
  facade,
  ready: Promise.resolve(),
  begin: () => 0,
  barrier: () => Promise.resolve(),
  compact: () => Promise.resolve(),
});
