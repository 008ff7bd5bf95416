import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { css, html } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Note } from './note.js';

/** The page: a form, and the notes below it. */
export class NotesPage extends SodiumElement {
  static override styles = [
    SodiumElement.styles,
    viewStyles,
    css`
      .row {
        align-items: end;
      }
      wa-input {
        flex: 1;
      }
    `,
  ];

  @state() private notes: Note[] | null = null;
  @state() private problem = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(() => Promise.resolve());
  }

  override render() {
    return html`<div class="stack">
      <form class="row" @submit=${this.add}>
        <wa-input name="text" label="New note" maxlength="500" required></wa-input>
        <wa-button type="submit" variant="brand">Add</wa-button>
      </form>
      ${this.problem ? html`<p class="notice danger" role="alert">${this.problem}</p>` : ''} ${this.list()}
    </div>`;
  }

  private list() {
    if (!this.notes) return html`<p class="empty" role="status">Loading…</p>`;
    if (this.notes.length === 0) return html`<p class="empty">No notes yet.</p>`;
    return html`<ul class="card list">
      ${repeat(
        this.notes,
        ({ id }) => id,
        ({ id, text }) =>
          html`<li>
            <span class="what">${text}</span>
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
      await this.sodium.api.post('/notes', { text });
      form.reset();
    });
  };

  private discard(id: string): void {
    void this.attempt(() => this.sodium.api.delete(`/notes/${id}`));
  }

  /** Does something and shows the notes as they are then, or says why not. */
  private async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.notes = (await this.sodium.api.get<{ items: Note[] }>('/notes')).items;
      this.problem = '';
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}
