import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Shell } from '../shell.js';

/** Has the router ask before input is lost. Ends with its element. */
export class UnsavedGuard implements ReactiveController {
  #release: (() => void) | null = null;

  constructor(private readonly host: ReactiveControllerHost & { shell: Shell }) {
    host.addController(this);
  }

  get dirty(): boolean {
    return this.#release !== null;
  }

  mark(): void {
    if (this.#release) return;
    this.#release = this.host.shell.router.holdUnsaved();
    this.host.requestUpdate();
  }

  clear(): void {
    this.#release?.();
    this.#release = null;
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#release?.();
    this.#release = null;
  }
}
