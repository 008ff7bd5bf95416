import { Buffer } from 'node:buffer';
import type { Db } from '@sodium/sdk';
import {
  decodeJson,
  type LoadedFile,
  type LoadSummary,
  QUOTA_BYTES,
  type Refusal,
  StoreFrame,
} from '../../../../storage/plugin-store/store-frames.js';
import { type FrameChannel, STORE_FRAMES } from '../../protocol/channel.js';
import { Collections, type StoreLimits } from './collections.js';
import { type CompactionOutcome, Compactor } from './compactor.js';
import { createFacade } from './db-facade.js';
import { HeapEstimate } from './heap-estimate.js';
import { JournalWriter } from './journal-writer.js';
import { StoreLoader } from './store-loader.js';

export interface DbStats {
  documents: number;
  /** Of JSON, as counted against the quota. */
  bytes: number;
  journalBytes: number;
  unwrittenBytes: number;
}

/**
 * The plugin's collections, in its own process.
 *
 * Call `createDb` once the panel has its `PluginStore` attached to the other end; await `ready` before any plugin code
 * runs, and refuse to start when it rejects. For each call of the panel take `begin()` before the handler and await
 * `barrier(epoch)` before the answer leaves, whatever the answer is: a rejected barrier means that something the
 * handler wrote or saw was not stored, so the answer must not be given.
 */
export interface PluginDb {
  readonly facade: Db;
  readonly ready: Promise<void>;
  begin(): number;
  barrier(epoch?: number): Promise<void>;
  /** Writes snapshots in the place of journals. Harmless at any time; await it before a planned stop. */
  compact(): Promise<CompactionOutcome>;
  stats(): DbStats;
}

type Phase = { kind: 'loading' } | { kind: 'loaded' } | { kind: 'failed'; error: Error };

const DEFAULT_LIMITS: StoreLimits = { quotaBytes: QUOTA_BYTES, maxHeapBytes: 40 * 1024 * 1024 };

export function createDb(channel: FrameChannel, limits: Partial<StoreLimits> = {}): PluginDb {
  let phase: Phase = { kind: 'loading' };
  let settle: { resolve(): void; reject(error: Error): void };
  const ready = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  ready.catch(() => undefined);
  const estimate = new HeapEstimate();
  const loader = new StoreLoader(estimate);
  const collections = new Collections({ ...DEFAULT_LIMITS, ...limits }, estimate, () => compactor.run());
  const journal: JournalWriter = new JournalWriter(
    channel,
    (change) => collections.takeBack(change),
    () => compactor.maybeRun(),
  );
  const compactor: Compactor = new Compactor(
    channel,
    () => journal,
    collections.states,
    () => collections.bytes,
  );

  const fail = (error: Error): void => {
    phase = { kind: 'failed', error };
    settle.reject(error);
  };
  const guarded = (run: () => void): void => {
    if (phase.kind !== 'loading') return;
    try {
      run();
    } catch (error) {
      fail(error as Error);
    }
  };
  const finish = async (summary: LoadSummary): Promise<void> => {
    loader.end();
    await collections.adopt(loader.collections, loader.position);
    compactor.loaded(summary, loader.dirty);
    phase = { kind: 'loaded' };
    settle.resolve();
    compactor.maybeRun();
  };
  const onFrame = (type: number, id: number, payload: Uint8Array): void => {
    switch (type) {
      case StoreFrame.loadFile:
        return guarded(() => loader.start(decodeJson(payload) as LoadedFile));
      case StoreFrame.loadChunk:
        return guarded(() => loader.chunk(asBuffer(payload)));
      case StoreFrame.loaded:
        return guarded(() => void finish(decodeJson(payload) as LoadSummary).catch(fail));
      case StoreFrame.loadFailed:
        return fail(new Error((decodeJson(payload) as Refusal).message));
      case StoreFrame.ack:
        return journal.acknowledge(id, payload.length > 0);
      case StoreFrame.nack:
        compactor.onRefused();
        return journal.refuse(decodeJson(payload) as Refusal);
      case StoreFrame.compactCredit:
        return compactor.onCredit();
      case StoreFrame.compactDone:
        return compactor.onDone(payload.length > 0 ? (decodeJson(payload) as Refusal) : null);
      default:
        throw new Error(`a store frame of the unexpected type ${type}`);
    }
  };

  channel.onFrame(STORE_FRAMES, onFrame);
  channel.onClose(() => fail(new Error('The panel has closed the store.')));
  channel.send(StoreFrame.load, 0);

  return {
    ready,
    facade: createFacade({
      collections,
      requireLoaded: () => requireLoaded(phase),
      requireRoom: () => journal.requireRoom(),
      record(operation, change) {
        compactor.touched(change.state.name);
        journal.record(operation, change);
      },
    }),
    begin: () => journal.epoch,
    barrier: (epoch = journal.epoch) => journal.barrier(epoch),
    compact: () => compactor.run(),
    stats: () => ({
      documents: collections.documents,
      bytes: collections.bytes,
      journalBytes: compactor.journalBytes,
      unwrittenBytes: journal.unwrittenBytes,
    }),
  };
}

function requireLoaded(phase: Phase): void {
  if (phase.kind === 'failed') throw phase.error;
  if (phase.kind === 'loading') throw new Error('sodium.db is not loaded yet.');
}

function asBuffer(payload: Uint8Array): Buffer {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}
