import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { ShellElement } from '../shell-element.js';
import { icon } from '../ui/icon.js';
import { serverCard } from '../ui/server-card.js';
import { emptyState, errorState, skeletonCards } from '../ui/states.js';
import { firstServer } from './dashboard.js';

/** Searching is offered once there is something to search in. */
const SEARCH_FROM = 7;

@customElement('sodium-server-list')
export class ServerList extends ShellElement {
  @state() private search = '';

  protected override attached(): void {
    this.follow(this.shell.servers, 'change');
    void this.shell.servers.load();
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Servers')}</h1>
          ${this.shell.user.role === 'admin' ? html`<p>${msg('As an administrator you see the servers of all users.')}</p>` : nothing}
        </div>
        <div class="so-actions">
          <wa-button variant="brand" href="/servers/new"
            ><span slot="start">${icon('plus')}</span>${msg('New server')}</wa-button
          >
        </div>
      </div>
      ${this.#content()}`;
  }

  #content(): TemplateResult {
    const { state, all } = this.shell.servers;
    if (state.status === 'loading') return skeletonCards(6);
    if (state.status === 'failed')
      return html`<div class="so-card">
        ${errorState(state.error, () => void this.shell.servers.refresh(), this.shell.user)}
      </div>`;
    if (all.length === 0) return html`<div class="so-card">${firstServer()}</div>`;
    const wanted = this.search.trim().toLowerCase();
    const found = all.filter(({ name, template }) => `${name} ${template}`.toLowerCase().includes(wanted));
    return html`<div class="so-stack">
      ${all.length >= SEARCH_FROM ? this.#searchField() : nothing}
      ${
        found.length === 0
          ? html`<div class="so-card">
              ${emptyState({ icon: 'search', title: msg('No server matches'), text: msg('Try another part of its name or template.') })}
            </div>`
          : html`<div class="so-grid">
              ${repeat(
                found,
                ({ id }) => id,
                (server) => serverCard(this.shell, server),
              )}
            </div>`
      }
    </div>`;
  }

  #searchField(): TemplateResult {
    return html`<wa-input
      type="search"
      label=${msg('Search')}
      with-clear
      style="max-width: 24rem"
      .value=${this.search}
      @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
    ></wa-input>`;
  }
}
