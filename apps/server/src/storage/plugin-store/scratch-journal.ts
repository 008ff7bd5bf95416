/** Where a preview's writes go: memory that outlives the plugin's process, and is dropped with the preview. */
export class ScratchJournal {
  readonly broken = null;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(
    private readonly maxBytes = 32 * 1024 * 1024,
    /** After each write. */
    private readonly onAppend: () => void = () => undefined,
  ) {}

  get length(): number {
    return this.#length;
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  async append(buffers: readonly Uint8Array[]): Promise<void> {
    const added = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (this.#length + added > this.maxBytes) {
      throw Object.assign(new Error(`A preview keeps at most ${this.maxBytes} bytes of writes.`), { code: 'QUOTA' });
    }
    this.#chunks.push(...buffers);
    this.#length += added;
    this.onAppend();
  }

  async close(): Promise<void> {}
}
