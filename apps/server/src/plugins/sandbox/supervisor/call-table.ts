import type { z } from 'zod';
import { PluginError } from '../../errors.js';
import type { ChildError } from './child-messages.js';

export type CallKind = 'http' | 'hook' | 'cron' | 'method' | 'other';

export interface OpenCall {
  readonly kind: CallKind;
  /** How messages name it: `route GET /x`. */
  readonly label: string;
  /** The plugins that led here by calling each other. */
  readonly chain: readonly string[];
  resolve(value: unknown): void;
  reject(error: PluginError): void;
}

interface Entry extends OpenCall {
  timer: NodeJS.Timeout;
}

/** Calls that wait for the child's answer, each with its deadline. */
export class CallTable {
  readonly #open = new Map<number, Entry>();
  #nextId = 1;

  constructor(
    readonly plugin: string,
    readonly limit: number,
  ) {}

  get size(): number {
    return this.#open.size;
  }

  get(id: number): OpenCall | undefined {
    return this.#open.get(id);
  }

  /** Opens a call and sends it; rejects at once when too many are open. */
  open(call: Omit<OpenCall, 'resolve' | 'reject'>, deadlineMs: number, send: (id: number) => void): Promise<unknown> {
    if (this.#open.size >= this.limit) {
      return Promise.reject(
        new PluginError(
          this.plugin,
          'PLUGIN_OVERLOADED',
          `Plugin "${this.plugin}" has ${this.limit} calls under way already; ${call.label} was refused. Try again.`,
        ),
      );
    }
    const id = this.#nextId;
    this.#nextId = id >= 0xffff_fff0 ? 1 : id + 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#open.delete(id);
        reject(
          new PluginError(
            this.plugin,
            'PLUGIN_TIMEOUT',
            `Plugin "${this.plugin}" did not answer ${call.label} within ${deadlineMs} ms.`,
          ),
        );
      }, deadlineMs);
      this.#open.set(id, { ...call, timer, resolve, reject });
      try {
        send(id);
      } catch (error) {
        this.fail(
          id,
          new PluginError(
            this.plugin,
            'PLUGIN_FAILED',
            `${call.label} of plugin "${this.plugin}": ${(error as Error).message}`,
            { cause: error },
          ),
        );
      }
    });
  }

  resolve(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  fail(id: number, error: PluginError): void {
    this.#take(id)?.reject(error);
  }

  failAll(error: (label: string) => PluginError): void {
    for (const [id, { label }] of [...this.#open]) this.fail(id, error(label));
  }

  #take(id: number): Entry | undefined {
    const entry = this.#open.get(id);
    if (entry) clearTimeout(entry.timer);
    this.#open.delete(id);
    return entry;
  }
}

const CODES = new Set(['PLUGIN_STORE_FAILED', 'METHOD_NOT_FOUND', 'PERMISSION_DENIED', 'CALL_REFUSED'] as const);
type PassedCode = typeof CODES extends Set<infer C> ? C : never;

/** What a plugin's code threw, named so that nobody blames the panel. The plugin's own stack is the cause's. */
export function pluginError(plugin: string, label: string, { name, message, code, stack }: ChildError): PluginError {
  const passed = CODES.has(code as PassedCode) ? (code as PassedCode) : 'PLUGIN_FAILED';
  const cause = Object.assign(new Error(message), { name, stack });
  return new PluginError(
    plugin,
    passed,
    `Plugin "${plugin}" failed in ${label}: ${name === 'Error' ? '' : `${name}: `}${message}`,
    { cause },
  );
}

export function invalidHead(plugin: string, label: string, { issues }: z.ZodError): PluginError {
  const where = issues[0]?.path.join('.') || 'headers';
  return new PluginError(
    plugin,
    'PLUGIN_FAILED',
    `Plugin "${plugin}" gave an answer with an invalid status or header (${where}) to ${label}.`,
  );
}
