import type { QueuedEvent } from './queued-event.js';

const WINDOW_MS = 60_000;
/** So many events of a subject in a minute are told one by one: a restart is not a storm. */
const CALM = 3;
const MANY = 3;

/** How busy a subject is. */
export interface Pace {
  start: number;
  count: number;
}

/** Counts one more event; tells how long it is held back so that a storm becomes one message a minute. */
export function nextPace(pace: Pace | null, at: number): { pace: Pace; heldUntil: number | null } {
  const current = pace && at >= pace.start && at < pace.start + WINDOW_MS ? pace : null;
  if (current) {
    const next = { start: current.start, count: current.count + 1 };
    return { pace: next, heldUntil: next.count > CALM ? current.start + WINDOW_MS : null };
  }
  // A storm that goes on is not announced anew with each minute.
  const goesOn = pace !== null && pace.count > CALM && at >= pace.start && at < pace.start + 2 * WINDOW_MS;
  if (!goesOn) return { pace: { start: at, count: 1 }, heldUntil: null };
  return { pace: { start: at, count: CALM + 1 }, heldUntil: at + WINDOW_MS };
}

/** Events that are told as one, in the order in which the first of each happened. */
export function groupEvents<T extends Pick<QueuedEvent, 'kind' | 'subject' | 'folded' | 'alone'>>(
  events: readonly T[],
): T[][] {
  const bySubject = new Map<string, T[]>();
  for (const event of events.filter(mayFold)) {
    const same = bySubject.get(event.subject);
    if (same) same.push(event);
    else bySubject.set(event.subject, [event]);
  }
  const groups: T[][] = [];
  for (const event of events) {
    const same = mayFold(event) ? bySubject.get(event.subject)! : [event];
    const fold = same.length >= MANY || (same.length > 1 && same.some(({ folded }) => folded));
    if (!fold) groups.push([event]);
    else if (same[0] === event) groups.push(same);
  }
  return groups;
}

const mayFold = ({ kind, alone }: Pick<QueuedEvent, 'kind' | 'alone'>): boolean =>
  !alone && kind !== 'create' && kind !== 'delete' && kind !== 'alert';
