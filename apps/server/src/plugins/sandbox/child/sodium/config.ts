import type { ConfigMessage } from '../../protocol/frames.js';
import { formatValue } from '../format-value.js';
import type { SodiumContext } from './context.js';

type Values = Record<string, unknown>;

/** The settings as of the panel's last word. Readers get copies: a change of theirs changes nothing else. */
export class Config {
  #values: Values;
  readonly #listeners: ((changed: Values) => unknown)[] = [];

  constructor(
    readonly context: SodiumContext,
    values: Values,
  ) {
    this.#values = values;
  }

  readonly facade = {
    get: (key: unknown): unknown => {
      const name = String(key);
      return Object.hasOwn(this.#values, name) ? copy(this.#values[name]) : undefined;
    },
    getAll: (): Values => copy(this.#values) as Values,
    set: async (key: unknown, value: unknown): Promise<void> => {
      await this.context.calls.call('config.set', { key: String(key), value: value === undefined ? null : value });
    },
    onChange: (listener: unknown): void => {
      if (typeof listener !== 'function')
        throw new TypeError(`sodium.config.onChange needs a function, not ${typeof listener}.`);
      if (this.#listeners.length >= 100) throw new Error('A plugin can have at most 100 listeners for its settings.');
      this.#listeners.push(listener as (changed: Values) => unknown);
    },
  };

  async update({ changed, all }: ConfigMessage): Promise<void> {
    this.#values = all;
    for (const listener of this.#listeners) {
      try {
        await listener(copy(changed) as Values);
      } catch (error) {
        this.context.log('error', `A listener of sodium.config.onChange failed: ${formatValue(error)}`);
      }
    }
  }
}

const copy = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value;
