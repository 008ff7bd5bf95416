import type { ServerEvent } from '../servers/server-events.js';

/** What changes which servers there are, or what is known of one. */
export type ServerChange = Exclude<ServerEvent, { type: 'console' | 'usage' }>;

/** A page reads first and connects then; this long that may take. */
const FIRST_MS = 30_000;
const KEPT_MS = 60 * 60_000;

/** The last change of each server, for connections that come after it and for pages that looked before it. */
export class RecentChanges {
  readonly #changes = new Map<string, { at: number; change: ServerChange }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(change: ServerChange): void {
    const id = change.type === 'created' ? change.server.id : change.id;
    // Its place in the order is that of its last change.
    this.#changes.delete(id);
    this.#changes.set(id, { at: this.#now(), change });
    this.#forget();
  }

  /** What happened while a page was away for so many milliseconds; none for one that connects for the first time. */
  missed(awayMs = 0): ServerChange[] {
    const since = this.#now() - Math.min(KEPT_MS, FIRST_MS + awayMs);
    return [...this.#changes.values()].filter(({ at }) => at >= since).map(({ change }) => change);
  }

  #forget(): void {
    for (const [id, { at }] of this.#changes) {
      if (at >= this.#now() - KEPT_MS) return;
      this.#changes.delete(id);
    }
  }
}
