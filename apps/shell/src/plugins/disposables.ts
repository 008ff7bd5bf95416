import type { Dispose } from '@sodium/sdk';

/** What somebody registered, to be taken back together, the last first. */
export class Disposables {
  readonly #entries = new Set<Dispose>();
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Returns a function that takes back this one alone; calling it twice is harmless. */
  add(dispose: Dispose): Dispose {
    const once = (): void => {
      if (this.#entries.delete(once)) dispose();
    };
    this.#entries.add(once);
    if (this.#disposed) once();
    return once;
  }

  dispose(): void {
    this.#disposed = true;
    for (const dispose of [...this.#entries].reverse()) {
      try {
        dispose();
      } catch (error) {
        console.error('Something could not be taken back:', error);
      }
    }
  }
}
