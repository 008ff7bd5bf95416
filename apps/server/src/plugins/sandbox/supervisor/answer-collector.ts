import { Readable } from 'node:stream';
import { BODY_WINDOW, PIECE_BYTES, WHOLE_BODY_BYTES } from '../protocol/frames.js';
import type { HttpAnswer } from '../types.js';
import type { Head } from './child-messages.js';

interface Whole {
  kind: 'whole';
  head: Head;
  bytes: Uint8Array;
  filled: number;
  done(answer: HttpAnswer): void;
}
interface Streamed {
  kind: 'streamed';
  readable: Readable;
  left: number;
  /** Pieces that the child may still send. */
  window: number;
  /** Runs while the child owes a piece. */
  stall: NodeJS.Timeout | null;
}

export interface BodyFlow {
  credit(id: number, pieces: number): void;
  abort(id: number): void;
}

/** Puts answers together: small ones whole, large ones as a stream that is filled no faster than it is read. */
export class AnswerCollector {
  readonly #open = new Map<number, Whole | Streamed>();

  constructor(
    readonly flow: BodyFlow,
    /** How long the child may take for a piece that was asked for. */
    readonly stallMs: number,
  ) {}

  begin(id: number, head: Head, done: (answer: HttpAnswer) => void): void {
    const { status, headers, body } = head;
    if (this.#open.has(id)) throw new Error('a second answer to one request');
    if (body === 0) return done({ status, headers, body: new Uint8Array(0) });
    if (body <= WHOLE_BODY_BYTES) {
      this.#open.set(id, { kind: 'whole', head, bytes: new Uint8Array(body), filled: 0, done });
      return;
    }
    const readable = this.#stream(id);
    const streamed: Streamed = { kind: 'streamed', readable, left: body, window: BODY_WINDOW, stall: null };
    this.#open.set(id, streamed);
    this.#await(streamed);
    done({ status, headers: { ...headers, 'content-length': String(body) }, body: readable });
  }

  /** False when nobody waits for this body any more. */
  add(id: number, piece: Uint8Array): boolean {
    const open = this.#open.get(id);
    if (!open) return false;
    if (piece.length === 0 || piece.length > PIECE_BYTES)
      throw new Error(`a piece of a body with ${piece.length} bytes`);
    if (open.kind === 'whole') this.#fill(id, open, piece);
    else this.#pass(id, open, piece);
    return true;
  }

  /** Drops a half-received answer. */
  abandon(id: number): void {
    const open = this.#open.get(id);
    if (open?.kind === 'streamed') open.readable.destroy();
    this.#open.delete(id);
  }

  failAll(error: Error): void {
    for (const open of [...this.#open.values()]) if (open.kind === 'streamed') open.readable.destroy(error);
    this.#open.clear();
  }

  get size(): number {
    return this.#open.size;
  }

  #fill(id: number, open: Whole, piece: Uint8Array): void {
    if (open.filled + piece.length > open.bytes.length) throw new Error('an answer longer than announced');
    open.bytes.set(piece, open.filled);
    open.filled += piece.length;
    if (open.filled < open.bytes.length) return;
    this.#open.delete(id);
    open.done({ status: open.head.status, headers: open.head.headers, body: open.bytes });
  }

  #pass(id: number, open: Streamed, piece: Uint8Array): void {
    if (piece.length > open.left) throw new Error('an answer longer than announced');
    if (open.window-- <= 0) throw new Error('more of an answer than was asked for');
    open.left -= piece.length;
    open.readable.push(piece);
    this.#await(open);
    if (open.left > 0) return;
    this.#open.delete(id);
    open.readable.push(null);
  }

  #await(open: Streamed): void {
    if (open.stall) clearTimeout(open.stall);
    open.stall = null;
    if (open.window <= 0 || open.left === 0) return;
    open.stall = setTimeout(
      () => open.readable.destroy(new Error(`The plugin stopped in the middle of an answer for ${this.stallMs} ms.`)),
      this.stallMs,
    );
  }

  #stream(id: number): Readable {
    const grant = (): void => {
      const open = this.#open.get(id);
      if (open?.kind !== 'streamed') return;
      const pieces = BODY_WINDOW - open.window - Math.ceil(open.readable.readableLength / PIECE_BYTES);
      if (pieces <= 0) return;
      open.window += pieces;
      this.#await(open);
      this.flow.credit(id, pieces);
    };
    const abandon = (): void => {
      const open = this.#open.get(id);
      if (open?.kind === 'streamed' && open.stall) clearTimeout(open.stall);
      if (this.#open.delete(id)) this.flow.abort(id);
    };
    const readable = new Readable({
      highWaterMark: BODY_WINDOW * PIECE_BYTES,
      read: grant,
      destroy(error, done) {
        abandon();
        done(error);
      },
    });
    // It may fail before anyone reads it; an error without a listener would end the panel.
    readable.on('error', () => undefined);
    return readable;
  }
}
