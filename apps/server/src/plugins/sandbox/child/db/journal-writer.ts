import { Buffer } from 'node:buffer';
import type { FrameChannel } from '../../protocol/channel.js';
import {
  encodeJson,
  type Refusal,
  type SavedOperation,
  type SavedWrite,
  StoreFrame,
} from '../../../../storage/plugin-store/store-frames.js';
import { type CollectionState, type Row } from './collection.js';
import { QuotaError, StoreWriteFailedError } from './db-errors.js';
import { encodeLine } from './journal-line.js';

/** A change that can be taken back. `before` null: inserted; `after` null: deleted. */
export interface RowChange {
  state: CollectionState;
  id: string;
  before: Row | null;
  after: Row | null;
}

interface Line {
  changes: RowChange[];
  bytes: number;
}

interface Waiter {
  line: number;
  resolve(): void;
  reject(error: Error): void;
}

/** A turn that writes more than this is kept in parts, each whole in itself. */
const MAX_LINE_BYTES = 1024 * 1024;
const MAX_UNWRITTEN_BYTES = 16 * 1024 * 1024;
const SAVED_PER_FRAME = 500;

// Taken now: plugin code may not change what it means.
const later = queueMicrotask;

/** Sends what each turn wrote as one line, and knows how much of it is on disk. */
export class JournalWriter {
  #operations: string[] = [];
  #changes: RowChange[] = [];
  #operationBytes = 0;
  #scheduled = false;
  /** Sent, not acknowledged; the oldest first. */
  #lines: Line[] = [];
  #unwrittenBytes = 0;
  #sent = 0;
  #acknowledged = 0;
  #waiters: Waiter[] = [];
  #epoch = 0;
  #failure: StoreWriteFailedError | null = null;
  #fatal = false;
  /** All bytes sent. */
  sentBytes = 0;

  constructor(
    private readonly channel: FrameChannel,
    private readonly takeBack: (change: RowChange) => void,
    private readonly afterFlush: () => void,
  ) {}

  /** Changes with each refused write. */
  get epoch(): number {
    return this.#epoch;
  }

  get unwrittenBytes(): number {
    return this.#unwrittenBytes + this.#operationBytes;
  }

  /** Call before a change of memory. */
  requireRoom(): void {
    if (this.#fatal && this.#failure) throw this.#failure;
    if (this.unwrittenBytes <= MAX_UNWRITTEN_BYTES) return;
    throw new QuotaError(
      'More than 16 MB of writes wait for the disk. Write in smaller parts and await something in between.',
    );
  }

  record(operation: string, change: RowChange): void {
    const bytes = Buffer.byteLength(operation);
    if (this.#operationBytes + bytes > MAX_LINE_BYTES) this.flush();
    this.#operations.push(operation);
    this.#changes.push(change);
    this.#operationBytes += bytes;
    if (!this.#scheduled) {
      this.#scheduled = true;
      later(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
  }

  flush(): void {
    if (this.#operations.length === 0) return;
    const line = encodeLine(this.#operations);
    this.#lines.push({ changes: this.#changes, bytes: line.length });
    this.#unwrittenBytes += line.length;
    this.sentBytes += line.length;
    this.#sent += 1;
    this.#operations = [];
    this.#changes = [];
    this.#operationBytes = 0;
    this.channel.send(StoreFrame.line, 0, line);
    this.afterFlush();
  }

  /** Resolves when everything written so far is on disk. Rejects when something written since `epoch` was taken back. */
  barrier(epoch: number): Promise<void> {
    if (epoch !== this.#epoch) return Promise.reject(this.#failure!);
    this.flush();
    if (this.#acknowledged >= this.#sent) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ line: this.#sent, resolve, reject }));
  }

  /** `watched`: the panel wants to know what was written. */
  acknowledge(count: number, watched: boolean): void {
    const lines = this.#lines.splice(0, count);
    this.#acknowledged += lines.length;
    for (const line of lines) this.#unwrittenBytes -= line.bytes;
    if (watched) this.#sendSaved(lines);
    let ready = 0;
    while (ready < this.#waiters.length && this.#waiters[ready]!.line <= this.#acknowledged) ready++;
    for (const waiter of this.#waiters.splice(0, ready)) waiter.resolve();
  }

  /** Takes back every change that is not on disk, newest first. */
  refuse(refusal: Refusal): void {
    const failure = new StoreWriteFailedError(refusal.code, refusal.message);
    const changes = [...this.#lines.flatMap((line) => line.changes), ...this.#changes];
    const waiters = this.#waiters;
    this.#failure = failure;
    this.#fatal ||= refusal.fatal === true;
    this.#epoch += 1;
    this.#lines = [];
    this.#operations = [];
    this.#changes = [];
    this.#operationBytes = 0;
    this.#unwrittenBytes = 0;
    this.#waiters = [];
    this.#acknowledged = this.#sent;
    this.#undo(changes);
    this.channel.send(StoreFrame.resume, 0);
    for (const waiter of waiters) waiter.reject(failure);
  }

  #undo(changes: RowChange[]): void {
    const disordered = new Set<CollectionState>();
    for (const change of changes.reverse()) {
      this.takeBack(change);
      if (change.after === null) disordered.add(change.state);
    }
    for (const state of disordered) state.restoreOrder();
  }

  #sendSaved(lines: Line[]): void {
    const writes: SavedWrite[] = lines.flatMap(({ changes }) =>
      changes.map(({ state, id, before, after }): SavedWrite => [state.name, operationOf(before, after), id]),
    );
    for (let start = 0; start < writes.length; start += SAVED_PER_FRAME) {
      this.channel.send(StoreFrame.saved, 0, encodeJson(writes.slice(start, start + SAVED_PER_FRAME)));
    }
  }
}

function operationOf(before: Row | null, after: Row | null): SavedOperation {
  if (!after) return 'delete';
  return before ? 'update' : 'insert';
}
