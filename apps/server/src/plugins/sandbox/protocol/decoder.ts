import { HEADER_BYTES } from './channel.js';

export type FrameHandler = (type: number, id: number, payload: Uint8Array) => void;

/** Cuts a byte stream into frames. Throws at the first header that announces more than its type may carry. */
export class FrameDecoder {
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  /** Bytes to wait for before looking again, so that a large frame in small pieces is joined once. */
  #wanted = HEADER_BYTES;

  constructor(
    readonly maxBytes: (type: number) => number,
    readonly onFrame: FrameHandler,
  ) {}

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#wanted) return;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#buffered);
    const rest = this.#cut(bytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#buffered = rest.length;
  }

  #cut(bytes: Uint8Array): Uint8Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (;;) {
      this.#wanted = HEADER_BYTES;
      if (bytes.length - at < HEADER_BYTES) break;
      const length = view.getUint32(at, true);
      const type = view.getUint8(at + 4);
      const limit = this.maxBytes(type);
      if (length > limit)
        throw new Error(`a frame of type ${type} announces ${length} bytes; at most ${limit} are allowed`);
      if (bytes.length - at < HEADER_BYTES + length) {
        this.#wanted = HEADER_BYTES + length;
        break;
      }
      const start = at + HEADER_BYTES;
      at = start + length;
      this.onFrame(type, view.getUint32(start - 4, true), bytes.subarray(start, at));
    }
    return at === 0 ? bytes : bytes.subarray(at);
  }
}
