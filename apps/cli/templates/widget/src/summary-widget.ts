import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { css, html } from 'lit';
import { state } from 'lit/decorators.js';
import type { Summary } from './summary.js';

/** What the widget shows comes from the plugin's own route, `/summary`. */
export class SummaryWidget extends SodiumElement {
  static override styles = [
    SodiumElement.styles,
    viewStyles,
    css`
      p {
        margin: 0;
      }
      strong {
        display: block;
        color: var(--sodium-color-text);
      }
    `,
  ];

  @state() private summary: Summary | null = null;
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.onLive('server:state', () => void this.load());
    void this.load();
  }

  override render() {
    if (this.problem) return html`<p role="alert">${this.problem}</p>`;
    if (!this.summary) return html`<p class="quiet" role="status">Loading…</p>`;
    const { running, total } = this.summary;
    if (total === 0) return html`<p class="quiet">Create a server to see it here.</p>`;
    return html`<p class="quiet"><strong class="figure">${running} of ${total}</strong> servers are running.</p>`;
  }

  private async load(): Promise<void> {
    try {
      this.summary = await this.sodium.api.get<Summary>('/summary');
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}
