import { host } from '../host.js';
import { ses } from '../ses.js';

export interface TestClock {
  globals: { Date: unknown };
  set(offsetMs: number): void;
}

/** A `Date` whose present is shifted, for tests that travel in time. Everything else about it is the real one. */
export function createTestClock(offsetMs: number): TestClock {
  const Real = host.Date;
  let offset = offsetMs;
  const now = (): number => Real.now() + offset;
  const Shifted = function (...args: unknown[]): unknown {
    if (!new.target) return new Real(now()).toString();
    return Reflect.construct(Real, args.length === 0 ? [now()] : args, new.target === Shifted ? Real : new.target);
  } as unknown as DateConstructor;
  Object.defineProperties(Shifted, {
    prototype: { value: Real.prototype },
    name: { value: 'Date' },
    now: { value: now },
    parse: { value: Real.parse },
    UTC: { value: Real.UTC },
  });
  ses.harden(Shifted);
  return { globals: { Date: Shifted }, set: (ms) => (offset = ms) };
}
