/* The platform's own classes carry symbol-keyed state that two compartments could talk through; these are plain objects. */

type Listener = ((event: PlainEvent) => unknown) | { handleEvent(event: PlainEvent): unknown };
interface ListenerOptions {
  once?: boolean;
  signal?: PlainAbortSignal;
}

export class PlainEvent {
  readonly type: string;
  readonly cancelable: boolean;
  readonly timeStamp = Date.now();
  target: PlainEventTarget | null = null;
  #prevented = false;
  #stopped = false;

  constructor(type: string, options: { cancelable?: boolean } = {}) {
    this.type = String(type);
    this.cancelable = Boolean(options.cancelable);
  }
  get currentTarget(): PlainEventTarget | null {
    return this.target;
  }
  get defaultPrevented(): boolean {
    return this.#prevented;
  }
  get stopped(): boolean {
    return this.#stopped;
  }
  preventDefault(): void {
    if (this.cancelable) this.#prevented = true;
  }
  stopPropagation(): void {}
  stopImmediatePropagation(): void {
    this.#stopped = true;
  }
}

export class PlainEventTarget {
  #listeners = new Map<string, { listener: Listener; once: boolean }[]>();

  addEventListener(type: string, listener: Listener | null, options: ListenerOptions | boolean = {}): void {
    if (!listener) return;
    const { once = false, signal } = typeof options === 'object' && options !== null ? options : {};
    if (signal?.aborted) return;
    const list = this.#listeners.get(type) ?? [];
    if (list.some((entry) => entry.listener === listener)) return;
    list.push({ listener, once });
    this.#listeners.set(type, list);
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true });
  }
  removeEventListener(type: string, listener: Listener | null): void {
    const rest = (this.#listeners.get(type) ?? []).filter((entry) => entry.listener !== listener);
    this.#listeners.set(type, rest);
  }
  dispatchEvent(event: PlainEvent): boolean {
    event.target = this;
    for (const { listener, once } of [...(this.#listeners.get(event.type) ?? [])]) {
      if (once) this.removeEventListener(event.type, listener);
      try {
        if (typeof listener === 'function') listener.call(this, event);
        else listener.handleEvent(event);
      } catch (error) {
        // As in a browser: a failing listener is reported and stops nobody else.
        void Promise.reject(error);
      }
      if (event.stopped) break;
    }
    return !event.defaultPrevented;
  }
}

/** Stands in for `DOMException` where the platform would throw one. */
export class AbortError extends Error {
  readonly code = 20;
  constructor(message = 'This operation was aborted', name = 'AbortError') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
  }
}

const makeSignal = Symbol('make signal');
let delay: (run: () => void, ms: number) => unknown = () => undefined;

/** `AbortSignal.timeout` counts among the plugin's timers. */
export function useTimersForSignals(setTimer: typeof delay): void {
  delay = setTimer;
}

export class PlainAbortSignal extends PlainEventTarget {
  #aborted = false;
  #reason: unknown = undefined;
  onabort: ((event: PlainEvent) => unknown) | null = null;

  constructor(key?: symbol) {
    super();
    if (key !== makeSignal) throw new TypeError('Illegal constructor');
  }
  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }
  static abortSignal(signal: PlainAbortSignal, reason: unknown): void {
    if (signal.#aborted) return;
    signal.#aborted = true;
    signal.#reason = reason === undefined ? new AbortError() : reason;
    const event = new PlainEvent('abort');
    if (typeof signal.onabort === 'function') signal.addEventListener('abort', signal.onabort, { once: true });
    signal.dispatchEvent(event);
  }
  static abort(reason?: unknown): PlainAbortSignal {
    const signal = new PlainAbortSignal(makeSignal);
    PlainAbortSignal.abortSignal(signal, reason);
    return signal;
  }
  static timeout(ms: number): PlainAbortSignal {
    const signal = new PlainAbortSignal(makeSignal);
    delay(
      () =>
        PlainAbortSignal.abortSignal(
          signal,
          new AbortError('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      Number(ms),
    );
    return signal;
  }
  static any(signals: Iterable<PlainAbortSignal>): PlainAbortSignal {
    const combined = new PlainAbortSignal(makeSignal);
    for (const signal of signals) {
      if (signal.aborted) PlainAbortSignal.abortSignal(combined, signal.reason);
      else
        signal.addEventListener('abort', () => PlainAbortSignal.abortSignal(combined, signal.reason), { once: true });
    }
    return combined;
  }
}

export class PlainAbortController {
  readonly signal = new PlainAbortSignal(makeSignal);
  abort(reason?: unknown): void {
    PlainAbortSignal.abortSignal(this.signal, reason);
  }
}
