import { msg, str } from '@lit/localize';
import type { HookServer, ServerLive } from '@sodium/sdk';
import type { Usage } from '@sodium/contract';
import type { ServerStore } from '../../live/server-store.js';

/** A server as a plugin's tab sees it: what it may read, and a call at every change. */
export class LiveServer implements ServerLive {
  readonly #listeners = new Set<(live: ServerLive) => void>();
  readonly #changed = (): void => {
    for (const listener of [...this.#listeners]) this.#tell(listener);
  };

  constructor(
    private readonly store: ServerStore,
    private readonly id: string,
  ) {
    store.addEventListener('change', this.#changed);
  }

  get server(): HookServer {
    const server = this.store.get(this.id);
    if (!server) throw new Error(msg(str`Server “${this.id}” is gone.`));
    return structuredClone(server) as HookServer;
  }

  get usage(): Usage | null {
    const usage = this.store.usage(this.id);
    return usage ? { ...usage } : null;
  }

  subscribe(listener: (live: ServerLive) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.store.removeEventListener('change', this.#changed);
    this.#listeners.clear();
  }

  /** A listener that throws must not keep the others from hearing; the window's error handler attributes it. */
  #tell(listener: (live: ServerLive) => void): void {
    if (!this.store.get(this.id)) return;
    try {
      listener(this);
    } catch (error) {
      reportError(error);
    }
  }
}
