export type Dispose = () => void;

/** A typed event: whoever listens gets a function that ends it, and one bad listener does not silence the others. */
export class Listeners<T> {
  readonly #listeners = new Set<(event: T) => void>();

  add(listener: (event: T) => void): Dispose {
    // Wrapped, so that the same function added twice is two registrations.
    const entry = (event: T): void => listener(event);
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  emit(event: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // Seen in the log; harmless to the other listeners and to what was going on.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
