import { msg, str } from '@lit/localize';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { parseFrameMessage, type FrameMessage, type PageMessage } from '../../frame/frame-messages.js';
import { ShellElement } from '../../shell-element.js';
import { skeletonLines } from '../../ui/states.js';
import { guardFocus, type FocusGuard } from './plugin-frame-focus.js';
import { FrameGuard } from './plugin-frame-guard.js';

export interface FrameLook {
  theme: string | null;
  mode: 'light' | 'dark';
}
export type Viewport = 'phone' | 'tablet' | 'desktop';

const WIDTHS: Record<Viewport, number> = { phone: 390, tablet: 820, desktop: 1280 };
const HEARTBEAT_MS = 4_000;
/** A plugin may be busy, but not for ever. */
const MISSED_BEATS = 3;

/**
 * The sealed frame with the panel as a plugin would change it. Fires `gone` with the reason when the frame has to be
 * taken away: it left its page, floods, or does not answer; and `ended` when its preview is over. It is never made
 * anew by itself: a new address needs a new element.
 */
@customElement('sodium-preview-frame')
export class PreviewFrame extends ShellElement {
  @property({ attribute: false }) url = '';
  @property({ attribute: false }) name = '';
  @property({ attribute: false }) viewport: Viewport = 'desktop';
  /** Where it begins. Fires `place` with where somebody went. */
  @property({ attribute: false }) path = '/';
  @property({ attribute: false }) look: FrameLook = { theme: null, mode: 'light' };
  @state() private greeted = false;
  @state() private scale = 1;
  @query('iframe') private readonly element!: HTMLIFrameElement | null;
  readonly #guard = new FrameGuard();
  #focus: FocusGuard | null = null;
  #address = '';
  #loads = 0;
  #missed = 0;

  protected override attached(): void {
    const onMessage = (event: MessageEvent): void => this.#receive(event);
    const beat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    window.addEventListener('message', onMessage);
    this.#focus = guardFocus(
      () => this.element,
      () => this.#gone(msg('It took the keyboard away from the page again and again.')),
    );
    const size = new ResizeObserver(() => this.#fit());
    size.observe(this);
    this.own(
      () => window.removeEventListener('message', onMessage),
      () => clearInterval(beat),
      () => size.disconnect(),
      () => this.#focus?.dispose(),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) this.#address = addressOf(this.url, this.look, this.path);
    if (changed.has('viewport')) this.#fit();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('look') && this.greeted) this.#send({ type: 'look', ...this.look });
  }

  override render(): TemplateResult {
    const { scale } = this;
    const width = WIDTHS[this.viewport];
    return html`${this.greeted ? nothing : skeletonLines(5)}
      <div class="so-preview-screen" ?hidden=${!this.greeted} style="inline-size: ${Math.floor(width * scale)}px">
        <iframe
          title=${msg(str`Preview of “${this.name}”`)}
          sandbox="allow-scripts allow-forms"
          referrerpolicy="no-referrer"
          style="inline-size: ${width}px; block-size: ${100 / scale}%; transform: scale(${scale})"
          src=${this.#address}
          @load=${() => this.#loaded()}
        ></iframe>
      </div>`;
  }

  /** What is wider than its place is drawn smaller, so that it still is laid out as on that screen. */
  #fit(): void {
    const room = this.clientWidth;
    if (room > 0) this.scale = Math.min(1, room / WIDTHS[this.viewport]);
  }

  /** A frame shows one document. A second one is not ours. */
  #loaded(): void {
    this.#loads += 1;
    if (this.#loads > 1) this.#gone(msg('It tried to leave its page.'));
  }

  #beat(): void {
    if (document.hidden) return;
    this.#missed += 1;
    if (this.#missed > MISSED_BEATS) this.#gone(msg('It did not answer any more.'));
    else this.#send({ type: 'ping' });
  }

  #receive(event: MessageEvent): void {
    if (event.source !== this.element?.contentWindow || event.origin !== 'null') return;
    if (!this.#guard.admit()) return this.#gone(msg('It sent more messages than any page needs.'));
    const message = parseFrameMessage(event.data);
    if (message && this.#guard.allows(message.type)) this.#act(message);
  }

  /** What is not listed here is nothing that a preview may ask. */
  #act(message: FrameMessage): void {
    switch (message.type) {
      case 'hello':
        if (this.greeted) return this.#gone(msg('It tried to leave its page.'));
        this.greeted = true;
        return this.#send({ type: 'look', ...this.look });
      case 'alive':
        this.#missed = 0;
        return;
      case 'place':
        return void this.dispatchEvent(new CustomEvent('place', { detail: message.path }));
      case 'ended':
        return void this.dispatchEvent(new Event('ended'));
      case 'escape':
        return void this.dispatchEvent(new Event('escape'));
    }
  }

  /** Brings the plugin's new content into the frame. What has not been greeted yet begins with it anyway. */
  reload(): void {
    if (this.greeted) this.#send({ type: 'reload' });
  }

  #gone(reason: string): void {
    this.dispatchEvent(new CustomEvent('gone', { detail: reason }));
  }

  /** The frame has no origin that could be named here; what is sent is no secret. */
  #send(message: PageMessage): void {
    this.element?.contentWindow?.postMessage(message, '*');
  }
}

function addressOf(url: string, look: FrameLook, path: string): string {
  const query = new URLSearchParams({ mode: look.mode, path, ...(look.theme ? { theme: look.theme } : {}) });
  return `${url}?${query.toString()}`;
}
