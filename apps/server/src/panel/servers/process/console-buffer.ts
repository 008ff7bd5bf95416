import type { ConsoleLine } from '@sodium/contract';

const MAX_LINES = 1000;
const MAX_CHARACTERS = 256 * 1024;

/** The last lines of a server's console. Sequence numbers grow by one and are never used twice. */
export class ConsoleBuffer {
  #lines: ConsoleLine[] = [];
  #characters = 0;
  #next = 1;

  push(stream: ConsoleLine['stream'], text: string): ConsoleLine {
    const line: ConsoleLine = { seq: this.#next++, at: Date.now(), stream, text };
    this.#lines.push(line);
    this.#characters += text.length;
    // Trimmed in steps: shifting a thousand lines for each new one would cost more than the output itself.
    if (this.#lines.length > MAX_LINES + 200 || this.#characters > MAX_CHARACTERS * 1.2) this.#trim();
    return line;
  }

  /** The kept lines after `seq`. A number from before a restart of the panel is ahead of ours: then all lines. */
  after(seq = 0): ConsoleLine[] {
    this.#trim();
    const from = seq >= this.#next ? 0 : seq;
    return this.#lines.filter((line) => line.seq > from);
  }

  #trim(): void {
    let cut = Math.max(0, this.#lines.length - MAX_LINES);
    let characters = this.#characters;
    for (let index = 0; index < cut; index++) characters -= this.#lines[index]!.text.length;
    while (characters > MAX_CHARACTERS && cut < this.#lines.length - 1) characters -= this.#lines[cut++]!.text.length;
    if (cut > 0) this.#lines = this.#lines.slice(cut);
    this.#characters = characters;
  }
}
