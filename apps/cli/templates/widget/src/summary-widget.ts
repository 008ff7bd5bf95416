import type { ClientSodium } from '@sodium/sdk';
import { css, html, LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import type { Summary } from './summary.js';

/** The widget's element. What it shows comes from the plugin's own route, `/summary`. */
export function summaryWidget(sodium: ClientSodium): CustomElementConstructor {
  class SummaryWidget extends LitElement {
    static override styles = css`
      p {
        margin: 0;
        color: var(--sodium-color-text-muted);
      }
      strong {
        display: block;
        font-size: var(--sodium-text-xl);
        color: var(--sodium-color-text);
      }
    `;

    @state() private summary: Summary | null = null;
    @state() private problem = '';
    private stopListening = (): void => {};

    override connectedCallback(): void {
      super.connectedCallback();
      this.stopListening = sodium.live.on('server:state', () => void this.load());
      void this.load();
    }

    override disconnectedCallback(): void {
      this.stopListening();
      super.disconnectedCallback();
    }

    override render() {
      if (this.problem) return html`<p role="alert">${this.problem}</p>`;
      if (!this.summary) return html`<p role="status">Loading…</p>`;
      const { running, total } = this.summary;
      if (total === 0) return html`<p>Create a server to see it here.</p>`;
      return html`<p><strong>${running} of ${total}</strong> servers are running.</p>`;
    }

    private async load(): Promise<void> {
      try {
        this.summary = await sodium.api.get<Summary>('/summary');
        this.problem = '';
      } catch (error) {
        this.problem = (error as Error).message;
      }
    }
  }
  return SummaryWidget;
}
