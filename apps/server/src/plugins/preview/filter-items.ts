import type { z } from 'zod';
import type { HookContexts } from '@sodium/sdk';
import type { HookData } from '../hooks-port.js';
import { FILTER_DEADLINE_MS } from '../hooks/hook-bus.js';
import { applyChanges } from '../hooks/mutable-fields.js';
import { handlersOf, type Listening } from './replay-events.js';

export interface Filtering extends Listening {
  /** Told why a handler's answer does not count. */
  warn(message: string): void;
}

/** Whether the tried plugin would be asked about these items, were it active. */
export const filters = (parts: Listening, event: 'sidebar:items' | 'admin:tabs'): boolean =>
  handlersOf(parts, event).length > 0;

/** What the tried plugin makes of a list of the panel's, by the rules that hold for active ones. */
export async function filterItems<E extends 'sidebar:items' | 'admin:tabs'>(
  parts: Filtering,
  event: E,
  context: HookData<E>,
  schema: z.ZodType<HookContexts[E]['items']>,
): Promise<HookData<E>> {
  let current = context;
  for (const { index } of handlersOf(parts, event)) {
    try {
      const outcome = await parts.instance.hook(index, event, current, FILTER_DEADLINE_MS);
      if (outcome.kind === 'denied') continue;
      const changed = applyChanges(event, current, outcome.changes);
      current = { ...changed, items: schema.parse(changed.items) };
    } catch (error) {
      parts.warn(`${event} was left unfiltered: ${(error as Error).message.slice(0, 500)}`);
    }
  }
  return current;
}
