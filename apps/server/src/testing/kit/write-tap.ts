type Listener = (line: Uint8Array) => void;

/** Hands on what plugins write to those who record it. */
export class WriteTap {
  readonly #listeners = new Map<string, Set<Listener>>();

  readonly told = (plugin: string, line: Uint8Array): void => {
    for (const listener of this.#listeners.get(plugin) ?? []) listener(line);
  };

  listen(plugin: string, listener: Listener): Disposable {
    const listeners = this.#listeners.get(plugin) ?? new Set();
    this.#listeners.set(plugin, listeners.add(listener));
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  }
}
