import { AsyncLocalStorage } from 'node:async_hooks';
import { HOOKS, matchHooks, type HookContexts, type HookName } from '@sodium/sdk';
import { ZodError, type ZodType } from 'zod';
import type { HookOutcome } from '../sandbox/types.js';
import { AfterQueue } from './after-queue.js';
import { EventHistory } from './event-history.js';
import type { BeforeResult, HookData, HookPort } from '../hooks-port.js';
import { applyChanges } from './mutable-fields.js';

/** Takes back what was registered. */
export type Dispose = () => void;

export const BEFORE_DEADLINE_MS = 2000;
export const FILTER_DEADLINE_MS = 300;
export const START_DEADLINE_MS = 15_000;
const QUEUE_LIMIT = 1000;

/** One plugin as the bus sees it. */
export interface HookSubscriber {
  readonly plugin: string;
  readonly name: string;
  /** Activation order: equal priorities run in it. */
  readonly order: number;
  readonly handlers: readonly { pattern: string; priority: number }[];
  /** Asked at each event: a revoked permission ends the listening. */
  mayListen(event: HookName): boolean;
  onError(event: HookName): 'deny' | 'allow';
  call(handler: number, event: HookName, context: unknown, deadlineMs: number): Promise<HookOutcome>;
  warn(message: string): void;
}

/** A consented plugin that cannot answer: its vetoes stand until an admin deactivates it. */
export interface AbsentSubscriber {
  readonly plugin: string;
  readonly name: string;
  readonly reason: string;
  /** The `before` hooks it declared with `onError: "deny"`. */
  readonly denies: ReadonlySet<HookName>;
}

interface Listener {
  subscriber: HookSubscriber;
  handler: number;
  priority: number;
}

/** Raises the panel's hooks in the plugins that listen. */
export class HookBus implements HookPort {
  /** The last events of each kind, also those that nobody listened to: previews replay copies of them. */
  readonly history = new EventHistory();
  private readonly subscribers = new Map<string, HookSubscriber>();
  private readonly absent = new Map<string, AbsentSubscriber>();
  private readonly queues = new Map<string, AfterQueue>();
  /** How often each plugin is handling each hook at the moment. */
  private readonly inside = new Map<string, Map<HookName, number>>();
  private readonly unannounced = new AsyncLocalStorage<boolean>();
  private listeners = new Map<HookName, Listener[]>();
  private held: Promise<void> | null = null;

  /** Makes `before` hooks wait until every plugin that may veto is there: a panel that starts must not let anything slip by. */
  hold(): Dispose {
    let release: Dispose = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.held = held;
    return () => {
      if (this.held === held) this.held = null;
      release();
    };
  }

  isListening(event: HookName): boolean {
    return (this.listeners.get(event)?.length ?? 0) > 0;
  }

  /** Whether a plugin is handling this hook at the moment. */
  isInside(plugin: string, event: HookName): boolean {
    return (this.inside.get(plugin)?.get(event) ?? 0) > 0;
  }

  /**
   * Does what a plugin asked of the panel. While it hears of a saved document, what that saves is not announced: two
   * plugins, or one, would otherwise keep each other busy for ever.
   */
  onBehalfOf<T>(plugin: string, work: () => T): T {
    // Said either way: what a process sends comes in the context in which that process was started, whoever that was.
    return this.unannounced.run(this.isInside(plugin, 'db:afterSave'), work);
  }

  /** Does what one plugin asked of another, which then counts as handling what the first one handles. */
  async passOn<T>(from: string, to: string, work: () => Promise<T>): Promise<T> {
    if (!this.isInside(from, 'db:afterSave')) return work();
    return this.handling(to, 'db:afterSave', work);
  }

  /** Resolves once a plugin has heard of everything that happened so far. */
  settled(plugin: string): Promise<void> {
    return this.queues.get(plugin)?.settled() ?? Promise.resolve();
  }

  /** Adds a plugin's handlers; what it returns takes them out again. */
  subscribe(subscriber: HookSubscriber): Dispose {
    this.subscribers.set(subscriber.plugin, subscriber);
    this.queues.set(
      subscriber.plugin,
      new AfterQueue(QUEUE_LIMIT, () =>
        subscriber.warn('It is too slow for its hooks: the oldest waiting event was dropped.'),
      ),
    );
    this.index();
    return () => {
      if (this.subscribers.get(subscriber.plugin) !== subscriber) return;
      this.subscribers.delete(subscriber.plugin);
      this.queues.get(subscriber.plugin)?.clear();
      this.queues.delete(subscriber.plugin);
      this.index();
    };
  }

  /** Lets a plugin that cannot answer deny what it would have been asked. */
  markAbsent(absent: AbsentSubscriber): Dispose {
    this.absent.set(absent.plugin, absent);
    return () => {
      if (this.absent.get(absent.plugin) === absent) this.absent.delete(absent.plugin);
    };
  }

  async before<E extends HookName>(event: E, context: HookData<E>): Promise<BeforeResult<E>> {
    this.history.note(event, context);
    if (this.held && !(await this.started(this.held)))
      return { kind: 'denied', plugin: '', reason: 'The panel is still starting its plugins. Try again in a moment.' };
    for (const absent of this.absent.values()) {
      if (absent.denies.has(event))
        return { kind: 'denied', plugin: absent.plugin, reason: unanswered(absent.name, absent.reason) };
    }
    let current = context;
    for (const listener of this.listenersOf(event)) {
      const outcome = await this.ask(listener, event, current);
      if (outcome.kind === 'denied')
        return { kind: 'denied', plugin: listener.subscriber.plugin, reason: outcome.reason };
      current = applyChanges(event, current, outcome.changes);
    }
    return { kind: 'allowed', context: current };
  }

  /** `except`: the plugin that caused the event and need not hear of it. */
  after<E extends HookName>(event: E, context: () => HookData<E>, except?: string): void {
    const data = context();
    this.history.note(event, data);
    const listeners = this.listeners.get(event);
    if (listeners === undefined) return;
    // A plugin's own saves are looked at by who saved, not by where the news came in.
    if (event === 'db:afterSave' && except === undefined && this.unannounced.getStore()) return;
    for (const { subscriber, handler } of listeners) {
      if (subscriber.plugin === except || !subscriber.mayListen(event)) continue;
      const key = event === 'server:resourceUsage' ? coalescingKey(handler, data) : null;
      this.queues.get(subscriber.plugin)?.add(key, () => this.tell(subscriber, handler, event, data));
    }
  }

  /** Lets plugins change a list; each has little time, and a failure or an odd list leaves it as it was. */
  async filter<E extends 'sidebar:items' | 'admin:tabs'>(
    event: E,
    context: HookData<E>,
    items: ZodType<HookContexts[E]['items']>,
  ): Promise<HookData<E>> {
    this.history.note(event, context);
    let current = context;
    for (const { subscriber, handler } of this.listenersOf(event)) {
      try {
        const outcome = await inTime(subscriber.call(handler, event, current, FILTER_DEADLINE_MS), FILTER_DEADLINE_MS);
        if (outcome.kind === 'denied') continue;
        const changed = applyChanges(event, current, outcome.changes);
        current = { ...changed, items: items.parse(changed.items) };
      } catch (error) {
        const why =
          error instanceof ZodError
            ? `its items cannot be shown (${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message})`
            : (error as Error).message;
        subscriber.warn(`${event} was left unfiltered: ${why}`);
      }
    }
    return current;
  }

  private async tell(subscriber: HookSubscriber, handler: number, event: HookName, context: unknown): Promise<void> {
    // A queue works in the context of whoever filled it first; what a handler does has nothing to do with that.
    await this.unannounced.run(false, () =>
      this.handling(subscriber.plugin, event, () => subscriber.call(handler, event, context, BEFORE_DEADLINE_MS)),
    );
  }

  private async handling<T>(plugin: string, event: HookName, work: () => Promise<T>): Promise<T> {
    const counts = this.inside.get(plugin) ?? new Map<HookName, number>();
    this.inside.set(plugin, counts.set(event, (counts.get(event) ?? 0) + 1));
    try {
      return await work();
    } finally {
      counts.set(event, counts.get(event)! - 1);
    }
  }

  private async started(held: Promise<void>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), START_DEADLINE_MS)));
    const result = await Promise.race([held.then(() => true as const), late]);
    clearTimeout(timer);
    return result;
  }

  private listenersOf(event: HookName): Listener[] {
    return (this.listeners.get(event) ?? []).filter((listener) => listener.subscriber.mayListen(event));
  }

  private async ask<E extends HookName>(listener: Listener, event: E, context: HookData<E>): Promise<HookOutcome> {
    const { subscriber, handler } = listener;
    try {
      return await subscriber.call(handler, event, context, BEFORE_DEADLINE_MS);
    } catch (error) {
      const { message } = error as Error;
      const open = subscriber.onError(event) === 'allow';
      subscriber.warn(`${event} was ${open ? 'allowed' : 'denied'} because its handler failed: ${message}`);
      return open ? { kind: 'passed' } : { kind: 'denied', reason: unanswered(subscriber.name, 'it failed') };
    }
  }

  private index(): void {
    const next = new Map<HookName, (Listener & { order: number })[]>();
    for (const subscriber of this.subscribers.values()) {
      subscriber.handlers.forEach(({ pattern, priority }, handler) => {
        for (const event of matchHooks(pattern)) {
          const list = next.get(event) ?? [];
          list.push({ subscriber, handler, priority, order: subscriber.order });
          next.set(event, list);
        }
      });
    }
    for (const list of next.values())
      list.sort((a, b) => a.priority - b.priority || a.order - b.order || a.handler - b.handler);
    this.listeners = next;
  }
}

/** Also when the plugin's process has to start first: that goes on, and the next time it is there. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const unanswered = (name: string, reason: string): string =>
  `The plugin "${name}" has to agree to this and cannot answer now (${reason}). Try again, or ask an administrator.`;

function coalescingKey(handler: number, snapshot: unknown): string {
  const { server } = snapshot as { server?: { id?: string } };
  return `${handler}:${server?.id ?? ''}`;
}

/** The `before` hooks among a plugin's declared hooks that must not pass without it. */
export function deniedWhenAbsent(hooks: readonly { event: string; onError: 'deny' | 'allow' }[]): Set<HookName> {
  const names = hooks.filter((hook) => hook.onError === 'deny').flatMap((hook) => matchHooks(hook.event));
  const spared = hooks.filter((hook) => hook.onError === 'allow').flatMap((hook) => matchHooks(hook.event));
  return new Set(names.filter((name) => HOOKS[name].kind === 'before' && !spared.includes(name)));
}
