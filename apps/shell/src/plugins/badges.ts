import { withDeadline } from '../slots/deadline.js';
import type { ContributionStore } from '../slots/contribution-store.js';
import type { SidebarContribution } from '../slots/types.js';
import { Disposables } from './disposables.js';

const REFRESH_MS = 60_000;
const BADGE_DEADLINE_MS = 5_000;
/** Several changes in a row ask once. */
const SETTLE_MS = 150;

/** Keeps the badges of sidebar items current: after navigation, once a minute, and after a plugin changed its own data. */
export class Badges {
  readonly #owned = new Disposables();
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #asked = new Map<string, unknown>();

  constructor(readonly store: ContributionStore) {
    const timer = setInterval(() => {
      if (!document.hidden) this.refresh();
    }, REFRESH_MS);
    this.#owned.add(() => clearInterval(timer));
    const onStore = (): void => this.#askNewSources();
    store.addEventListener('change', onStore);
    this.#owned.add(() => store.removeEventListener('change', onStore));
    this.#watchNavigation();
  }

  /** Asks all sources, or those of one plugin, again. */
  refresh(plugin?: string): void {
    for (const { key, badge, plugin: owner } of this.store.sidebar)
      if (typeof badge === 'function' && (!plugin || owner.id === plugin)) this.#schedule(key);
  }

  dispose(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#owned.dispose();
  }

  #askNewSources(): void {
    for (const item of this.store.sidebar) {
      if (this.#asked.get(item.key) === item.badge) continue;
      this.#asked.set(item.key, item.badge);
      if (item.badge !== undefined) void this.#ask(item);
    }
  }

  #schedule(key: string): void {
    clearTimeout(this.#pending.get(key));
    const ask = (): void => {
      this.#pending.delete(key);
      const item = this.store.get(key);
      if (item?.kind === 'sidebar') void this.#ask(item);
    };
    this.#pending.set(key, setTimeout(ask, SETTLE_MS));
  }

  async #ask({ key, badge, handle }: SidebarContribution): Promise<void> {
    try {
      const value = typeof badge === 'function' ? await withDeadline(badge(), BADGE_DEADLINE_MS, 'The badge') : badge;
      const current = this.store.get(key);
      if (current?.kind !== 'sidebar' || current.badge !== badge) return;
      const badgeValue = value === 0 || value === '' ? null : (value ?? null);
      if ((current.badgeValue ?? null) !== badgeValue) this.store.put({ ...current, badgeValue });
    } catch (error) {
      handle.report(error, 'badge');
    }
  }

  #watchNavigation(): void {
    const onNavigation = (): void => this.refresh();
    const target: EventTarget = (globalThis as { navigation?: EventTarget }).navigation ?? window;
    const event = target === window ? 'popstate' : 'navigatesuccess';
    target.addEventListener(event, onNavigation);
    this.#owned.add(() => target.removeEventListener(event, onNavigation));
  }
}
