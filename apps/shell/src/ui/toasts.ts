import { msg } from '@lit/localize';
import { html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { blameLine, type Blame } from './blame.js';
import { icon } from './icon.js';

export type ToastVariant = 'info' | 'success' | 'warning' | 'danger';
interface Toast {
  id: number;
  message: string;
  variant: ToastVariant;
  blame: Blame | null;
}

const ICONS: Record<ToastVariant, string> = {
  info: 'info',
  success: 'circle-check',
  warning: 'triangle-alert',
  danger: 'circle-alert',
};
const LIFETIME_MS = 6_000;
const MOST = 4;

/** Short notes in the corner. They wait while the pointer or the focus is on them; errors stay twice as long. */
@customElement('sodium-toasts')
export class ToastRegion extends LitElement {
  @state() private toasts: Toast[] = [];
  #next = 1;
  #timers = new Map<number, number>();

  show(message: string, variant: ToastVariant = 'info', blame: Blame | null = null): void {
    const toast = { id: this.#next++, message: String(message).slice(0, 400), variant, blame };
    this.toasts = [...this.toasts.slice(1 - MOST), toast];
    this.#schedule(toast);
  }

  #schedule(toast: Toast): void {
    const wait = toast.variant === 'danger' ? LIFETIME_MS * 2 : LIFETIME_MS;
    this.#timers.set(
      toast.id,
      window.setTimeout(() => this.#dismiss(toast.id), wait),
    );
  }

  #dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  #hold = (): void => {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  };

  #release = (): void => {
    for (const toast of this.toasts) this.#schedule(toast);
  };

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render() {
    return html`<div
      class="so-toasts"
      role="region"
      aria-label=${msg('Notifications')}
      aria-live="polite"
      @mouseenter=${this.#hold}
      @mouseleave=${this.#release}
      @focusin=${this.#hold}
      @focusout=${this.#release}
    >
      ${repeat(
        this.toasts,
        ({ id }) => id,
        ({ id, message, variant, blame }) =>
          html`<div class="so-toast so-toast-${variant}" role=${variant === 'danger' ? 'alert' : 'status'}>
            ${icon(ICONS[variant])}
            <p>${message} ${blameLine(blame)}</p>
            <button class="so-icon-button" type="button" aria-label=${msg('Dismiss')} @click=${() => this.#dismiss(id)}>
              ${icon('x')}
            </button>
          </div>`,
      )}
    </div>`;
  }
}
