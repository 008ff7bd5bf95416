import type { Registry, RegistryEntry } from '@sodium/contract';
import type { AdminTabEntry, SidebarEntry } from '@sodium/sdk';
import { watchWindowErrors } from '../slots/boundary.js';
import { ContributionStore } from '../slots/contribution-store.js';
import { PLUGIN_DEADLINE_MS } from '../slots/deadline.js';
import type { ShellHost } from '../slots/types.js';
import { Badges } from './badges.js';
import { watchBlocking, type Culprit } from './blocking-watch.js';
import { ClientHooks } from './client-hooks.js';
import { Disposables } from './disposables.js';
import { ErrorReporter } from './error-reporter.js';
import { PluginSession, warmLoader, type SessionServices } from './plugin-session.js';
import { whenIdle } from './when-idle.js';

/** The plugin side of the shell. */
export interface PluginRuntime {
  readonly store: ContributionStore;
  /** Asks the registry, paints what is declared, and follows changes from then on. Rejects when the registry cannot be read. */
  start(): Promise<void>;
  /** Asks the registry again and brings the page to what it says. */
  refresh(): Promise<void>;
  /** Runs the `sidebar:items` filters, those of the backends first; each has 300 ms. */
  filterSidebar(items: SidebarEntry[]): Promise<SidebarEntry[]>;
  /** The same for `admin:tabs`. */
  filterAdminTabs(items: AdminTabEntry[]): Promise<AdminTabEntry[]>;
  /** Runs a plugin's client now, if it has one, whether anything of it is in view or not. */
  load(plugin: string): Promise<void>;
  /** Fetches a plugin's code ahead of its use, when a pointer rests on its link for example. */
  prefetch(plugin: string): void;
  dispose(): void;
}

/** One per page. `deadlineMs` is how long a plugin's code may take to load and register. */
export function createPluginRuntime(host: ShellHost, { deadlineMs = PLUGIN_DEADLINE_MS } = {}): PluginRuntime {
  return new Runtime(host, deadlineMs);
}

class Runtime implements PluginRuntime {
  readonly store = new ContributionStore();
  readonly #hooks: ClientHooks;
  readonly #owned = new Disposables();
  readonly #sessions = new Map<string, PluginSession>();
  readonly #services: SessionServices;
  #refreshing: Promise<void> | null = null;
  #again = false;
  /** Of the registry that was read last, and the newest that was heard of since that began. */
  #version: string | undefined;
  #announced: string | undefined;
  #filteredByPanel = false;

  constructor(
    readonly host: ShellHost,
    deadlineMs: number,
  ) {
    this.#hooks = new ClientHooks(host.user);
    const badges = new Badges(this.store);
    this.#owned.add(() => badges.dispose());
    const reporter = new ErrorReporter(host);
    this.#services = { host, store: this.store, hooks: this.#hooks, badges, reporter, deadlineMs };
  }

  async start(): Promise<void> {
    this.#owned.add(watchWindowErrors((error, file) => this.#attribute(error, file)));
    this.#owned.add(watchBlocking((culprit, ms) => this.#tellBlocked(culprit, ms)));
    this.#owned.add(this.host.live.on('registry:changed', ({ etag }: { etag: string }) => this.#follow(etag)));
    await this.refresh();
  }

  /** Calls during a refresh lead to one more after it, so that the last change is never missed. */
  refresh(): Promise<void> {
    this.#again = this.#refreshing !== null;
    this.#refreshing ??= this.#refreshUntilCurrent().finally(() => (this.#refreshing = null));
    return this.#refreshing;
  }

  async filterSidebar(items: SidebarEntry[]): Promise<SidebarEntry[]> {
    const kept = this.#filteredByPanel ? await this.#askPanel(items) : items;
    return this.#hooks.filter('sidebar:items', kept);
  }

  filterAdminTabs(items: AdminTabEntry[]): Promise<AdminTabEntry[]> {
    return this.#hooks.filter('admin:tabs', items);
  }

  async load(plugin: string): Promise<void> {
    const session = this.#sessions.get(plugin);
    if (session?.entry.client) await session.load();
  }

  prefetch(plugin: string): void {
    this.#sessions.get(plugin)?.prefetch();
  }

  dispose(): void {
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
    this.#owned.dispose();
  }

  /** What the plugins' backends make of the sidebar. Without an answer it stays as it is. */
  async #askPanel(items: SidebarEntry[]): Promise<SidebarEntry[]> {
    try {
      const answer = (await this.host.request('POST', '/api/registry/sidebar', { items })) as { items: SidebarEntry[] };
      return answer.items;
    } catch {
      return items;
    }
  }

  /**
   * The panel says upon each connection and each change which version there is: only another one is read. A change that
   * cannot be read now is read at the next one; the page works on as it is.
   */
  #follow(announced: string): void {
    this.#announced = announced;
    if (this.#refreshing || announced === this.#version) return;
    this.refresh().catch((error: unknown) => {
      console.warn('The plugin registry could not be read:', error);
    });
  }

  async #refreshUntilCurrent(): Promise<void> {
    do {
      this.#again = false;
      this.#announced = undefined;
      // The browser's cache revalidates by ETag: an unchanged registry costs an empty answer.
      const registry = (await this.host.request('GET', '/api/registry')) as Registry;
      this.#version = registry.version;
      this.#filteredByPanel = registry.filters?.sidebar ?? false;
      this.#apply(registry.items);
    } while (this.#again || (this.#announced ?? this.#version) !== this.#version);
    void this.#loadAtIdle();
  }

  #apply(entries: readonly RegistryEntry[]): void {
    const wanted = new Map(entries.map((entry) => [entry.id, entry]));
    for (const [id, session] of this.#sessions) {
      const entry = wanted.get(id);
      if (entry && JSON.stringify(entry) === JSON.stringify(session.entry)) continue;
      session.dispose();
      this.#sessions.delete(id);
    }
    this.store.setOrder([...wanted.keys()]);
    for (const entry of entries) {
      const session = this.#sessions.get(entry.id) ?? new PluginSession(entry, this.#services);
      this.#sessions.set(entry.id, session);
      session.declare();
    }
  }

  /** One after another, each when the page has nothing better to do. */
  async #loadAtIdle(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    if (sessions.some(({ entry }) => entry.client !== null)) await whenIdle().then(warmLoader);
    for (const session of sessions) {
      if (!session.wantsIdleLoad) continue;
      await whenIdle();
      if (session.wantsIdleLoad) await session.load().catch(() => undefined);
    }
  }

  #tellBlocked(culprit: Culprit, ms: number): void {
    const place = 'element' in culprit ? culprit.element.closest<HTMLElement>('sodium-contribution') : null;
    const session =
      'file' in culprit
        ? [...this.#sessions.values()].find(({ entry }) => culprit.file.includes(entry.base))
        : this.#sessions.get(place?.dataset.plugin ?? '');
    session?.report(new Error(`It kept the page from answering for ${Math.round(ms / 1000)} s.`), 'blocking');
  }

  #attribute(error: unknown, file: string | undefined): boolean {
    const trace = `${file ?? ''}\n${error instanceof Error ? (error.stack ?? '') : ''}`;
    const session = [...this.#sessions.values()].find(({ entry }) => trace.includes(entry.base));
    session?.showLateError(error);
    return session !== undefined;
  }
}
