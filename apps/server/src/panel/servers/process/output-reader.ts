import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const WINDOW_MS = 100;
const BYTES_PER_WINDOW = 64 * 1024;
const LINES_PER_WINDOW = 200;
const MAX_LINE = 4096;
/** A prompt without a line feed is shown after this long. */
const PARTIAL_MS = 150;

export interface OutputSink {
  line(text: string): void;
  /** Output was left out because there was too much of it. */
  dropped(bytes: number): void;
}

/**
 * Turns a process's output into lines at a bounded cost: past a number of bytes the pipe is left alone until the next
 * window, so that the process itself waits, and past a number of lines the rest of what was read is counted, not split.
 */
export class OutputReader {
  readonly #stream: Readable;
  readonly #sink: OutputSink;
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #bytes = 0;
  #lines = 0;
  #dropped = 0;
  #skipToLineEnd = false;
  #window: NodeJS.Timeout | null = null;
  #flush: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(stream: Readable, sink: OutputSink) {
    this.#stream = stream;
    this.#sink = sink;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => undefined);
  }

  /** Emits what is left and stops reading. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#window) clearTimeout(this.#window);
    if (this.#flush) clearTimeout(this.#flush);
    this.#emitPartial();
    this.#reportDropped();
    this.#stream.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#ended) return;
    this.#window ??= setTimeout(() => this.#nextWindow(), WINDOW_MS);
    this.#bytes += chunk.length;
    if (this.#lines >= LINES_PER_WINDOW) this.#drop(chunk.length);
    else this.#split(this.#decoder.write(chunk));
    if (this.#bytes >= BYTES_PER_WINDOW) this.#stream.pause();
  }

  #nextWindow(): void {
    this.#window = null;
    this.#bytes = 0;
    this.#lines = 0;
    this.#reportDropped();
    this.#stream.resume();
  }

  #split(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#take(text.slice(from, end), true);
      from = end + 1;
      if (this.#lines >= LINES_PER_WINDOW)
        return this.#drop(Buffer.byteLength(text) - Buffer.byteLength(text.slice(0, from)));
    }
    if (from < text.length) this.#take(text.slice(from), false);
    if (this.#flush) clearTimeout(this.#flush);
    this.#flush = this.#partial === '' ? null : setTimeout(() => this.#emitPartial(), PARTIAL_MS);
  }

  #take(text: string, complete: boolean): void {
    if (this.#skipToLineEnd) {
      this.#dropped += text.length;
    } else {
      this.#partial += text;
      if (this.#partial.length > MAX_LINE) {
        this.#dropped += this.#partial.length - MAX_LINE;
        this.#partial = this.#partial.slice(0, MAX_LINE) + '…';
        this.#emitPartial(true);
        this.#skipToLineEnd = true;
      }
    }
    if (!complete) return;
    if (!this.#skipToLineEnd) this.#emitPartial(true);
    this.#skipToLineEnd = false;
  }

  #emitPartial(evenEmpty = false): void {
    if (this.#partial === '' && !evenEmpty) return;
    const text = this.#partial.endsWith('\r') ? this.#partial.slice(0, -1) : this.#partial;
    this.#partial = '';
    this.#lines++;
    this.#sink.line(text);
  }

  #drop(bytes: number): void {
    if (bytes > 0) this.#skipToLineEnd = true;
    this.#dropped += bytes;
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const bytes = this.#dropped;
    this.#dropped = 0;
    this.#sink.dropped(bytes);
  }
}
