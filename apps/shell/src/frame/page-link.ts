import type { FrameMessage, PageMessage } from './frame-messages.js';

type Handlers = { [M in PageMessage as M['type']]?: (message: M) => void };

/** The frame's only way out: messages to the page that shows it. */
export class PageLink {
  readonly #page = window.parent;

  constructor(readonly origin: string) {}

  /** Only that page is listened to, and only it hears what is said here. */
  listen(handlers: Handlers): void {
    window.addEventListener('message', (event: MessageEvent<PageMessage>) => {
      if (event.source !== this.#page || event.origin !== this.origin) return;
      (handlers[event.data.type] as ((message: PageMessage) => void) | undefined)?.(event.data);
    });
  }

  send(message: FrameMessage): void {
    this.#page.postMessage(message, this.origin);
  }
}
