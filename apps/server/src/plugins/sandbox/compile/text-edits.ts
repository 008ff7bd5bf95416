/** Replacements in a text, applied together. Lines stay where they are: a replaced line break is put back. */
export class TextEdits {
  readonly #edits: { start: number; end: number; text: string }[] = [];

  constructor(readonly source: string) {}

  replace(start: number, end: number, text: string): void {
    const kept = breaks(this.source.slice(start, end));
    const added = breaks(text);
    this.#edits.push({ start, end, text: text + '\n'.repeat(Math.max(0, kept - added)) });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Replaces everything but line breaks with spaces. */
  blank(start: number, end: number): void {
    this.#edits.push({ start, end, text: this.source.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, ' ') });
  }

  apply(): string {
    const sorted = this.#edits.sort((a, b) => a.start - b.start || a.end - b.end);
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, text } of sorted) {
      if (start < at) continue;
      parts.push(this.source.slice(at, start), text);
      at = end;
    }
    parts.push(this.source.slice(at));
    return parts.join('');
  }
}

const breaks = (text: string): number => text.split('\n').length - 1;
