// @ts-check

/** @param {import('@sodium/sdk').ClientSodium} sodium */
export default (sodium) => {
  // Lit comes from the panel: this file is used as it is, without a build.
  const { css, html, LitElement } = sodium.lit;

  class SummaryWidget extends LitElement {
    static properties = { summary: { state: true }, problem: { state: true } };
    static styles = css`
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

    constructor() {
      super();
      /** @type {{ running: number, total: number } | null} */
      this.summary = null;
      this.problem = '';
      this.stopListening = () => {};
    }

    connectedCallback() {
      super.connectedCallback();
      this.stopListening = sodium.live.on('server:state', () => void this.load());
      void this.load();
    }

    disconnectedCallback() {
      this.stopListening();
      super.disconnectedCallback();
    }

    render() {
      if (this.problem) return html`<p role="alert">${this.problem}</p>`;
      if (!this.summary) return html`<p role="status">Loading…</p>`;
      const { running, total } = this.summary;
      if (total === 0) return html`<p>Create a server to see it here.</p>`;
      return html`<p><strong>${running} of ${total}</strong> servers are running.</p>`;
    }

    async load() {
      try {
        this.summary = await sodium.api.get('/summary');
        this.problem = '';
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  sodium.ui.addDashboardWidget({ id: 'summary', title: 'My plugin', size: 'small', element: SummaryWidget });
};
