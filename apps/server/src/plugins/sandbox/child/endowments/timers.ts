import { host } from '../host.js';

export const MAX_TIMERS = 1000;
const MIN_INTERVAL_MS = 10;
const MAX_DELAY_MS = 2_147_483_647;

export interface Timers {
  globals: Record<string, unknown>;
  count(): number;
}

/** Timers with a cap, whose callbacks cannot take the process down, and whose handles carry nothing of the host. */
export function createTimers(report: (error: unknown) => void): Timers {
  const running = new Map<number, () => void>();
  let nextId = 1;

  const clear = (timer: unknown): void => {
    const id = Number(timer ?? 0);
    running.get(id)?.();
    running.delete(id);
  };
  const handle = (id: number): object => {
    const timer = {
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      close: () => clear(id),
      [Symbol.toPrimitive]: () => id,
    };
    return timer;
  };
  const start =
    (repeat: boolean) =>
    (callback: unknown, delay?: unknown, ...args: unknown[]) => {
      if (typeof callback !== 'function') throw new TypeError(`A timer needs a function, not ${typeof callback}.`);
      if (running.size >= MAX_TIMERS) throw new Error(`A plugin can have at most ${MAX_TIMERS} timers at once.`);
      const id = nextId++;
      const run = (): void => {
        if (!repeat) running.delete(id);
        try {
          const result: unknown = callback(...args);
          if (result instanceof Promise) result.catch(report);
        } catch (error) {
          report(error);
        }
      };
      const ms = Math.min(Math.max(Number(delay) || 0, repeat ? MIN_INTERVAL_MS : 1), MAX_DELAY_MS);
      const timer = repeat ? host.setInterval(run, ms) : host.setTimeout(run, ms);
      running.set(id, () => (repeat ? host.clearInterval(timer) : host.clearTimeout(timer)));
      return handle(id);
    };

  const setTimeout = start(false);
  return {
    globals: {
      setTimeout,
      setInterval: start(true),
      setImmediate: (callback: unknown, ...args: unknown[]) => setTimeout(callback, 0, ...args),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
      queueMicrotask: (callback: unknown) => {
        if (typeof callback !== 'function')
          throw new TypeError(`queueMicrotask needs a function, not ${typeof callback}.`);
        void Promise.resolve().then(() => {
          try {
            callback();
          } catch (error) {
            report(error);
          }
        });
      },
    },
    count: () => running.size,
  };
}
