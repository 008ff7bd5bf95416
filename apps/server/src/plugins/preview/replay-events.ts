import { HOOK_NAMES, HOOKS, matchHooks, type HookName } from '@sodium/sdk';
import { declaredHooks, type Manifest } from '@sodium/sdk/manifest';
import type { PreviewReplay, PreviewVerdict } from '@sodium/contract';
import { BEFORE_DEADLINE_MS, FILTER_DEADLINE_MS } from '../hooks/hook-bus.js';
import type { EventHistory } from '../hooks/event-history.js';
import { applyChanges } from '../hooks/mutable-fields.js';
import type { PreviewedWorld } from '../preview-port.js';
import type { HookOutcome, PluginInstance, Registrations } from '../sandbox/types.js';
import { boundedValue } from './bounded-value.js';

/** A plugin that hears of events. */
export interface Listening {
  manifest: Manifest;
  registrations: Registrations;
  instance: Pick<PluginInstance, 'hook'>;
}

export interface ReplayParts extends Listening {
  history: EventHistory;
  world: PreviewedWorld;
  /** Made-up events alone. */
  madeUp: boolean;
  knowsIds: boolean;
}

type Handler = Registrations['hooks'][number] & { index: number };
type Replayed = Omit<PreviewReplay, 'id'>;

/** Shows a plugin copies of what happened lately, and tells what it made of them. Nothing comes of it. */
export async function* replayEvents(parts: ReplayParts, only?: string): AsyncGenerator<Replayed> {
  for (const event of HOOK_NAMES) {
    const handlers = only === undefined || only === event ? handlersOf(parts, event) : [];
    if (handlers.length === 0) continue;
    for (const { source, at, context } of occasions(parts, event)) {
      const replayed = { event, source, at: new Date(at).toISOString(), context: boundedValue(context) };
      yield { ...replayed, handlers: await play(parts, event, handlers, context) };
    }
  }
}

/** Those that would be called in earnest, in their order. */
export function handlersOf({ manifest, registrations }: Listening, event: HookName): Handler[] {
  const { permission } = HOOKS[event];
  if (permission !== null && !manifest.permissions.includes(permission)) return [];
  if (!declaredHooks(manifest).some((hook) => matchHooks(hook.event).includes(event))) return [];
  return registrations.hooks
    .map((hook, index) => ({ ...hook, index }))
    .filter((hook) => matchHooks(hook.pattern).includes(event))
    .sort((a, b) => a.priority - b.priority || a.index - b.index);
}

function occasions(
  { history, world, madeUp, knowsIds }: ReplayParts,
  event: HookName,
): { source: 'recorded' | 'sample'; at: number; context: object }[] {
  const recorded = madeUp ? [] : history.list(event);
  if (recorded.length === 0) return [{ source: 'sample', at: Date.now(), context: world.sample(event) }];
  return recorded.map(({ at, context }) => ({
    source: 'recorded',
    at,
    context: world.veil(event, context, { knowsIds }),
  }));
}

async function play(
  parts: ReplayParts,
  event: HookName,
  handlers: readonly Handler[],
  context: object,
): Promise<PreviewReplay['handlers']> {
  const played: PreviewReplay['handlers'] = [];
  let current = context;
  for (const { index, pattern, priority } of handlers) {
    const started = performance.now();
    const { verdict, next } = await ask(parts, event, index, current);
    played.push({ pattern, priority, ms: Math.round((performance.now() - started) * 10) / 10, verdict });
    current = next;
    // The first denial ends the chain.
    if (verdict.kind === 'denied' || (verdict.kind === 'failed' && verdict.denies)) break;
  }
  return played;
}

async function ask(
  { instance, manifest }: ReplayParts,
  event: HookName,
  handler: number,
  context: object,
): Promise<{ verdict: PreviewVerdict; next: object }> {
  try {
    const deadline = HOOKS[event].kind === 'filter' ? FILTER_DEADLINE_MS : BEFORE_DEADLINE_MS;
    const outcome = await instance.hook(handler, event, context, deadline);
    return verdictOf(event, context, outcome);
  } catch (error) {
    const message = (error as Error).message.slice(0, 2000);
    return { verdict: { kind: 'failed', message, denies: failureDenies(manifest, event) }, next: context };
  }
}

function verdictOf(event: HookName, context: object, outcome: HookOutcome): { verdict: PreviewVerdict; next: object } {
  // Only these may: in earnest, what the others say does not count either.
  if (outcome.kind === 'denied')
    return {
      verdict: HOOKS[event].kind === 'before' ? outcome : { kind: 'passed' },
      next: context,
    };
  const next = applyChanges(event, context, outcome.changes);
  const changes = (HOOKS[event].mutable ?? []).flatMap((field) => {
    const [before, after] = [at(context, field), at(next, field)];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ field, before: boundedValue(before), after: boundedValue(after) }];
  });
  return { verdict: changes.length > 0 ? { kind: 'changed', changes } : { kind: 'passed' }, next };
}

function at(context: object, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], context);
}

function failureDenies(manifest: Manifest, event: HookName): boolean {
  if (HOOKS[event].kind !== 'before') return false;
  const matching = declaredHooks(manifest).filter((hook) => matchHooks(hook.event).includes(event));
  return !matching.some((hook) => hook.onError === 'allow');
}
