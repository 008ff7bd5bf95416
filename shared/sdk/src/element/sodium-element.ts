import { LitElement, type CSSResultGroup } from 'lit';
import type { ClientSodium, Dispose, LiveEvent } from '../client-api.js';
import { baseStyles } from './base-styles.js';

/** Where the shell leaves the plugin's `sodium` object on a class that it defines. */
const SODIUM = Symbol.for('sodium.element');

/**
 * A Lit element that belongs to a plugin: it has the plugin's `sodium` object, is drawn from the theme's tokens, renders
 * anew when the theme changes its mode, and takes back what it registered when it leaves the page.
 *
 * Pass the class where the panel takes an element, or to `sodium.define`; both give it its `sodium`. Styles of your own
 * go beside the common ones: `static override styles = [SodiumElement.styles, css`…`]`.
 *
 * @example
 * class ClockWidget extends SodiumElement {
 *   override connectedCallback() {
 *     super.connectedCallback();
 *     this.onLive('server:state', () => this.requestUpdate());
 *   }
 *   override render() {
 *     return html`<p>${this.sodium.user.username} sees it ${this.mode}</p>`;
 *   }
 * }
 * export default defineClient((sodium) => {
 *   sodium.ui.addDashboardWidget({ id: 'clock', title: 'Clock', element: ClockWidget });
 * });
 */
export abstract class SodiumElement extends LitElement {
  /** Spacing, type, tables, links and form fields as the panel draws them, from the theme's tokens. */
  static override styles: CSSResultGroup = baseStyles;

  readonly #owned = new Set<Dispose>();

  /**
   * The plugin's `sodium` object. Throws when the element was defined by other means than the panel's, for example with
   * `customElements.define`.
   */
  protected get sodium(): ClientSodium {
    const found = (this.constructor as { [SODIUM]?: ClientSodium })[SODIUM];
    if (found) return found;
    throw new Error(
      `<${this.localName}> has no "sodium": pass its class to the panel ("element: ${this.constructor.name}") or define it with sodium.define("name", ${this.constructor.name}).`,
    );
  }

  /** The mode of the theme. The element renders anew when it changes. */
  protected get mode(): 'light' | 'dark' {
    return this.sodium.theme.mode;
  }

  /**
   * Keeps what was registered while the element is on the page: it is taken back when the element leaves. Call it from
   * `connectedCallback`, after `super.connectedCallback()`, so that an element that comes back registers anew. Returns
   * the way to take it back earlier; calling that twice is harmless.
   */
  protected own(dispose: Dispose): Dispose {
    const once = (): void => {
      if (this.#owned.delete(once)) dispose();
    };
    this.#owned.add(once);
    return once;
  }

  /** Listens to a live event while on the page. */
  protected onLive<T = unknown>(event: LiveEvent, listener: (data: T) => void): Dispose {
    return this.own(this.sodium.live.on(event, (data) => listener(data as T)));
  }

  /** Calls a function every so many milliseconds while on the page. */
  protected every(milliseconds: number, run: () => void): Dispose {
    const timer = setInterval(run, milliseconds);
    return this.own(() => clearInterval(timer));
  }

  /** Follows the theme. What overrides it calls `super.connectedCallback()` first. */
  override connectedCallback(): void {
    super.connectedCallback();
    this.own(this.sodium.theme.subscribe(() => this.requestUpdate()));
  }

  /** Takes back all that it owns, newest first. What overrides it calls `super.disconnectedCallback()`. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const dispose of [...this.#owned].reverse()) dispose();
  }
}
