import type { Refusal } from './store-frames.js';

/** Where lines end up: an `AppendFile` or a `ScratchJournal`. */
export interface LineSink {
  readonly length: number;
  readonly broken: Error | null;
  append(buffers: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

type Item =
  | { kind: 'line'; bytes: Uint8Array }
  /** Runs between two writes, in its place among the lines. */
  | { kind: 'step'; run: () => Promise<void> };

export interface LineQueueEvents {
  acknowledged(lines: number): void;
  refused(refusal: Refusal): void;
}

const MAX_BATCH_LINES = 1000;
/** A child that runs this far ahead of the disk does not heed its own limit. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;

/** Group commit of journal lines: one write and one fdatasync for all that came meanwhile. */
export class LineQueue {
  #items: Item[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | null = null;
  #refusing = false;
  /** Counts refusals, so that a compaction notices one that happened meanwhile. */
  refusals = 0;
  syncs = 0;

  constructor(
    public sink: LineSink,
    private readonly maxBytes: () => number,
    private readonly events: LineQueueEvents,
  ) {}

  /** Lines are dropped from a refusal until the child has undone them. */
  get refusing(): boolean {
    return this.#refusing;
  }

  line(bytes: Uint8Array): void {
    if (this.#refusing) return;
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING_BYTES)
      throw new Error('the process writes faster than the disk and does not wait');
    this.#push({ kind: 'line', bytes });
  }

  resume(): void {
    this.#refusing = false;
  }

  /** Runs after every line that came before; resolves or rejects with it. */
  step<T>(run: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#push({ kind: 'step', run: () => run().then(resolve, reject) });
    });
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  #push(item: Item): void {
    this.#items.push(item);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    // Lines of the same turn share the first write.
    await Promise.resolve();
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      if (item.kind === 'line') await this.#write();
      else {
        this.#items.shift();
        await item.run();
      }
    }
    this.#running = null;
  }

  async #write(): Promise<void> {
    const end = this.#items.slice(0, MAX_BATCH_LINES).findIndex((item) => item.kind !== 'line');
    const batch = this.#items.splice(0, end < 0 ? MAX_BATCH_LINES : end) as Extract<Item, { kind: 'line' }>[];
    const buffers = batch.map((item) => item.bytes);
    const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    this.#waitingBytes -= bytes;
    try {
      if (this.sink.length + bytes > this.maxBytes()) {
        throw Object.assign(new Error('The journal exceeds what a plugin may keep on disk.'), { code: 'QUOTA' });
      }
      await this.sink.append(buffers);
      this.syncs += 1;
    } catch (error) {
      this.#refuse(error as NodeJS.ErrnoException);
      return;
    }
    this.events.acknowledged(batch.length);
  }

  /** What waits was made on top of the refused lines, so it goes too. */
  #refuse(error: NodeJS.ErrnoException): void {
    this.#items = this.#items.filter((item) => item.kind !== 'line');
    this.#waitingBytes = 0;
    this.#refusing = true;
    this.refusals += 1;
    this.events.refused({ code: error.code ?? 'EIO', message: describe(error), fatal: this.sink.broken !== null });
  }
}

function describe(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOSPC') return 'The disk of the panel is full.';
  return error.message;
}
