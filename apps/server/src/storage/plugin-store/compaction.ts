import { rm } from 'node:fs/promises';
import { SnapshotWriter } from './snapshot-writer.js';
import { COMPACT_CREDITS, type Refusal } from './store-frames.js';

/** What a compaction needs of its store. */
export interface CompactionHost {
  readonly directory: string;
  readonly maxSnapshotBytes: number;
  /** A number that changes when a write is refused; null while one is being refused. */
  refusals(): number | null;
  /** Starts a new journal behind the lines received so far; resolves with the older ones. */
  rotate(): Promise<string[]>;
  /** Resolves when every line received so far is on disk, or refused. */
  settled(): Promise<void>;
  /** The older journals are gone. */
  dropped(files: readonly string[]): Promise<void>;
  credit(): void;
  done(refusal: Refusal | null): void;
  onStep?(step: CompactionStep): void | Promise<void>;
}

export type CompactionStep = 'rotated' | 'snapshots-synced' | 'snapshots-in-place' | 'journal-removed';

/**
 * Replaces journals by snapshots. The child takes its picture while it keeps working, so a snapshot may hold writes
 * that came later: those are in the new journal, whose replay puts the same documents once more.
 */
export class Compaction {
  readonly #writer: SnapshotWriter;
  readonly #older: Promise<string[]>;
  readonly #refusals: number | null;
  #work: Promise<void> = Promise.resolve();
  #waitingChunks = 0;
  #failure: Error | null = null;

  constructor(private readonly host: CompactionHost) {
    this.#writer = new SnapshotWriter(host.directory, host.maxSnapshotBytes);
    this.#refusals = host.refusals();
    this.#older = host.rotate();
    this.#older.catch((error: Error) => (this.#failure ??= error));
    this.#then(async () => {
      await this.#older;
      await host.onStep?.('rotated');
    });
  }

  file(collection: string): void {
    this.#then(() => this.#writer.begin(collection));
  }

  chunk(bytes: Uint8Array): void {
    this.#waitingChunks += 1;
    if (this.#waitingChunks > COMPACT_CREDITS) throw new Error('the process sends snapshots without waiting');
    this.#then(() => this.#writer.write(bytes));
    this.#work = this.#work.then(() => {
      this.#waitingChunks -= 1;
      this.host.credit();
    });
  }

  /** Resolves when it is over, well or badly, and has been answered. */
  async end(aborted: boolean): Promise<void> {
    if (aborted) this.#failure ??= new Error('The process gave up.');
    this.#then(() => this.#commit());
    await this.#work;
    if (this.#failure) await this.#writer.discard();
    this.host.done(this.#failure && refusalOf(this.#failure));
  }

  #then(run: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failure) return;
      try {
        await run();
      } catch (error) {
        this.#failure = error as Error;
      }
    });
  }

  async #commit(): Promise<void> {
    await this.#writer.finish();
    const older = await this.#older;
    await this.host.settled();
    if (this.#refusals === null || this.host.refusals() !== this.#refusals) {
      throw Object.assign(new Error('A write was refused meanwhile.'), { code: 'ABORTED' });
    }
    await this.host.onStep?.('snapshots-synced');
    await this.#writer.putInPlace();
    await this.host.onStep?.('snapshots-in-place');
    for (const file of older) {
      await rm(file, { force: true });
      await this.host.onStep?.('journal-removed');
    }
    await this.host.dropped(older);
  }
}

function refusalOf(error: NodeJS.ErrnoException): Refusal {
  return { code: error.code ?? 'FAILED', message: error.message };
}
