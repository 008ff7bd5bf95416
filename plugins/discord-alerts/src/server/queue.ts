import type { Document, Query } from '@sodium/sdk';
import { nextPace, type Pace } from './coalesce.js';
import { quietModeOf, quietUntil, type Context } from './context.js';
import type { NewEvent, QueuedEvent } from './queued-event.js';

const EVENTS = 'events';
const PACES = 'paces';
const COUNTS = 'counts';
/** What is looked at to make one message. */
const LOOKED_AT = 500;
/** About 5 MB. Beyond it, events are only counted, and the count is told. */
const MOST_WAITING = 8000;
const MOST_DEAD = 1000;
const PACE_KEPT_MS = 10 * 60_000;
const STORMY = new Set(['start', 'stop', 'crash', 'login']);

type PaceDocument = Document & Pace;
type CountsDocument = Document & { sent: number; dropped: number; overflow: number; overflowAt: number };

/** What waits to be told, in a collection: it outlives the process from the moment that a hook has been answered. */
export class Queue {
  constructor(readonly context: Context) {
    context.db.registerCollections([{ name: EVENTS, indexes: ['state'] }, PACES, COUNTS]);
    this.#recover();
  }

  /** False when quiet hours drop it, or when it is known already. */
  add(event: NewEvent): boolean {
    const { db, now } = this.context;
    if (event.id !== undefined && db.get(EVENTS, event.id)) return false;
    const { dropped, overflow } = this.counts();
    if (this.#isDropped(event)) this.#count({ dropped: dropped + 1 });
    else if (this.size('waiting') >= MOST_WAITING) this.#count({ overflow: overflow + 1, overflowAt: now() });
    else return this.#insert(event);
    return false;
  }

  #insert(event: NewEvent): true {
    const { db, now } = this.context;
    const heldUntil = STORMY.has(event.kind) ? this.#pace(event.subject, now()) : null;
    const state = { state: 'waiting', attempts: 0, doubtful: false, alone: false };
    db.insert(EVENTS, { ...event, ...state, folded: heldUntil !== null, dueAt: heldUntil ?? now() });
    return true;
  }

  /** What may be sent now, oldest first. */
  due(): QueuedEvent[] {
    const query = { state: 'waiting', dueAt: { $lte: this.context.now() } };
    const held = quietUntil(this.context) !== null;
    return this.context.db.find<QueuedEvent>(EVENTS, held ? { ...query, kind: { $in: this.#loudKinds() } } : query, {
      limit: LOOKED_AT,
    });
  }

  /** When something may be sent next, or null when nothing waits. */
  nextDueAt(): number | null {
    const first = (query: Query): number | undefined =>
      this.context.db.find<QueuedEvent>(EVENTS, { state: 'waiting', ...query }, { sort: { dueAt: 1 }, limit: 1 })[0]
        ?.dueAt;
    const end = quietUntil(this.context);
    const earliest = first({});
    if (end === null || earliest === undefined) return earliest ?? null;
    const loud = first({ kind: { $in: this.#loudKinds() } });
    return Math.min(Math.max(earliest, end), loud ?? Infinity);
  }

  markSending(events: readonly QueuedEvent[]): void {
    this.#patch(events, { state: 'sending' });
  }

  /** They go back to their places. */
  giveBack(events: readonly QueuedEvent[], patch: Partial<QueuedEvent> = {}): void {
    this.#patch(events, { state: 'waiting', ...patch });
  }

  giveUp(events: readonly QueuedEvent[], error: string): void {
    this.#patch(events, { state: 'dead', error, attempts: 0 });
  }

  markSent(events: readonly QueuedEvent[]): void {
    for (const { id } of events) this.context.db.delete(EVENTS, id);
    this.#count({ sent: this.counts().sent + events.length });
  }

  /** Newest first. */
  dead(limit?: number): QueuedEvent[] {
    const options = { sort: { at: -1 as const }, ...(limit === undefined ? {} : { limit }) };
    return this.context.db.find<QueuedEvent>(EVENTS, { state: 'dead' }, options);
  }

  /** Only a dead letter can be taken by its id. */
  deadLetter(id: string): QueuedEvent | null {
    const event = id.length <= 256 ? this.context.db.get<QueuedEvent>(EVENTS, id) : null;
    return event?.state === 'dead' ? event : null;
  }

  remove(events: readonly QueuedEvent[]): void {
    for (const { id } of events) this.context.db.delete(EVENTS, id);
  }

  size(state: QueuedEvent['state']): number {
    return this.context.db.count(EVENTS, { state });
  }

  counts(): CountsDocument {
    const none = { id: COUNTS, sent: 0, dropped: 0, overflow: 0, overflowAt: 0 };
    return { ...none, ...this.context.db.get<CountsDocument>(COUNTS, COUNTS) };
  }

  /** When there is room again, what was only counted is told. */
  tellOverflow(): void {
    const { overflow, overflowAt } = this.counts();
    if (overflow === 0 || this.size('waiting') >= MOST_WAITING) return;
    const text = `${overflow} further events were counted but not kept: too many waited to be sent.`;
    const values = { title: 'Too many events', text, source: 'Discord Alerts' };
    this.#count({ overflow: 0 });
    this.add({ kind: 'alert', at: overflowAt, subject: 'overflow', values, level: 'warning' });
  }

  prune(): void {
    const { db, now } = this.context;
    for (const { id } of db.find<PaceDocument>(PACES, { start: { $lt: now() - PACE_KEPT_MS } })) db.delete(PACES, id);
    this.remove(this.dead().slice(MOST_DEAD));
  }

  /** A process that ended while it sent cannot know whether Discord took it: better twice than never. */
  #recover(): void {
    const interrupted = this.context.db.find<QueuedEvent>(EVENTS, { state: 'sending' });
    this.#patch(interrupted, { state: 'waiting', doubtful: true });
  }

  #isDropped({ kind }: NewEvent): boolean {
    const drops = quietModeOf(this.context) === 'drop' && quietUntil(this.context) !== null;
    return drops && !this.#loudKinds().includes(kind);
  }

  #loudKinds(): string[] {
    return this.context.config.get('quiet_crashes') === true ? ['crash'] : [];
  }

  #pace(subject: string, at: number): number | null {
    const { db } = this.context;
    const known = db.get<PaceDocument>(PACES, subject);
    const { pace, heldUntil } = nextPace(known, at);
    if (known) db.update(PACES, subject, { ...pace });
    else db.insert(PACES, { id: subject, ...pace });
    return heldUntil;
  }

  #count(patch: Partial<CountsDocument>): void {
    const { db } = this.context;
    if (!db.update(COUNTS, COUNTS, patch)) db.insert(COUNTS, { ...this.counts(), ...patch });
  }

  #patch(events: readonly QueuedEvent[], patch: Partial<QueuedEvent>): void {
    for (const { id } of events) this.context.db.update(EVENTS, id, patch);
  }
}
