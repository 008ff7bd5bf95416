// @ts-check

/** @typedef {{ id: string, owner: string, text: string, at: string }} Note */

/** @param {import('@sodium/sdk').ClientSodium} sodium */
export default (sodium) => {
  // Lit comes from the panel: this file is used as it is, without a build.
  const { css, html, LitElement } = sodium.lit;

  class NotesPage extends LitElement {
    static properties = { notes: { state: true }, problem: { state: true } };
    static styles = css`
      form,
      li {
        display: flex;
        align-items: center;
        gap: var(--sodium-space-3);
      }
      form {
        align-items: end;
      }
      form > wa-input,
      li > span {
        flex: 1;
        overflow-wrap: anywhere;
      }
      ul {
        list-style: none;
        padding: 0;
      }
      li {
        padding-block: var(--sodium-space-2);
        border-block-end: 1px solid var(--sodium-color-border);
      }
      .quiet {
        color: var(--sodium-color-text-muted);
      }
    `;

    constructor() {
      super();
      /** @type {Note[] | null} */
      this.notes = null;
      this.problem = '';
    }

    connectedCallback() {
      super.connectedCallback();
      void this.attempt(async () => {});
    }

    render() {
      return html`
        <form @submit=${this.add}>
          <wa-input name="text" label="New note" maxlength="500" required></wa-input>
          <wa-button type="submit" variant="brand">Add</wa-button>
        </form>
        ${this.problem ? html`<p role="alert">${this.problem}</p>` : ''} ${this.list()}
      `;
    }

    list() {
      if (!this.notes) return html`<p class="quiet" role="status">Loading…</p>`;
      if (this.notes.length === 0) return html`<p class="quiet">No notes yet.</p>`;
      return html`<ul>
        ${this.notes.map(
          ({ id, text }) =>
            html`<li>
              <span>${text}</span>
              <wa-button size="small" appearance="plain" @click=${() => this.discard(id)}>Delete</wa-button>
            </li>`,
        )}
      </ul>`;
    }

    /** @param {SubmitEvent} event */
    add(event) {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.currentTarget);
      const text = new FormData(form).get('text');
      void this.attempt(async () => {
        await sodium.api.post('/notes', { text });
        form.reset();
      });
    }

    /** @param {string} id */
    discard(id) {
      void this.attempt(() => sodium.api.delete(`/notes/${id}`));
    }

    /**
     * Does something and shows the notes as they are then, or says why not.
     * @param {() => Promise<unknown>} work
     */
    async attempt(work) {
      try {
        await work();
        const { items } = /** @type {{ items: Note[] }} */ (await sodium.api.get('/notes'));
        this.notes = items;
        this.problem = '';
      } catch (error) {
        this.problem = error instanceof Error ? error.message : String(error);
      }
    }
  }

  sodium.ui.registerPages({ '/my-plugin': { title: 'My plugin', element: NotesPage } });
  sodium.ui.addSidebarItem({ label: 'My plugin', icon: 'notebook-pen', href: '/my-plugin' });
};
