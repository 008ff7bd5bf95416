import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { contribution } from '../contribution-place.js';
import { ShellElement } from '../shell-element.js';
import '../slots/index.js';
import type { WidgetContribution } from '../slots/types.js';
import { icon } from '../ui/icon.js';
import type { WidgetSize } from './dashboard-layout.js';

/** What a person does to a card while the dashboard is being arranged. */
export type ArrangeAction =
  | { type: 'grab'; pointer: PointerEvent }
  /** By so many places, or to one end. */
  | { type: 'move'; by: number }
  | { type: 'resize'; size: WidgetSize }
  | { type: 'hide' };

export class ArrangeEvent extends Event {
  constructor(
    readonly card: WidgetCard,
    readonly action: ArrangeAction,
  ) {
    super('arrange', { bubbles: true });
  }
}

const KEYS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

/** One widget on the dashboard. The element is the card itself, so that the grid lays it out. */
@customElement('sodium-widget-card')
export class WidgetCard extends ShellElement {
  @property({ attribute: false }) widget!: WidgetContribution;
  @property({ attribute: false }) size: WidgetSize = 'medium';
  @property({ attribute: false }) arranging = false;

  /** Being moved within the page is no reason to begin anew. */
  connectedMoveCallback(): void {}

  get handle(): HTMLElement | null {
    return this.querySelector('.so-widget-handle');
  }

  protected override willUpdate(): void {
    this.setAttribute('role', 'region');
    this.setAttribute('aria-label', this.widget.title);
  }

  override render(): TemplateResult {
    const { title } = this.widget;
    return html`<header>
        ${this.arranging ? this.#handle() : nothing}
        <h2>${title}</h2>
        ${this.arranging ? this.#controls() : nothing}
      </header>
      <div class="so-card-body" ?inert=${this.arranging}>${contribution(this.widget, [{ size: this.size }])}</div>`;
  }

  #handle(): TemplateResult {
    return html`<button
      class="so-icon-button so-widget-handle"
      type="button"
      aria-label=${msg(str`Move ${this.widget.title}`)}
      aria-describedby="so-arrange-help"
      @pointerdown=${this.#grab}
      @keydown=${this.#key}
    >
      ${icon('grip-vertical')}
    </button>`;
  }

  #controls(): TemplateResult {
    const { title } = this.widget;
    const sizes: [WidgetSize, string][] = [
      ['small', msg('Small')],
      ['medium', msg('Medium')],
      ['large', msg('Large')],
    ];
    return html`<div class="so-row so-row-nowrap so-widget-controls">
      <div class="so-segmented" role="group" aria-label=${msg(str`Size of ${title}`)}>
        ${sizes.map(
          ([size, name]) =>
            html`<button
              type="button"
              aria-pressed=${this.size === size}
              aria-label=${name}
              title=${name}
              @click=${() => this.#tell({ type: 'resize', size })}
            >
              <span aria-hidden="true">${name.slice(0, 1)}</span>
            </button>`,
        )}
      </div>
      <button
        class="so-icon-button"
        type="button"
        aria-label=${msg(str`Hide ${title}`)}
        title=${msg('Hide')}
        @click=${() => this.#tell({ type: 'hide' })}
      >
        ${icon('eye-off')}
      </button>
    </div>`;
  }

  #grab = (pointer: PointerEvent): void => {
    if (pointer.button !== 0 || !pointer.isPrimary) return;
    this.#tell({ type: 'grab', pointer });
  };

  #key = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#tell({ type: 'move', by });
  };

  #tell(action: ArrangeAction): void {
    this.dispatchEvent(new ArrangeEvent(this, action));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sodium-widget-card': WidgetCard;
  }
}
