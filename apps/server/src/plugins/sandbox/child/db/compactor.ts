import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import {
  COMPACT_CREDITS,
  type LoadSummary,
  type Refusal,
  StoreFrame,
} from '../../../../storage/plugin-store/store-frames.js';
import type { FrameChannel } from '../../protocol/channel.js';
import type { CollectionState } from './collection.js';
import type { JournalWriter } from './journal-writer.js';

export type CompactionOutcome =
  | { kind: 'done'; bytes: number; ms: number }
  /** A preview, or nothing was written since the last one. */
  | { kind: 'skipped' }
  | { kind: 'failed'; code: string; message: string };

const SLICE_BYTES = 64 * 1024;
const SLICE_MS = 3;
/** Below this a journal is read at start faster than it is compacted. */
const MIN_JOURNAL_BYTES = 2 * 1024 * 1024;
const MAX_OLDER_JOURNALS = 4;

/** Replaces the journals by snapshots, in slices, while the plugin keeps working. */
export class Compactor {
  readonly #dirty = new Set<string>();
  #journalBytes = 0;
  #olderJournals = 0;
  #disabled = true;
  #running: Promise<CompactionOutcome> | null = null;
  #credits = 0;
  #onCredit: (() => void) | null = null;
  #onDone: ((refusal: Refusal | null) => void) | null = null;
  #refusals = 0;
  /** After a failure, when to try again. */
  #notBefore = 0;

  constructor(
    private readonly channel: FrameChannel,
    private readonly journal: () => JournalWriter,
    private readonly collections: ReadonlyMap<string, CollectionState>,
    private readonly liveBytes: () => number,
  ) {}

  get journalBytes(): number {
    return this.#journalBytes + this.journal().sentBytes;
  }

  loaded(summary: LoadSummary, dirty: Iterable<string>): void {
    this.#disabled = summary.scratch;
    this.#journalBytes = summary.journalBytes;
    this.#olderJournals = summary.journalFiles;
    for (const name of dirty) this.#dirty.add(name);
  }

  touched(collection: string): void {
    this.#dirty.add(collection);
  }

  /** Compacts when the journals have outgrown the documents, or crashes have left too many. */
  maybeRun(): void {
    if (this.#disabled || this.#running) return;
    const limit = Math.max(MIN_JOURNAL_BYTES, this.liveBytes(), this.#notBefore);
    if (this.journalBytes > limit || this.#olderJournals >= MAX_OLDER_JOURNALS) void this.run();
  }

  run(): Promise<CompactionOutcome> {
    // Before the compaction begins, so that the snapshot holds every line of the journals it replaces.
    this.journal().flush();
    if (this.#running) return this.#running;
    if (this.#disabled || this.#dirty.size === 0) return Promise.resolve({ kind: 'skipped' });
    this.#running = this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  onCredit(): void {
    this.#credits += 1;
    this.#onCredit?.();
  }

  onDone(refusal: Refusal | null): void {
    this.#onDone?.(refusal);
  }

  onRefused(): void {
    this.#refusals += 1;
  }

  async #run(): Promise<CompactionOutcome> {
    const started = performance.now();
    const covered = this.journalBytes;
    const names = [...this.#dirty];
    const refusals = this.#refusals;
    this.#dirty.clear();
    this.#credits = COMPACT_CREDITS;
    this.channel.send(StoreFrame.compactBegin, 0);
    const answered = new Promise<Refusal | null>((resolve) => (this.#onDone = resolve));
    let bytes = 0;
    for (const name of names) bytes += await this.#sendCollection(name, refusals);
    this.channel.send(this.#refusals === refusals ? StoreFrame.compactEnd : StoreFrame.compactAbort, 0);
    const refusal = await answered;
    if (refusal) return this.#failed(names, refusal);
    this.#journalBytes -= covered;
    this.#olderJournals = 0;
    this.#notBefore = 0;
    return { kind: 'done', bytes, ms: performance.now() - started };
  }

  #failed(names: readonly string[], refusal: Refusal): CompactionOutcome {
    for (const name of names) this.#dirty.add(name);
    this.#notBefore = this.journalBytes * 1.5;
    // The disk may have refused: not at each write again.
    this.#olderJournals = 0;
    return { kind: 'failed', code: refusal.code, message: refusal.message };
  }

  async #sendCollection(name: string, refusals: number): Promise<number> {
    this.channel.send(StoreFrame.compactFile, 0, Buffer.from(name, 'latin1'));
    let bytes = 0;
    for (const chunk of snapshotChunks(this.collections.get(name))) {
      bytes += chunk.length;
      this.#credits -= 1;
      this.channel.send(StoreFrame.compactChunk, 0, chunk);
      await this.#nextSlice();
      if (this.#refusals !== refusals || this.channel.closed) break;
    }
    return bytes;
  }

  async #nextSlice(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#credits <= 0 && !this.channel.closed) {
      await new Promise<void>((resolve) => (this.#onCredit = resolve));
    }
  }
}

/** One document a line: plain JSON for people and tools, and readable in slices. */
function* snapshotChunks(state: CollectionState | undefined): Generator<Buffer> {
  let parts: string[] = [];
  let length = 0;
  let first = true;
  let sliceStart = performance.now();
  for (const { document } of state?.rows.values() ?? []) {
    const text = (first ? '[\n' : ',\n') + JSON.stringify(document);
    first = false;
    parts.push(text);
    length += text.length;
    const slow = parts.length % 32 === 0 && performance.now() - sliceStart > SLICE_MS;
    if (length < SLICE_BYTES && !slow) continue;
    yield Buffer.from(parts.join(''));
    parts = [];
    length = 0;
    sliceStart = performance.now();
  }
  yield Buffer.from(`${parts.join('')}${first ? '[]\n' : '\n]\n'}`);
}
