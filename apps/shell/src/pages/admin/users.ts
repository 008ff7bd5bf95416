import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { User } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import './user-dialog.js';

type AdminUser = User & { serverCount?: number };

@customElement('sodium-admin-users')
export class AdminUsers extends ShellElement {
  @state() private editing: 'closed' | 'new' | AdminUser = 'closed';
  readonly #users = new Task(this, {
    args: () => [],
    task: async () => (await this.shell.api.get<{ items: AdminUser[] }>('/api/admin/users')).items,
  });

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <h1>${msg('Users')}</h1>
        <wa-button variant="brand" @click=${() => (this.editing = 'new')}>
          <span slot="start">${icon('user-plus')}</span>${msg('New user')}
        </wa-button>
      </div>
      ${this.#users.render({
        pending: () => (this.#users.value ? this.#table(this.#users.value) : skeletonLines(6)),
        error: (error) => html`<div class="so-card">${errorState(error, () => void this.#users.run())}</div>`,
        complete: (items) => this.#table(items),
      })}
      ${
        this.editing === 'closed'
          ? nothing
          : html`<sodium-user-dialog
              .user=${this.editing === 'new' ? null : this.editing}
              @saved=${() => void this.#users.run()}
              @closed=${() => (this.editing = 'closed')}
            ></sodium-user-dialog>`
      }`;
  }

  #table(items: readonly AdminUser[]): TemplateResult {
    return html`<div class="so-card">
      <table class="so-table">
        ${tableHead([msg('User name'), msg('Email'), msg('Role'), msg('Servers')], 'actions')}
        <tbody>
          ${items.map((user) => this.#row(user))}
        </tbody>
      </table>
    </div>`;
  }

  #row(user: AdminUser): TemplateResult {
    const self = user.id === this.shell.user.id;
    return html`<tr>
      <td data-label=${msg('User name')}>
        <span><b>${user.username}</b> ${self ? html`<span class="so-muted">(${msg('you')})</span>` : nothing}</span>
      </td>
      <td data-label=${msg('Email')} class="so-table-long">${user.email}</td>
      <td data-label=${msg('Role')}>
        <span class="so-badge ${user.role === 'admin' ? 'so-badge-accent' : ''}"
          >${user.role === 'admin' ? msg('Administrator') : msg('User')}</span
        >
      </td>
      <td data-label=${msg('Servers')} class="so-numeric">${user.serverCount ?? '–'}</td>
      <td class="so-table-actions">
        <div>
          <button
            class="so-icon-button"
            type="button"
            aria-label=${msg(str`Edit ${user.username}`)}
            @click=${() => (this.editing = user)}
          >
            ${icon('pencil')}
          </button>
          ${
            self
              ? nothing
              : html`<button
                  class="so-icon-button"
                  type="button"
                  aria-label=${msg(str`Delete ${user.username}`)}
                  @click=${() => void this.#remove(user)}
                >
                  ${icon('trash-2')}
                </button>`
          }
        </div>
      </td>
    </tr>`;
  }

  async #remove(user: AdminUser): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Delete “${user.username}”?`),
      message: msg('The account ends at once. Delete or hand over its servers first.'),
      confirmLabel: msg('Delete the user'),
      danger: true,
    });
    if (!sure) return;
    try {
      await this.shell.api.delete(`/api/admin/users/${encodeURIComponent(user.id)}`);
      this.shell.toast(msg(str`“${user.username}” was deleted.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#users.run();
  }
}
