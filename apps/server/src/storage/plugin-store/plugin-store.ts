import { access, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppendFile, type AppendIo, diskIo } from '../append-file.js';
import { syncDirectory } from '../durable-file.js';
import { Compaction, type CompactionStep } from './compaction.js';
import { LineQueue, type LineSink } from './line-queue.js';
import { closeAll, openLiveStoreFiles, openStoreFiles, type OpenedFile, sendFile } from './load-stream.js';
import { type ScratchJournal } from './scratch-journal.js';
import { journalName, prepareStoreFolder } from './store-files.js';
import {
  decodeJson,
  encodeJson,
  type LoadSummary,
  QUOTA_BYTES,
  type Refusal,
  type SavedOperation,
  StoreFrame,
  STORE_FRAME_RANGE,
  type StoreChannel,
} from './store-frames.js';

/** Where a plugin's documents are. A preview only reads `directory`, and keeps its own writes in `journal`. */
export type StoreLocation =
  { kind: 'disk'; directory: string } | { kind: 'scratch'; directory: string | null; journal: ScratchJournal };

export interface PluginStoreOptions {
  channel: StoreChannel;
  location: StoreLocation;
  /** The disk cannot be trusted any more: end the process, so that it starts again from what is there. */
  onFatal?(error: Error): void;
  /** Told each line that is taken, before it is on disk. */
  onLine?(line: Uint8Array): void;
  /** After a write is on disk. */
  onSave?(collection: string, operation: SavedOperation, id: string): void;
  /** Asked at each acknowledgement whether `onSave` is wanted now. Default: when there is one. */
  isWatched?(): boolean;
  quotaBytes?: number;
  io?: AppendIo;
  /** Called between the steps of a compaction. */
  onStep?(step: CompactionStep): void | Promise<void>;
}

const savedSchema = z
  .array(z.tuple([z.string().max(64), z.enum(['insert', 'update', 'delete']), z.string().max(1024)]))
  .max(10_000);

/** With an acknowledgement: tell what these lines wrote. */
const WATCHED = new Uint8Array([1]);

/** Journals may grow to this many times the quota before lines are refused; the child compacts much earlier. */
const JOURNAL_FACTOR = 4;

/** A process that never ends a compaction well could make any number. */
const MAX_JOURNALS = 32;

interface DiskState {
  directory: string;
  /** Of the journal that is being written. */
  generation: number;
  older: { file: string; bytes: number }[];
}

/**
 * The panel's side of one plugin process: appends what the child sends and never parses it. Open it before the child
 * is told to load, and await `close` before the next process of the same plugin starts.
 */
export class PluginStore {
  readonly #queue: LineQueue;
  readonly #detach: () => void;
  #compaction: Compaction | null = null;
  /** The end of the compaction, once the child has sent all of it. */
  #ending: Promise<void> | null = null;
  #loading: Promise<void> | null = null;
  #closed = false;

  private constructor(
    private readonly options: PluginStoreOptions,
    private readonly disk: DiskState | null,
    sink: LineSink,
    private readonly toLoad: OpenedFile[],
  ) {
    this.#queue = new LineQueue(sink, () => this.#maxJournalBytes(), {
      acknowledged: (lines) => options.channel.send(StoreFrame.ack, lines, this.#isWatched() ? WATCHED : undefined),
      refused: (refusal) => this.#refuse(refusal),
    });
    this.#detach = options.channel.onFrame(STORE_FRAME_RANGE, (type, id, payload) => this.#onFrame(type, payload));
  }

  /** A start never appends to an older journal, so its torn tail stays harmless. */
  static async open(options: PluginStoreOptions): Promise<PluginStore> {
    const { location } = options;
    if (location.kind === 'scratch') {
      const files = location.directory === null ? [] : await openScratchView(location.directory);
      return new PluginStore(options, null, location.journal, files);
    }
    const { directory } = location;
    const found = await prepareStoreFolder(directory);
    const generation = (found.journals.at(-1)?.generation ?? 0) + 1;
    const opened = await openStoreFiles(directory, found);
    try {
      const sink = await AppendFile.open(path.join(directory, journalName(generation)), 'wx', options.io ?? diskIo);
      return new PluginStore(options, { directory, generation, older: found.journals }, sink, opened);
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  }

  get stats(): { syncs: number; refusals: number; journalBytes: number } {
    return {
      syncs: this.#queue.syncs,
      refusals: this.#queue.refusals,
      journalBytes: this.#queue.sink.length + this.#olderBytes(),
    };
  }

  /** Ends the writes that were received, and leaves nothing half done behind. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#detach();
    await this.#loading;
    await closeAll(this.toLoad.splice(0));
    if (this.#compaction && !this.#ending) this.#endCompaction(true);
    await this.#ending;
    await this.#queue.idle();
    const { sink } = this.#queue;
    await sink.close();
    if (this.disk && sink.length === 0) await this.#removeEmptyJournal(this.disk);
  }

  #onFrame(type: number, payload: Uint8Array): void {
    switch (type) {
      case StoreFrame.load:
        if (this.#loading) throw new Error('a second load of the store');
        this.#loading = this.#load();
        return;
      case StoreFrame.line:
        if (payload.at(-1) !== 10) throw new Error('a journal line without its end');
        return this.#take(payload);
      case StoreFrame.resume:
        return this.#queue.resume();
      case StoreFrame.saved:
        return this.#announce(payload);
      case StoreFrame.compactBegin:
        return this.#beginCompaction();
      case StoreFrame.compactFile:
        return this.#requireCompaction().file(Buffer.from(payload).toString('latin1'));
      case StoreFrame.compactChunk:
        return this.#requireCompaction().chunk(payload);
      case StoreFrame.compactEnd:
      case StoreFrame.compactAbort:
        return this.#endCompaction(type === StoreFrame.compactAbort);
      default:
        throw new Error(`a store frame of the unexpected type ${type}`);
    }
  }

  #take(line: Uint8Array): void {
    this.#queue.line(line);
    if (!this.#queue.refusing) this.options.onLine?.(line);
  }

  async #load(): Promise<void> {
    const { channel, location } = this.options;
    try {
      for (const file of this.toLoad) await sendFile(channel, file);
      if (location.kind === 'scratch') await this.#sendScratch(location.journal);
      const summary: LoadSummary = {
        scratch: this.disk === null,
        journalBytes: this.#olderBytes(),
        journalFiles: this.disk?.older.length ?? 0,
      };
      channel.send(StoreFrame.loaded, 0, encodeJson(summary));
    } catch (error) {
      const refusal: Refusal = {
        code: 'UNREADABLE',
        message: `The stored documents cannot be read. ${(error as Error).message}`,
      };
      channel.send(StoreFrame.loadFailed, 0, encodeJson(refusal));
    } finally {
      await closeAll(this.toLoad.splice(0));
    }
  }

  async #sendScratch(journal: ScratchJournal): Promise<void> {
    const { channel } = this.options;
    channel.send(StoreFrame.loadFile, 0, encodeJson({ label: 'preview', kind: 'journal' }));
    for (const chunk of [...journal.chunks]) {
      if (!channel.send(StoreFrame.loadChunk, 0, chunk)) await channel.drained();
    }
  }

  #refuse(refusal: Refusal): void {
    this.options.channel.send(StoreFrame.nack, 0, encodeJson(refusal));
    if (refusal.fatal) this.options.onFatal?.(this.#queue.sink.broken ?? new Error(refusal.message));
  }

  #isWatched(): boolean {
    return this.options.onSave !== undefined && (this.options.isWatched?.() ?? true);
  }

  #announce(payload: Uint8Array): void {
    for (const [collection, operation, id] of savedSchema.parse(decodeJson(payload))) {
      this.options.onSave?.(collection, operation, id);
    }
  }

  #requireCompaction(): Compaction {
    if (!this.#compaction || this.#ending) throw new Error('a snapshot outside a compaction');
    return this.#compaction;
  }

  #beginCompaction(): void {
    const { disk } = this;
    if (!disk || this.#compaction) throw new Error('a compaction that is not possible now');
    this.#compaction = new Compaction({
      directory: disk.directory,
      maxSnapshotBytes: Math.ceil(this.#quotaBytes() * 1.25) + 1024 * 1024,
      refusals: () => (this.#queue.refusing ? null : this.#queue.refusals),
      rotate: () => this.#queue.step(() => this.#rotate(disk)),
      settled: () => this.#queue.step(async () => undefined),
      dropped: async (files) => {
        disk.older = disk.older.filter((journal) => !files.includes(journal.file));
        await syncDirectory(disk.directory);
      },
      credit: () => this.options.channel.send(StoreFrame.compactCredit, 0),
      done: (refusal) => {
        this.#compaction = null;
        this.#ending = null;
        this.options.channel.send(StoreFrame.compactDone, 0, refusal ? encodeJson(refusal) : undefined);
      },
      onStep: this.options.onStep,
    });
  }

  #endCompaction(aborted: boolean): void {
    const compaction = this.#requireCompaction();
    this.#ending = compaction.end(aborted);
  }

  /** Resolves with the journals that the snapshots replace. The last one goes on when it is empty, or one of very many. */
  async #rotate(disk: DiskState): Promise<string[]> {
    const { sink } = this.#queue;
    if (sink.broken) throw sink.broken;
    if (sink.length > 0 && disk.older.length < MAX_JOURNALS) await this.#startJournal(disk, sink as AppendFile);
    return disk.older.map((journal) => journal.file);
  }

  async #startJournal(disk: DiskState, current: AppendFile): Promise<void> {
    disk.generation += 1;
    const file = path.join(disk.directory, journalName(disk.generation));
    this.#queue.sink = await AppendFile.open(file, 'wx', this.options.io ?? diskIo);
    disk.older.push({ file: current.file, bytes: current.length });
    await current.close();
  }

  async #removeEmptyJournal(disk: DiskState): Promise<void> {
    await rm(path.join(disk.directory, journalName(disk.generation)), { force: true });
    await syncDirectory(disk.directory);
  }

  #olderBytes(): number {
    return this.disk?.older.reduce((sum, journal) => sum + journal.bytes, 0) ?? 0;
  }

  #quotaBytes(): number {
    return this.options.quotaBytes ?? QUOTA_BYTES;
  }

  #maxJournalBytes(): number {
    return Math.max(0, this.#quotaBytes() * JOURNAL_FACTOR + 1024 * 1024 - this.#olderBytes());
  }
}

/** A preview of a plugin that never ran has nothing to look at. */
async function openScratchView(directory: string): Promise<OpenedFile[]> {
  const exists = await access(directory).then(
    () => true,
    () => false,
  );
  return exists ? openLiveStoreFiles(directory) : [];
}
