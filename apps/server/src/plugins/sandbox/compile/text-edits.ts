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
    const parts: string[] = [];
    let at = 0;
    for (const { start, end, text } of this.#applied()) {
      parts.push(this.source.slice(at, start), text);
      at = end;
    }
    parts.push(this.source.slice(at));
    return parts.join('');
  }

  /** Where in the source the character `offset` of the edited text comes from. */
  sourceOffset(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#applied()) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return start;
      shift += text.length - (end - start);
    }
    return offset - shift;
  }

  /** In the order of the text, without those inside of another. */
  *#applied(): Iterable<{ start: number; end: number; text: string }> {
    let at = 0;
    for (const edit of this.#edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
      if (edit.start < at) continue;
      yield edit;
      at = edit.end;
    }
  }
}

const breaks = (text: string): number => text.split('\n').length - 1;
