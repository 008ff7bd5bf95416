import { HOOKS, matchHooks, type HookName } from '@sodium/sdk';
import type { HookMessage } from '../../protocol/frames.js';
import type { HookOutcome } from '../../types.js';
import { assertOpen, type SodiumContext } from './context.js';
import { checkHookPattern } from './permissions.js';

const MAX_REASON = 300;
const MAX_HANDLERS = 200;
const UNSAID = 'Refused by a plugin.';

interface Handler {
  pattern: string;
  priority: number;
  run: (context: unknown) => unknown;
}

export class Hooks {
  readonly #handlers: Handler[] = [];

  constructor(readonly context: SodiumContext) {}

  readonly facade = {
    on: (event: string, handler: (context: unknown) => unknown, priority: unknown = 10): void => {
      const pattern = String(event);
      assertOpen(this.context, `sodium.hooks.on("${pattern}")`);
      if (typeof handler !== 'function')
        throw new TypeError(`sodium.hooks.on("${pattern}") needs a function, not ${typeof handler}.`);
      if (typeof priority !== 'number' || !Number.isFinite(priority))
        throw new TypeError(`sodium.hooks.on("${pattern}"): the priority must be a number.`);
      checkHookPattern(pattern, this.context.declaredHooks, this.context.permissions);
      if (this.#handlers.length >= MAX_HANDLERS)
        throw new Error(`A plugin can have at most ${MAX_HANDLERS} hook handlers.`);
      this.#handlers.push({ pattern, priority, run: handler });
    },
  };

  registrations(): { pattern: string; priority: number }[] {
    return this.#handlers.map(({ pattern, priority }) => ({ pattern, priority }));
  }

  async run({ handler, event, context }: HookMessage): Promise<HookOutcome> {
    const entry = this.#handlers[handler];
    // Handlers are known by their place, and what a plugin registers may differ from one start to the next.
    if (!entry || !matchHooks(entry.pattern).includes(event as HookName))
      throw new Error(`The plugin registered other handlers than before; there is none for ${event} at this place.`);
    const fields = context as Record<string, unknown>;
    const mutable = HOOKS[event as HookName].mutable ?? [];
    const before = mutable.map((path) => JSON.stringify(read(fields, path)));
    let denied: string | null = null;
    if (HOOKS[event as HookName].kind === 'before') {
      fields.deny = (reason: unknown) => {
        denied ??= reasonOf(reason);
      };
    }
    try {
      await entry.run(fields);
    } catch (error) {
      if (denied === null) throw error;
    }
    if (denied !== null) return { kind: 'denied', reason: denied };
    const changes = changedFields(fields, mutable, before);
    // Reading the fields may have run code of the plugin once more.
    if (denied !== null) return { kind: 'denied', reason: denied };
    return changes === null ? { kind: 'passed' } : { kind: 'passed', changes };
  }
}

/** A denial stands whatever its reason is made of. */
function reasonOf(reason: unknown): string {
  try {
    return String(reason ?? UNSAID).slice(0, MAX_REASON);
  } catch {
    return UNSAID;
  }
}

/** The mutable fields that differ now, in the shape of the context. */
function changedFields(
  fields: Record<string, unknown>,
  mutable: readonly string[],
  before: readonly (string | undefined)[],
): unknown {
  const changes: Record<string, unknown> = {};
  let any = false;
  mutable.forEach((path, index) => {
    const now = JSON.stringify(read(fields, path));
    if (now === undefined || now === before[index]) return;
    any = true;
    write(changes, path, JSON.parse(now));
  });
  return any ? changes : null;
}

function read(fields: Record<string, unknown>, path: string): unknown {
  let value: unknown = fields;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[key];
  return value;
}

function write(target: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split('.');
  let parent = target;
  for (const key of keys.slice(0, -1)) parent = (parent[key] ??= {}) as Record<string, unknown>;
  parent[keys[keys.length - 1]!] = value;
}
