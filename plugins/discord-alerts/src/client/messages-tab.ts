import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { css, html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { KIND_LABELS, type Embed, type Kind, type RuleView } from '../shapes.js';
import { AlertsElement } from './alerts-element.js';
import { embedPreview, embedStyles } from './embed-preview.js';
import { styles } from './styles.js';

const PREVIEW_WAIT_MS = 250;

type Draft = Pick<RuleView, 'kind' | 'title' | 'body' | 'enabled'> & { roles: string; users: string };
type Preview = { kind: 'none' } | { kind: 'shown'; embed: Embed } | { kind: 'refused'; message: string };

const idsIn = (text: string): string[] => text.split(/[\s,;]+/).map((id) => id.replace(/^<@[&!]?(\d+)>$/, '$1')).filter(Boolean); // prettier-ignore

/** Admin area: which events are told, in which words, and who is called. */
export class MessagesTab extends AlertsElement<RuleView[]> {
  static override readonly styles = [
    SodiumElement.styles,
    viewStyles,
    styles,
    embedStyles,
    css`
      .editor {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
        gap: var(--sodium-space-5);
      }
      .controls {
        display: grid;
        align-content: start;
        gap: var(--sodium-space-4);
        min-inline-size: 0;
      }
      .placeholders {
        display: flex;
        flex-wrap: wrap;
        gap: var(--sodium-space-2);
      }
      .placeholders code {
        padding: 0 var(--sodium-space-1);
        border-radius: var(--sodium-radius-sm);
        background: var(--sodium-color-surface-sunken);
        font-size: var(--sodium-text-xs);
      }
    `,
  ];

  @state() private draft: Draft | null = null;
  @state() private preview: Preview = { kind: 'none' };
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  protected override async fetch(): Promise<RuleView[]> {
    return (await this.sodium.api.get<{ items: RuleView[] }>('/admin/rules')).items;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#waiting);
  }

  protected override view(rules: RuleView[]): TemplateResult {
    return html`<div class="stack">
      <div>
        <h2>Messages</h2>
        <p class="quiet">Markdown is shown as such; names of servers and users never are, and never call anybody.</p>
      </div>
      <section class="card" aria-label="Messages by event">
        <ul class="list">
          ${rules.map((rule) => this.#row(rule))}
        </ul>
      </section>
    </div>`;
  }

  #row(rule: RuleView): TemplateResult {
    const { kind, enabled, changed, roles, users } = rule;
    const called = roles.length + users.length;
    const notes = [enabled ? 'Sent' : 'Not sent', changed ? 'own words' : '', called > 0 ? `calls ${called}` : ''];
    if (this.draft?.kind === kind) return html`<li>${this.#editor(rule, this.draft)}</li>`;
    return html`<li>
      <div class="what">
        <strong>${KIND_LABELS[kind]}</strong>
        <p class="quiet small">${notes.filter(Boolean).join(' · ')}</p>
      </div>
      <wa-button appearance="outlined" size="small" @click=${() => this.#edit(rule)}
        >Edit <span class="unseen">“${KIND_LABELS[kind]}”</span></wa-button
      >
    </li>`;
  }

  #editor(rule: RuleView, draft: Draft): TemplateResult {
    const { kind, placeholders, changed } = rule;
    return html`<form
      class="what stack"
      aria-label=${KIND_LABELS[kind]}
      @submit=${(event: SubmitEvent) => this.#save(event, draft)}
    >
      <div class="head">
        <h3>${KIND_LABELS[kind]}</h3>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${draft.enabled}
            @change=${(event: Event) => this.#change({ enabled: (event.target as HTMLInputElement).checked })}
          />Send it</label
        >
      </div>
      <div class="editor">
        <div class="controls">
          ${this.#text('title', 'Title', draft, 200)}
          <label class="field"
            ><span>Text</span
            ><textarea
              name="body"
              maxlength="1500"
              .value=${draft.body}
              @input=${(event: Event) => this.#change({ body: (event.target as HTMLTextAreaElement).value })}
            ></textarea>
          </label>
          <div class="field">
            <span>Placeholders</span>
            <span class="placeholders">${placeholders.map((name) => html`<code>{${name}}</code>`)}</span>
          </div>
          ${this.#text('roles', 'Ids of roles to call', draft)} ${this.#text('users', 'Ids of users to call', draft)}
        </div>
        <div class="controls" aria-live="polite">${this.#preview(draft)}</div>
      </div>
      <div class="row">
        <wa-button type="submit" variant="brand" size="small" ?loading=${this.busy === 'save'}>Save</wa-button>
        <wa-button appearance="outlined" size="small" @click=${() => (this.draft = null)}>Cancel</wa-button>
        ${
          changed
            ? html`<wa-button appearance="outlined" size="small" @click=${() => this.#reset(kind)}
                >Restore the first words</wa-button
              >`
            : nothing
        }
      </div>
    </form>`;
  }

  #text(name: 'title' | 'roles' | 'users', label: string, draft: Draft, most = 600): TemplateResult {
    return html`<label class="field"
      ><span>${label}</span
      ><input
        name=${name}
        autocomplete="off"
        maxlength=${most}
        ?required=${name === 'title'}
        .value=${draft[name]}
        @input=${(event: Event) => this.#change({ [name]: (event.target as HTMLInputElement).value })}
    /></label>`;
  }

  #preview({ roles, users }: Draft): TemplateResult | typeof nothing {
    const { preview } = this;
    if (preview.kind === 'refused')
      return html`<div class="notice danger" role="alert"><p>${preview.message}</p></div>`;
    if (preview.kind === 'none') return nothing;
    return embedPreview(preview.embed, idsIn(roles).length + idsIn(users).length, 'Your webhook');
  }

  #edit({ kind, title, body, enabled, roles, users }: RuleView): void {
    this.draft = { kind, title, body, enabled, roles: roles.join(', '), users: users.join(', ') };
    this.preview = { kind: 'none' };
    void this.#ask();
  }

  #change(patch: Partial<Draft>): void {
    this.draft = { ...this.draft!, ...patch };
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => void this.#ask(), PREVIEW_WAIT_MS);
  }

  /** The panel makes the preview, with the same code that makes the message. */
  async #ask(): Promise<void> {
    const { draft } = this;
    if (!draft) return;
    const asked = (this.#asked += 1);
    const { kind, title, body } = draft;
    const preview = await this.sodium.api.post<Embed>(`/admin/rules/${kind}/preview`, { title, body }).then(
      (embed): Preview => ({ kind: 'shown', embed }),
      (error: Error): Preview => ({ kind: 'refused', message: error.message }),
    );
    if (asked === this.#asked) this.preview = preview;
  }

  async #save(event: SubmitEvent, { kind, title, body, enabled, roles, users }: Draft): Promise<void> {
    event.preventDefault();
    await this.act('save', async () => {
      const rule = { title, body, enabled, roles: idsIn(roles), users: idsIn(users) };
      await this.sodium.api.put(`/admin/rules/${kind}`, rule);
      this.draft = null;
      return 'The message was saved.';
    });
  }

  async #reset(kind: Kind): Promise<void> {
    const message = 'The words and mentions that you wrote are lost.';
    const title = `Restore “${KIND_LABELS[kind]}”?`;
    if (!(await this.sodium.confirm({ title, message, confirmLabel: 'Restore', danger: true }))) return;
    await this.act('reset', async () => {
      await this.sodium.api.delete(`/admin/rules/${kind}`);
      this.draft = null;
    });
  }
}
