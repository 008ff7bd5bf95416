import type { ClientSodium } from '@sodium/sdk';
import { css, html, LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Note } from './note.js';

/** The page's element. */
export function notesPage(sodium: ClientSodium): CustomElementConstructor {
  class NotesPage extends LitElement {
    static override styles = css`
      form,
      li {
        display: flex;
        align-items: center;
        gap: var(--sodium-space-3);
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

    @state() private notes: Note[] | null = null;
    @state() private problem = '';

    override connectedCallback(): void {
      super.connectedCallback();
      void this.attempt(() => Promise.resolve());
    }

    override render() {
      return html`
        <form @submit=${this.add}>
          <wa-input name="text" aria-label="New note" placeholder="New note" maxlength="500" required></wa-input>
          <wa-button type="submit" variant="brand">Add</wa-button>
        </form>
        ${this.problem ? html`<p role="alert">${this.problem}</p>` : ''} ${this.list()}
      `;
    }

    private list() {
      if (!this.notes) return html`<p class="quiet" role="status">Loading…</p>`;
      if (this.notes.length === 0) return html`<p class="quiet">No notes yet.</p>`;
      return html`<ul>
        ${repeat(
          this.notes,
          ({ id }) => id,
          ({ id, text }) =>
            html`<li>
              <span>${text}</span>
              <wa-button size="small" appearance="plain" @click=${() => this.discard(id)}>Delete</wa-button>
            </li>`,
        )}
      </ul>`;
    }

    private readonly add = (event: SubmitEvent): void => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const text = new FormData(form).get('text');
      void this.attempt(async () => {
        await sodium.api.post('/notes', { text });
        form.reset();
      });
    };

    private discard(id: string): void {
      void this.attempt(() => sodium.api.delete(`/notes/${id}`));
    }

    /** Does something and shows the notes as they are then, or says why not. */
    private async attempt(work: () => Promise<unknown>): Promise<void> {
      try {
        await work();
        this.notes = (await sodium.api.get<{ items: Note[] }>('/notes')).items;
        this.problem = '';
      } catch (error) {
        this.problem = (error as Error).message;
      }
    }
  }
  return NotesPage;
}
