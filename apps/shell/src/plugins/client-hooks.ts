import type { Dispose, HookContexts, HookUser } from '@sodium/sdk';
import { withDeadline } from '../slots/deadline.js';

/** How long one filter may hold up the layout. */
const FILTER_DEADLINE_MS = 300;

export type ClientHook = 'sidebar:items' | 'admin:tabs';
type Items<E extends ClientHook> = HookContexts[E]['items'];
interface Listener {
  handler(context: unknown): unknown;
  onError(error: unknown): void;
}

/** The filters that clients registered. One that fails, is late or answers nonsense is left out; the others still run. */
export class ClientHooks {
  readonly #listeners = new Map<ClientHook, Set<Listener>>();

  constructor(private readonly user: HookUser) {}

  on(event: ClientHook, listener: Listener): Dispose {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async filter<E extends ClientHook>(event: E, items: Items<E>): Promise<Items<E>> {
    let current = items;
    for (const { handler, onError } of this.#listeners.get(event) ?? []) {
      try {
        // A copy: a filter that fails half-way must not leave half a change behind.
        const context = { user: { ...this.user }, items: structuredClone(current) };
        const answer = await withDeadline(handler(context), FILTER_DEADLINE_MS, `The filter for "${event}"`);
        current = checkItems(event, answer === undefined || answer === context ? context.items : answer);
      } catch (error) {
        onError(error);
      }
    }
    return current;
  }
}

function checkItems<E extends ClientHook>(event: E, answer: unknown): Items<E> {
  if (!Array.isArray(answer))
    throw new TypeError(`A filter for "${event}" leaves a list in ctx.items or returns one, found ${typeof answer}.`);
  const fields = event === 'sidebar:items' ? ['id', 'label', 'href'] : ['id', 'label'];
  for (const item of answer as Record<string, unknown>[]) {
    const missing = fields.find((field) => typeof item?.[field] !== 'string');
    if (missing) throw new TypeError(`A filter for "${event}" returned an item without "${missing}".`);
    if ('href' in item && !/^\/(?!\/)/.test(String(item.href)))
      throw new TypeError(`A sidebar item’s "href" starts with one "/", found "${String(item.href)}".`);
  }
  return answer as Items<E>;
}
