import type { HookName } from '@sodium/sdk';
import type { HookData } from '../hooks-port.js';

export interface RecordedEvent<E extends HookName = HookName> {
  at: number;
  context: HookData<E>;
}

export const KEPT_EVENTS = 5;

interface Ring {
  events: RecordedEvent[];
  next: number;
}

/**
 * The last few events of each kind, in memory. Noting one costs next to nothing, since every event passes here: the
 * context is kept as it is, and whoever reads it makes a copy.
 */
export class EventHistory {
  private readonly rings = new Map<HookName, Ring>();
  /** How many have passed. */
  noted = 0;

  note<E extends HookName>(event: E, context: HookData<E>): void {
    let ring = this.rings.get(event);
    if (ring === undefined) this.rings.set(event, (ring = { events: [], next: 0 }));
    ring.events[ring.next] = { at: Date.now(), context };
    ring.next = (ring.next + 1) % KEPT_EVENTS;
    this.noted += 1;
  }

  /** Puts events from before, oldest first, in front of those that have passed since. */
  restore(event: HookName, before: readonly RecordedEvent[]): void {
    const events = [...before, ...this.list(event)].slice(-KEPT_EVENTS);
    this.rings.set(event, { events, next: events.length % KEPT_EVENTS });
  }

  /** Oldest first. */
  list<E extends HookName>(event: E): RecordedEvent<E>[] {
    const ring = this.rings.get(event);
    if (!ring) return [];
    const { events, next } = ring;
    return [...events.slice(next), ...events.slice(0, next)] as unknown as RecordedEvent<E>[];
  }
}
