import { msg } from '@lit/localize';
import type { AuditEntry } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';

const PAGE = 50;

@customElement('sodium-admin-audit')
export class AdminAudit extends ShellElement {
  @state() private entries: AuditEntry[] = [];
  @state() private view: 'loading' | 'more' | 'end' | { error: unknown } = 'loading';

  protected override attached(): void {
    void this.#fetch();
  }

  #fetch = async (): Promise<void> => {
    this.view = 'loading';
    const before = this.entries.at(-1)?.id;
    try {
      const query = `limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ''}`;
      const { items } = await this.shell.api.get<{ items: AuditEntry[] }>(`/api/admin/audit?${query}`);
      this.entries = [...this.entries, ...items];
      this.view = items.length === PAGE ? 'more' : 'end';
    } catch (error) {
      this.view = { error };
    }
  };

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Audit log')}</h1>
          <p>${msg('Who did what, newest first.')}</p>
        </div>
      </div>
      ${this.#content()}`;
  }

  #content(): TemplateResult {
    if (typeof this.view === 'object')
      return html`<div class="so-card">${errorState(this.view.error, () => void this.#fetch())}</div>`;
    if (this.entries.length === 0) {
      return this.view === 'loading'
        ? skeletonLines(8)
        : html`<div class="so-card">
            ${emptyState({ icon: 'scroll-text', title: msg('Nothing yet'), text: msg('What people do appears here.') })}
          </div>`;
    }
    return html`<div class="so-stack">
      <div class="so-card">
        <table class="so-table">
          <thead>
            <tr>
              <th scope="col">${msg('When')}</th>
              <th scope="col">${msg('Who')}</th>
              <th scope="col">${msg('What')}</th>
              <th scope="col">${msg('On')}</th>
              <th scope="col">${msg('Details')}</th>
            </tr>
          </thead>
          <tbody>
            ${this.entries.map(row)}
          </tbody>
        </table>
      </div>
      ${
        this.view === 'end'
          ? nothing
          : html`<wa-button appearance="outlined" ?loading=${this.view === 'loading'} @click=${this.#fetch}
              >${msg('Earlier entries')}</wa-button
            >`
      }
    </div>`;
  }
}

function row(entry: AuditEntry): TemplateResult {
  return html`<tr>
    <td data-label=${msg('When')} class="so-numeric">${formatTime(entry.at)}</td>
    <td data-label=${msg('Who')}>${entry.actor.username}</td>
    <td data-label=${msg('What')}><span class="so-mono">${entry.action}</span></td>
    <td data-label=${msg('On')}>${entry.target ?? '–'}</td>
    <td data-label=${msg('Details')} class="so-muted">${details(entry.details)}</td>
  </tr>`;
}

function details(value: unknown): string {
  if (value === undefined || value === null) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
