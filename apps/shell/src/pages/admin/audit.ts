import { msg } from '@lit/localize';
import type { AuditEntry } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { auditChanges } from './audit-changes.js';

const PAGE = 50;
const TYPING_MS = 250;

interface Filter {
  actor: string;
  action: string;
  target: string;
  q: string;
}
const FILTERS = ['actor', 'action', 'target', 'q'] as const;

@customElement('sodium-admin-audit')
export class AdminAudit extends ShellElement {
  @state() private entries: readonly AuditEntry[] = [];
  @state() private view: 'loading' | 'more' | 'end' | { error: unknown } = 'loading';
  /** What the address names is what is looked for: it can be kept and sent. */
  @state() private filter: Filter = readFilter();
  #asked = 0;
  #typing: ReturnType<typeof setTimeout> | undefined;

  protected override attached(): void {
    this.own(() => clearTimeout(this.#typing));
    void this.#fetch();
  }

  #fetch = async (): Promise<void> => {
    const asked = ++this.#asked;
    this.view = 'loading';
    const query = new URLSearchParams({ limit: String(PAGE), ...set(this.filter) });
    const before = this.entries.at(-1)?.id;
    if (before) query.set('before', before);
    try {
      const { items } = await this.shell.api.get<{ items: AuditEntry[] }>(`/api/admin/audit?${query}`);
      if (asked !== this.#asked) return;
      this.entries = [...this.entries, ...items];
      this.view = items.length === PAGE ? 'more' : 'end';
    } catch (error) {
      if (asked === this.#asked) this.view = { error };
    }
  };

  #look(name: keyof Filter, value: string, delay = 0): void {
    this.filter = { ...this.filter, [name]: value };
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      const query = new URLSearchParams(set(this.filter)).toString();
      history.replaceState(history.state, '', query ? `?${query}` : location.pathname);
      this.entries = [];
      void this.#fetch();
    }, delay);
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Audit log')}</h1>
          <p>${msg('Who did what, newest first.')}</p>
        </div>
      </div>
      <div class="so-stack">
        <div class="so-card">${this.#tools()}</div>
        ${this.#content()}
      </div>`;
  }

  #tools(): TemplateResult {
    const kinds: [string, string][] = [
      ['', msg('Everything')],
      ['plugin.', msg('Plugins')],
      ['plugin.settings', msg('Settings of plugins')],
      ['plugin.permissions', msg('Permissions of plugins')],
      ['server.', msg('Servers')],
      ['user.', msg('Users')],
      ['auth.', msg('Logins')],
      ['system.', msg('The panel')],
    ];
    const { action } = this.filter;
    const known = kinds.some(([value]) => value === action);
    return html`<div class="so-tools" role="search" aria-label=${msg('Filter the audit log')}>
      <label class="so-menu-field">
        <span class="so-visually-hidden">${msg('What')}</span>
        <select @change=${(event: Event) => this.#look('action', (event.target as HTMLSelectElement).value)}>
          ${known ? nothing : html`<option value=${action} selected>${action}</option>`}
          ${kinds.map(([value, name]) => html`<option value=${value} .selected=${live(value === action)}>${name}</option>`)}
        </select>
      </label>
      ${this.#field('actor', msg('Who'))} ${this.#field('target', msg('On what'))} ${this.#field('q', msg('Any word'))}
    </div>`;
  }

  #field(name: keyof Filter, label: string): TemplateResult {
    return html`<input
      class="so-search"
      type="search"
      aria-label=${label}
      placeholder=${label}
      .value=${live(this.filter[name])}
      @input=${(event: Event) => this.#look(name, (event.target as HTMLInputElement).value, TYPING_MS)}
    />`;
  }

  #content(): TemplateResult {
    if (typeof this.view === 'object')
      return html`<div class="so-card">${errorState(this.view.error, () => void this.#fetch())}</div>`;
    if (this.entries.length === 0) return this.view === 'loading' ? skeletonLines(8) : this.#empty();
    return html`<div class="so-card">
        <table class="so-table">
          ${tableHead([msg('When'), msg('Who'), msg('What'), msg('On'), msg('Details')])}
          <tbody>
            ${this.entries.map(row)}
          </tbody>
        </table>
      </div>
      ${
        this.view === 'end'
          ? nothing
          : html`<wa-button
              style="justify-self: start"
              appearance="outlined"
              ?loading=${this.view === 'loading'}
              @click=${this.#fetch}
              >${msg('Earlier entries')}</wa-button
            >`
      }`;
  }

  #empty(): TemplateResult {
    const isFiltered = Object.keys(set(this.filter)).length > 0;
    return html`<div class="so-card">
      ${
        isFiltered
          ? emptyState({
              icon: 'search',
              title: msg('No entry fits'),
              text: msg('Take a filter away, or try fewer letters.'),
            })
          : emptyState({ icon: 'scroll-text', title: msg('Nothing yet'), text: msg('What people do appears here.') })
      }
    </div>`;
  }
}

function readFilter(): Filter {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ''])) as unknown as Filter;
}

/** Only what was filled in. */
function set(filter: Filter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter)
      .map(([name, value]) => [name, String(value).trim()])
      .filter(([, value]) => value !== ''),
  );
}

function row(entry: AuditEntry): TemplateResult {
  return html`<tr>
    <td data-label=${msg('When')} class="so-numeric">${formatTime(entry.at)}</td>
    <td data-label=${msg('Who')}>${entry.actor.username}</td>
    <td data-label=${msg('What')}><span class="so-mono">${entry.action}</span></td>
    <td data-label=${msg('On')}>${entry.target ?? '–'}</td>
    <td data-label=${msg('Details')}>${details(entry.details)}</td>
  </tr>`;
}

function details(value: unknown): unknown {
  const { changed, others } = auditChanges(value);
  if (changed.length + others.length === 0) return html`<span class="so-muted">–</span>`;
  return html`<dl class="so-diff">
    ${changed.map(
      ({ name, before, after }) =>
        html`<dt class=${name ? '' : 'so-visually-hidden'}>${name || msg('Changed')}</dt>
          <dd>
            ${before === null ? nothing : html`<del>− ${before}</del>`}
            ${after === null ? nothing : html`<ins>+ ${after}</ins>`}
          </dd>`,
    )}
    ${others.map(
      ({ name, value: text }) =>
        html`<dt class=${name ? '' : 'so-visually-hidden'}>${name || msg('Details')}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`;
}
