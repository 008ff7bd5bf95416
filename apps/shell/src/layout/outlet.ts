import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { isSafeMode } from '../api/safe-mode.js';
import type { RouterView } from '../router/router.js';
import { ShellElement } from '../shell-element.js';
import { emptyState, errorState, skeletonLines } from '../ui/states.js';

/** Shows what the router found; moves the focus and the document's title along. */
@customElement('sodium-outlet')
export class Outlet extends ShellElement {
  #shownKey: string | null = null;

  protected override attached(): void {
    this.follow(this.shell.router, 'view');
  }

  override render(): TemplateResult {
    const { view } = this.shell.router;
    return html`${keyed(keyOf(view), this.#content(view))}`;
  }

  #content(view: RouterView): TemplateResult {
    switch (view.status) {
      case 'idle':
        return skeletonLines();
      case 'ready':
        return view.route.view(view.context);
      case 'failed':
        return html`<h1 class="so-visually-hidden">${view.route.title(view.context)}</h1>
          ${errorState(view.error, () => this.shell.router.retry(), this.shell.user)}`;
      case 'missing':
        return missing();
    }
  }

  protected override updated(): void {
    const { view } = this.shell.router;
    if (view.status === 'idle') return;
    const key = keyOf(view);
    document.title = `${'route' in view ? view.route.title(view.context) : msg('Not found')} · Sodium`;
    const first = this.#shownKey === null;
    if (key === this.#shownKey) return;
    this.#shownKey = key;
    if (!first) void this.#arrive();
  }

  /** The new page begins at its top; its heading takes the focus, so that screen readers say where one is and Tab goes on from there. */
  async #arrive(): Promise<void> {
    await (this.firstElementChild as { updateComplete?: Promise<unknown> } | null)?.updateComplete;
    // With the frame that shows the page: either would have the browser lay out what is still being built.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    window.scrollTo(0, 0);
    const heading = this.querySelector('h1') ?? document.querySelector<HTMLElement>('main');
    if (!heading || this.querySelector(':focus')) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

function keyOf(view: RouterView): string {
  if (view.status === 'idle') return '';
  if (view.status === 'missing') return `missing ${view.context.path}`;
  return `${view.status} ${view.route.path} ${view.route.key?.(view.context) ?? view.context.path}`;
}

function missing(): TemplateResult {
  return html`<h1 class="so-visually-hidden">${msg('Not found')}</h1>
    ${emptyState({
      icon: 'search',
      title: msg('There is nothing at this address'),
      text: isSafeMode()
        ? msg('Pages of plugins are not shown in safe mode. Leave it in the bar above to see them.')
        : msg('The page may have been moved, or the plugin that offered it is no longer active.'),
      action: html`<wa-button variant="brand" href=${location.pathname.startsWith('/admin') ? '/admin' : '/'}>
        ${location.pathname.startsWith('/admin') ? msg('To the admin overview') : msg('To the dashboard')}
      </wa-button>`,
    })}`;
}
