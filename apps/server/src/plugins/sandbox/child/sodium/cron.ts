import { assertOpen, type SodiumContext } from './context.js';

const MAX_CRONS = 100;
const NAME = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,79}$/;

interface Cron {
  expression: string;
  timezone: string;
  run: () => unknown;
}

/** The schedule itself lives in the panel; here are the handlers. */
export class Crons {
  readonly #crons = new Map<string, Cron>();

  constructor(readonly context: SodiumContext) {}

  readonly facade = {
    register: (name: unknown, expression: unknown, handler: unknown, options: { timezone?: unknown } = {}): void => {
      const call = `sodium.cron.register(${JSON.stringify(String(name))})`;
      this.context.permissions.require('sodium.cron', 'cron:register');
      assertOpen(this.context, call);
      if (typeof name !== 'string' || !NAME.test(name))
        throw new TypeError(`${call}: the name must have letters, digits, ":", ".", "_" and "-", at most 80.`);
      if (typeof expression !== 'string')
        throw new TypeError(`${call}: the cron expression must be a string such as "0 3 * * *".`);
      if (typeof handler !== 'function') throw new TypeError(`${call} needs a function, not ${typeof handler}.`);
      if (this.#crons.has(name)) throw new Error(`${call}: this plugin has a task of that name already.`);
      if (this.#crons.size >= MAX_CRONS) throw new Error(`A plugin can have at most ${MAX_CRONS} scheduled tasks.`);
      this.#crons.set(name, {
        expression,
        timezone: String(options?.timezone ?? 'UTC'),
        run: handler as () => unknown,
      });
    },
  };

  registrations(): { name: string; expression: string; timezone: string }[] {
    return [...this.#crons].map(([name, { expression, timezone }]) => ({ name, expression, timezone }));
  }

  async run(name: string): Promise<void> {
    const cron = this.#crons.get(name);
    if (!cron) throw new Error(`There is no scheduled task "${name}".`);
    await cron.run();
  }
}
