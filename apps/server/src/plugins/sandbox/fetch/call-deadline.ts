/**
 * Aborts when `signal` does or when the time is over. With a timer of its own: a timeout that only a combined signal
 * knows of may be collected as garbage, and then it never comes.
 */
export class CallDeadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #follow = (): void => this.#controller.abort(this.source.reason);

  constructor(
    readonly source: AbortSignal,
    ms: number,
  ) {
    const late = new DOMException('The call took too long.', 'TimeoutError');
    this.#timer = setTimeout(() => this.#controller.abort(late), ms);
    if (source.aborted) this.#follow();
    else source.addEventListener('abort', this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.source.removeEventListener('abort', this.#follow);
  }
}
