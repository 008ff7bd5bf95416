import { HOOKS, matchHooks, type HookName } from '@sodium/sdk';
import type { FireResult } from '@sodium/sdk/testing';
import { z } from 'zod';
import { BEFORE_DEADLINE_MS, type HookBus } from '../../plugins/hooks/hook-bus.js';
import type { HookData } from '../../plugins/hooks-port.js';
import type { RunningPlugin } from '../../plugins/running-plugin.js';

const anyItems = z.array(z.any());

/** Raises a hook, and waits until the plugin has dealt with it. */
export async function raiseHook<E extends HookName>(
  hooks: HookBus,
  running: RunningPlugin,
  event: E,
  context: HookData<E>,
): Promise<FireResult<E>> {
  const handlers = listeningHandlers(running, event);
  if (HOOKS[event].kind === 'before') {
    const result = await hooks.before(event, context);
    return result.kind === 'denied' ? { denied: result.reason, context } : { denied: null, context: result.context };
  }
  if (HOOKS[event].kind === 'filter') {
    const filter = event as 'sidebar:items';
    const result = await hooks.filter(filter, context as unknown as HookData<'sidebar:items'>, anyItems);
    return { denied: null, context: result as unknown as HookData<E> };
  }
  // Straight to the handlers: a test wants to see one that throws.
  for (const handler of handlers) await running.instance!.hook(handler, event, context, BEFORE_DEADLINE_MS);
  return { denied: null, context };
}

function listeningHandlers(running: RunningPlugin, event: HookName): number[] {
  const { hooks } = running.registrations;
  const handlers = hooks.flatMap(({ pattern }, index) => (matchHooks(pattern).includes(event) ? [index] : []));
  if (handlers.length > 0) return handlers;
  const known = hooks.map(({ pattern }) => pattern).join(', ') || 'none';
  throw new Error(`"${running.manifest.id}" does not listen to ${event}. Its hooks are: ${known}.`);
}
