import type { ConsoleLine } from '@sodium/contract';

const BATCH_MS = 50;
const MAX_LINES = 400;

/** Collects console lines, so that a talkative server costs twenty messages a second and not thousands. */
export class ConsoleBatches {
  readonly #waiting = new Map<string, ConsoleLine[]>();
  readonly #send: (id: string, lines: ConsoleLine[]) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (id: string, lines: ConsoleLine[]) => void) {
    this.#send = send;
  }

  add(id: string, line: ConsoleLine): void {
    const lines = this.#waiting.get(id);
    if (!lines) this.#waiting.set(id, [line]);
    else if (lines.push(line) > MAX_LINES * 2) lines.splice(0, lines.length - MAX_LINES);
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    // What is cut here shows as a gap in the numbers; the lines can still be asked for.
    for (const [id, lines] of waiting) this.#send(id, lines.slice(-MAX_LINES));
  }
}
