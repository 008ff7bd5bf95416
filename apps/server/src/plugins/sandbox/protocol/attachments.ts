import type { FrameChannel } from './channel.js';
import { PIECE_BYTES } from './frames.js';

/** Sends the bytes that a message announced, in pieces. */
export function sendPieces(channel: FrameChannel, type: number, id: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) channel.send(type, id, bytes.subarray(at, at + PIECE_BYTES));
}

interface Pending {
  bytes: Uint8Array;
  filled: number;
  done: (bytes: Uint8Array) => void;
}

/** Puts announced bytes together again. */
export class AttachmentCollector {
  readonly #pending = new Map<number, Pending>();

  constructor(
    readonly maxBytes: number,
    readonly maxPending: number,
  ) {}

  /** Calls `done` once all bytes have come; at once when there are none. */
  expect(id: number, length: number, done: (bytes: Uint8Array) => void): void {
    if (length === 0) return done(new Uint8Array(0));
    if (length > this.maxBytes) throw new RangeError(`a body of ${length} bytes; at most ${this.maxBytes} are allowed`);
    if (this.#pending.has(id) || this.#pending.size >= this.maxPending) throw new RangeError('too many bodies at once');
    this.#pending.set(id, { bytes: new Uint8Array(length), filled: 0, done });
  }

  add(id: number, piece: Uint8Array): void {
    const pending = this.#pending.get(id);
    if (!pending) throw new RangeError(`a piece of a body that nobody announced`);
    if (pending.filled + piece.length > pending.bytes.length) throw new RangeError('a body is longer than announced');
    pending.bytes.set(piece, pending.filled);
    pending.filled += piece.length;
    if (pending.filled < pending.bytes.length) return;
    this.#pending.delete(id);
    pending.done(pending.bytes);
  }

  clear(): void {
    this.#pending.clear();
  }
}
