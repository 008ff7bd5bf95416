import type { RegistryEntry } from '@sodium/contract';
import type { ClientSodium } from '@sodium/sdk';
import type { ContributionStore } from '../slots/contribution-store.js';
import { withDeadline } from '../slots/deadline.js';
import type { Contribution, FailurePlace, PluginHandle, ShellHost } from '../slots/types.js';
import type { Badges } from './badges.js';
import type { ClientHooks } from './client-hooks.js';
import { createClientSodium } from './client-sodium.js';
import { declaredContributions } from './declared-contributions.js';
import { ensureDefined, giveSodium } from './define-element.js';
import { Disposables } from './disposables.js';
import type { ErrorReporter } from './error-reporter.js';
import { PluginFonts } from './plugin-fonts.js';

export interface SessionServices {
  readonly host: ShellHost;
  readonly store: ContributionStore;
  readonly hooks: ClientHooks;
  readonly badges: Badges;
  readonly reporter: ErrorReporter;
  readonly deadlineMs: number;
}

type SessionState =
  | { kind: 'declared' }
  | { kind: 'loading'; done: Promise<void> }
  | { kind: 'ready'; owned: Disposables }
  | { kind: 'failed'; error: unknown }
  | { kind: 'disposed' };

type Loader = typeof import('./client-module.js');
let loaded: Loader | null = null;

async function loader(): Promise<Loader> {
  return (loaded ??= await import('./client-module.js'));
}

/** Fetches what is needed to open a plugin, so that the first one opened does not wait for it. */
export function warmLoader(): void {
  // When this fails, the plugin that needs it says so.
  loader().catch(() => undefined);
}

/** One version of one active plugin on this page, from its line in the registry until it is deactivated or replaced. */
export class PluginSession implements PluginHandle {
  #state: SessionState = { kind: 'declared' };
  #attempts = 0;
  #prefetch: HTMLLinkElement | null = null;
  #sodium: ClientSodium | null = null;
  readonly #places = new Set<FailurePlace>();
  readonly #refused = new Set<string>();
  readonly #fonts = new PluginFonts();

  constructor(
    readonly entry: RegistryEntry,
    readonly services: SessionServices,
  ) {}

  get viewerIsAdmin(): boolean {
    return this.services.host.user.role === 'admin';
  }

  /** True when its code should run although nothing of it is in view. */
  get wantsIdleLoad(): boolean {
    if (this.entry.client === null || this.#state.kind !== 'declared') return false;
    const { contributes, filtersSidebar } = this.entry;
    if (contributes === null || filtersSidebar) return true;
    return (contributes.sidebar ?? []).some(({ badge, element }) => badge || element);
  }

  /** Puts what the registry declares into the store. Called again when another plugin left, which may have freed a path. */
  declare(): void {
    const { store } = this.services;
    if (this.#state.kind === 'disposed' || this.#state.kind === 'ready') return;
    for (const contribution of declaredContributions(this)) {
      if (store.get(contribution.key)) continue;
      try {
        store.put(contribution);
      } catch (error) {
        if (!this.#refused.has(contribution.key)) this.report(error, 'registration');
        this.#refused.add(contribution.key);
      }
    }
  }

  load(): Promise<void> {
    switch (this.#state.kind) {
      case 'declared':
        return this.#start();
      case 'loading':
        return this.#state.done;
      case 'failed':
        return Promise.reject(this.#state.error);
      case 'ready':
        return Promise.resolve();
      case 'disposed':
        return Promise.reject(new Error('It was deactivated or replaced by another version.'));
    }
  }

  retry(): Promise<void> {
    return this.#state.kind === 'failed' ? this.#start() : this.load();
  }

  /** Lets the browser fetch the code, without running it. */
  prefetch(): void {
    const { client } = this.entry;
    if (client === null || this.#prefetch || this.#state.kind !== 'declared') return;
    this.#prefetch = Object.assign(document.createElement('link'), { rel: 'modulepreload', href: client });
    document.head.append(this.#prefetch);
  }

  current(key: string): Contribution | undefined {
    return this.services.store.get(key);
  }

  ensureDefined(name: string, element: CustomElementConstructor): void {
    if (this.#sodium) giveSodium(element, this.#sodium);
    ensureDefined(this.entry, name, element);
  }

  report(error: unknown, where: string): void {
    this.services.reporter.report(this.entry, error, where);
  }

  shown(kind: Contribution['kind']): void {
    if (kind !== 'adminTab') this.services.host.shown?.(this.entry.id, kind);
  }

  shareFonts(sheet: CSSStyleSheet): void {
    if (!this.#isDisposed()) this.#fonts.add(sheet);
  }

  addMount(place: FailurePlace): () => void {
    this.#places.add(place);
    return () => this.#places.delete(place);
  }

  /** Shows an error that surfaced outside of any boundary in the place the user is working in, or else in the newest. */
  showLateError(error: unknown): void {
    const places = [...this.#places];
    const place = places.find(({ element }) => element.matches(':focus-within, :hover')) ?? places.at(-1);
    if (place) place.fail(error, 'runtime');
    else this.report(error, 'runtime');
  }

  dispose(): void {
    const state = this.#state;
    this.#state = { kind: 'disposed' };
    if (state.kind === 'ready') state.owned.dispose();
    this.#prefetch?.remove();
    this.#fonts.dispose();
    this.services.store.removePlugin(this.entry.id);
  }

  #start(): Promise<void> {
    const done = this.#run(this.#attempts);
    this.#attempts += 1;
    this.#state = { kind: 'loading', done };
    // Every caller sees the failure; nobody has to be there.
    done.catch(() => undefined);
    return done;
  }

  async #run(attempt: number): Promise<void> {
    const owned = new Disposables();
    try {
      await withDeadline(this.#activate(owned, attempt), this.services.deadlineMs, 'Loading it');
      if (this.#isDisposed()) throw new Error('It was deactivated while it was loading.');
      this.#state = { kind: 'ready', owned };
    } catch (error) {
      owned.dispose();
      if (!this.#isDisposed()) {
        this.#state = { kind: 'failed', error };
        this.report(error, 'load');
        this.declare();
      }
      throw error;
    }
  }

  async #activate(owned: Disposables, attempt: number): Promise<void> {
    // Awaited only where it must be, so that a click leads to the request at once.
    const { loadClient } = loaded ?? (await loader());
    const client = await loadClient(this.entry, attempt);
    if (owned.disposed || this.#isDisposed()) return;
    const { host, store, hooks, badges } = this.services;
    const onChanged = (): void => badges.refresh(this.entry.id);
    const sodium = createClientSodium({ host, store, hooks, handle: this, owned, onChanged });
    this.#sodium = sodium;
    const returned: unknown = await client(sodium);
    if (typeof returned === 'function') owned.add(returned as () => void);
  }

  #isDisposed(): boolean {
    return this.#state.kind === 'disposed';
  }
}
