interface PendingChange {
  undo(): void;
  announce(): void;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Group commit: one write at a time, and whatever changes meanwhile shares the next one. A refused write undoes every
 * change that is not on disk yet, newest first, since the later ones were made on top of the refused ones.
 */
export class CommitQueue {
  readonly #write: () => Promise<void>;
  #pending: PendingChange[] = [];
  #running = false;
  #closed = false;
  /** After a refused write the file may hold undone changes; `flush` then writes once more. */
  #suspect = false;

  /** `write` must take its picture of the memory before it first waits. */
  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Call right after the change of memory. Resolves when it is on disk; rejects after `undo` ran. */
  commit(undo: () => void, announce: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ undo, announce, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      queueMicrotask(() => void this.#run());
    });
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0 && !this.#suspect) return;
    await this.commit(nothing, nothing);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  async #run(): Promise<void> {
    while (this.#pending.length > 0) {
      const count = this.#pending.length;
      try {
        await this.#write();
      } catch (error) {
        this.#refuse(error);
        continue;
      }
      this.#suspect = false;
      for (const change of this.#pending.splice(0, count)) {
        announceSafely(change.announce);
        change.resolve();
      }
    }
    this.#running = false;
  }

  #refuse(error: unknown): void {
    const refused = this.#pending.splice(0);
    this.#suspect = true;
    for (const change of refused.toReversed()) change.undo();
    for (const change of refused) change.reject(error);
  }
}

function nothing(): void {}

/** A listener's fault must not make a stored change look refused. */
function announceSafely(announce: () => void): void {
  try {
    announce();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
