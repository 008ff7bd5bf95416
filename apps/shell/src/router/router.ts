import type { TemplateResult } from 'lit';
import Navigo, { type Match } from 'navigo';

export interface RouteContext {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Route {
  /** A navigo pattern: `/servers/:id`. */
  readonly path: string;
  title(context: RouteContext): string;
  /** Fetches the code of the page. */
  load?(): Promise<unknown>;
  view(context: RouteContext): TemplateResult;
  /** Views with the same key are one page: moving between them keeps the focus where it is. */
  key?(context: RouteContext): string;
}

/** A route found for an address that no fixed route has, such as a page of a plugin. */
export type FallbackMatch = { route: Route; params: Record<string, string> };

export type RouterView =
  | { status: 'idle' }
  | { status: 'ready'; route: Route; context: RouteContext }
  | { status: 'failed'; route: Route; context: RouteContext; error: unknown }
  | { status: 'missing'; context: RouteContext };

export interface RouterOptions {
  routes: readonly Route[];
  fallback?: (path: string) => FallbackMatch | null;
  /** Asked before a page with unsaved input is left. */
  confirmLeave?: () => Promise<boolean>;
}

/**
 * What the address shows. Navigo matches and keeps the history; this adds pages that load when they are opened, pages of
 * plugins, and a question before unsaved input is lost. Fires `view` when there is something else to show.
 */
export class Router extends EventTarget {
  #view: RouterView = { status: 'idle' };
  #entering = 0;
  #address = here();
  readonly #navigo = new Navigo('/', { strategy: 'ONE', noMatchWarning: true, linksSelector: '[data-no-navigo]' });
  readonly #unsaved = new Set<object>();

  constructor(private readonly options: RouterOptions) {
    super();
    // Before navigo's own listener, so that a refused step back shows nothing else.
    window.addEventListener('popstate', (event) => this.#holdUnsaved(event), { capture: true });
    window.addEventListener('beforeunload', (event) => {
      if (this.#unsaved.size > 0) event.preventDefault();
    });
    for (const route of options.routes) this.#navigo.on(route.path, (match) => void this.#enter(route, match));
    this.#navigo.notFound(() => this.#enterFallback());
  }

  get view(): RouterView {
    return this.#view;
  }

  start(): void {
    this.#navigo.resolve();
  }

  /** Looks again at the current address, after the set of fallback pages has changed. */
  reconsider(): void {
    const { view } = this;
    if (view.status === 'idle' || this.options.routes.some((route) => 'route' in view && route === view.route)) return;
    const found = this.options.fallback?.(view.context.path) ?? null;
    const shown = 'route' in view ? view.route.path : null;
    if (found?.route.path !== (shown ?? undefined)) this.#enterFallback();
  }

  async navigate(to: string, { replace = false } = {}): Promise<void> {
    if (!(await this.#mayLeave())) return;
    this.#fetchAhead(to);
    // Navigo would change the address only after it has called the route, which reads it.
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    this.#address = here();
    this.#navigo.resolve();
  }

  /** The code of a plugin's page is on its way while the browser changes the address, which takes it a while. */
  #fetchAhead(to: string): void {
    const loading = this.options.fallback?.(pathOf(new URL(to, location.href)))?.route.load?.();
    // What fails is said when the page is shown.
    loading?.catch(() => undefined);
  }

  /** Marks input that would be lost. The returned function takes the mark away. */
  holdUnsaved(): () => void {
    const mark = {};
    this.#unsaved.add(mark);
    return () => this.#unsaved.delete(mark);
  }

  retry(): void {
    if (this.#view.status === 'failed') void this.#show(this.#view.route, this.#view.context);
  }

  #enter(route: Route, match: Match | undefined): Promise<void> {
    return this.#show(route, contextOf(match?.data ?? {}));
  }

  #enterFallback(): void {
    const context = contextOf({});
    const found = this.options.fallback?.(context.path);
    const stands = (): boolean => this.options.fallback?.(context.path)?.route.path === found?.route.path;
    if (found) void this.#show(found.route, { ...context, params: found.params }, stands);
    else this.#become({ status: 'missing', context });
  }

  async #show(route: Route, context: RouteContext, stands = () => true): Promise<void> {
    const turn = ++this.#entering;
    this.#address = here();
    try {
      await route.load?.();
      // A slow page must not replace the one that was opened after it.
      if (turn !== this.#entering) return;
      // Once it has run, the code of a plugin may give an address to another page, or to admins only.
      if (stands()) this.#become({ status: 'ready', route, context }, turn);
      else this.#enterFallback();
    } catch (error) {
      if (turn === this.#entering) this.#become({ status: 'failed', route, context, error }, turn);
    }
  }

  #become(view: RouterView, turn = ++this.#entering): void {
    this.#entering = turn;
    this.#view = view;
    this.dispatchEvent(new Event('view'));
  }

  async #mayLeave(): Promise<boolean> {
    if (this.#unsaved.size === 0) return true;
    if (!(await (this.options.confirmLeave?.() ?? true))) return false;
    this.#unsaved.clear();
    return true;
  }

  #holdUnsaved(event: PopStateEvent): void {
    if (this.#unsaved.size === 0) {
      this.#address = here();
      return;
    }
    event.stopImmediatePropagation();
    const target = here();
    history.pushState(null, '', this.#address);
    void this.navigate(target);
  }
}

function here(): string {
  return location.pathname + location.search + location.hash;
}

function contextOf(params: Record<string, string>): RouteContext {
  return { path: pathOf(location), params, query: new URLSearchParams(location.search) };
}

const pathOf = ({ pathname }: { pathname: string }): string => pathname.replace(/\/+$/, '') || '/';
