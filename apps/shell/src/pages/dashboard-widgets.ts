import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../shell-element.js';
import { icon } from '../ui/icon.js';
import { dragCard } from './dashboard-drag.js';
import { changeItem, complete, moved, placeWidgets, reorder, type PlacedWidget } from './dashboard-layout.js';
import type { DashboardStore } from './dashboard-store.js';
import type { ArrangeEvent, WidgetCard } from './dashboard-widget-card.js';
import './dashboard-widget-card.js';

/** The widgets in their user's order, and what it takes to change that. */
@customElement('sodium-dashboard-widgets')
export class DashboardWidgets extends ShellElement {
  @property({ attribute: false }) layout!: DashboardStore;
  @property({ attribute: false }) arranging = false;
  /** Spoken to those who cannot see where a widget went. */
  @state() private said = '';

  readonly #cards = new Map<string, WidgetCard>();
  /** The cards are kept by hand: a template would disconnect a plugin's view whenever it moves one. */
  readonly #grid = Object.assign(document.createElement('div'), { className: 'so-widgets' });
  #endDrag: () => void = () => undefined;

  protected override attached(): void {
    this.follow(this.layout, 'change');
    if (this.shell.plugins) this.follow(this.shell.plugins, 'change');
    this.#grid.addEventListener('arrange', this.#arrange as (event: Event) => void);
    this.own(
      () => this.#grid.removeEventListener('arrange', this.#arrange as (event: Event) => void),
      () => this.#endDrag(),
    );
  }

  override render(): TemplateResult {
    const hidden = this.#placed().filter((placed) => placed.hidden);
    return html`${
        this.arranging
          ? html`<p class="so-muted so-small" id="so-arrange-help">
              ${msg('Drag a widget by its handle, or press the arrow keys on it. Home and End lead to the ends.')}
            </p>`
          : nothing
      }
      ${this.#grid} ${this.arranging && hidden.length > 0 ? this.#hidden(hidden) : nothing}
      <p class="so-visually-hidden" role="status">${this.said}</p>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('arranging') && !this.arranging) {
      this.#endDrag();
      this.said = '';
    }
  }

  protected override updated(): void {
    const visible = this.#visible();
    const wanted = new Set(visible.map(({ widget }) => widget.key));
    for (const [key, card] of this.#cards) {
      if (wanted.has(key)) continue;
      card.remove();
      this.#cards.delete(key);
    }
    for (const [index, { widget, size }] of visible.entries()) {
      const card = this.#cards.get(widget.key) ?? document.createElement('sodium-widget-card');
      this.#cards.set(widget.key, card);
      Object.assign(card, { widget, size, arranging: this.arranging });
      dress(card);
      const before = this.#grid.children[index] ?? null;
      if (before !== card) moveInto(this.#grid, card, before);
    }
  }

  #placed(): PlacedWidget[] {
    return placeWidgets(this.layout.items ?? [], this.shell.plugins?.store.widgets ?? []);
  }

  #visible(): PlacedWidget[] {
    return this.layout.items ? this.#placed().filter(({ hidden }) => !hidden) : [];
  }

  #hidden(widgets: readonly PlacedWidget[]): TemplateResult {
    return html`<div class="so-card so-hidden-widgets" role="group" aria-label=${msg('Hidden widgets')}>
      <span class="so-muted so-small">${msg('Hidden')}</span>
      ${widgets.map(
        ({ widget }) =>
          html`<wa-button size="s" appearance="outlined" @click=${() => void this.#reveal(widget.key, widget.title)}
            ><span slot="start">${icon('eye')}</span>${msg(str`Show ${widget.title}`)}</wa-button
          >`,
      )}
    </div>`;
  }

  readonly #arrange = ({ card, action }: ArrangeEvent): void => {
    const { key, title } = card.widget;
    switch (action.type) {
      case 'grab':
        this.#endDrag();
        this.#endDrag = dragCard(card, action.pointer, (cards) => {
          const keys = (cards as WidgetCard[]).map(({ widget }) => widget.key);
          void this.#reorder(card, keys);
        });
        return;
      case 'move': {
        const keys = this.#visible().map(({ widget }) => widget.key);
        return void this.#reorder(card, moved(keys, key, keys.indexOf(key) + action.by));
      }
      case 'resize':
        this.#change(key, { size: action.size });
        this.said = msg(str`${title} is ${sizeName(action.size)} now.`);
        return;
      case 'hide':
        return void this.#hide(card);
    }
  };

  async #reorder(card: WidgetCard, keys: string[]): Promise<void> {
    const hadFocus = card.contains(document.activeElement);
    this.layout.change(reorder(this.#items(), keys));
    const { key, title } = card.widget;
    this.said = msg(str`${title} is at place ${keys.indexOf(key) + 1} of ${keys.length}.`);
    await this.updateComplete;
    if (hadFocus) card.handle?.focus({ preventScroll: true });
    card.scrollIntoView({ block: 'nearest' });
  }

  async #hide(card: WidgetCard): Promise<void> {
    const next = (card.nextElementSibling ?? card.previousElementSibling) as WidgetCard | null;
    this.#change(card.widget.key, { hidden: true });
    this.said = msg(str`${card.widget.title} is hidden.`);
    await this.updateComplete;
    (next?.handle ?? this.querySelector<HTMLElement>('.so-hidden-widgets wa-button'))?.focus();
  }

  async #reveal(key: string, title: string): Promise<void> {
    this.#change(key, { hidden: false });
    this.said = msg(str`${title} is shown.`);
    await this.updateComplete;
    const card = this.#cards.get(key);
    await card?.updateComplete;
    card?.handle?.focus();
  }

  #change(key: string, change: Parameters<typeof changeItem>[2]): void {
    this.layout.change(changeItem(this.#items(), key, change));
  }

  #items(): ReturnType<typeof complete> {
    return complete(this.layout.items ?? [], this.shell.plugins?.store.widgets ?? []);
  }
}

function dress({ classList, size, arranging }: WidgetCard): void {
  classList.add('so-card', 'so-widget');
  for (const each of ['small', 'medium', 'large']) classList.toggle(`so-widget-${each}`, each === size);
  classList.toggle('so-widget-arranging', arranging);
}

function sizeName(size: PlacedWidget['size']): string {
  return { small: msg('small'), medium: msg('medium'), large: msg('large') }[size];
}

/** Where the browser can, a card is moved without its plugin's view noticing. */
function moveInto(
  parent: Element & { moveBefore?(node: Node, before: Node | null): void },
  node: Element,
  before: Element | null,
): void {
  if (node.parentNode === parent && parent.isConnected && parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

declare global {
  interface HTMLElementTagNameMap {
    'sodium-dashboard-widgets': DashboardWidgets;
  }
}
