import { msg } from '@lit/localize';
import type { Registry } from '@sodium/contract';
import { ApiError } from '../api/api-error.js';
import type { ShellHost } from '../slots/types.js';
import type { FrameStart } from './frame-start.js';
import type { PageLink } from './page-link.js';

/** What a plugin's client may ask of the shell, answered from inside a sealed frame. */
export class FrameHost implements ShellHost {
  readonly user: ShellHost['user'];
  readonly #answers = new Map<number, (answer: boolean) => void>();
  readonly #modeListeners = new Set<(mode: 'light' | 'dark') => void>();
  #mode: 'light' | 'dark' = 'light';
  #questions = 0;

  constructor(
    readonly start: FrameStart,
    readonly link: PageLink,
  ) {
    this.user = start.user;
  }

  // The admin sees every server; a plugin in this frame has no right to. Its own routes tell it what it may know.
  readonly live: ShellHost['live'] = { on: () => () => undefined };

  readonly theme: ShellHost['theme'] = Object.defineProperties({} as ShellHost['theme'], {
    mode: { get: () => this.#mode },
    subscribe: {
      value: (listener: (mode: 'light' | 'dark') => void) => {
        this.#modeListeners.add(listener);
        return () => this.#modeListeners.delete(listener);
      },
    },
  });

  setMode(mode: 'light' | 'dark'): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    for (const listener of this.#modeListeners) listener(mode);
  }

  navigate(path: string): void {
    this.link.send({ type: 'navigate', path });
  }

  toast(message: string, variant: 'info' | 'success' | 'warning' | 'danger'): void {
    this.link.send({ type: 'toast', message: String(message), variant });
  }

  confirm(options: { title: string; message: string; confirmLabel?: string; danger?: boolean }): Promise<boolean> {
    const id = (this.#questions += 1);
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.link.send({ type: 'confirm', id, ...options, danger: options.danger ?? false });
    });
  }

  answer(id: number, answer: boolean): void {
    this.#answers.get(id)?.(answer);
    this.#answers.delete(id);
  }

  /** The registry came with the document, failures go to the page; all else is a route of the plugin's own. */
  async request(method: string, path: string, body?: unknown): Promise<unknown> {
    if (path === '/api/registry') return { items: [this.start.plugin] } satisfies Registry;
    if (path === '/api/client-errors') return this.#report(body as Record<string, unknown>);
    const response = await this.#fetch(method, this.start.prefix + path, body);
    const text = await response.text();
    const answer: unknown =
      text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text || undefined;
    if (response.ok) return answer;
    throw ApiError.fromBody(response.status, answer);
  }

  async #fetch(method: string, address: string, body: unknown): Promise<Response> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    try {
      return await fetch(address, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    } catch (cause) {
      const message = msg('The panel cannot be reached. Check the connection, then try again.');
      throw new ApiError(0, 'UNREACHABLE', message, undefined, undefined, { cause });
    }
  }

  #report({ message, stack, where }: Record<string, unknown>): void {
    this.link.send({
      type: 'report',
      message: String(message),
      stack: String(stack ?? ''),
      where: String(where ?? ''),
    });
  }
}
