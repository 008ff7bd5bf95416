import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { Server } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { FormController } from '../../ui/form.js';
import { formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { serverBadge } from '../../ui/server-badge.js';
import { emptyState, errorState, notice, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';

type AdminServer = Server & { ownerName: string | null };

@customElement('sodium-admin-servers')
export class AdminServers extends ShellElement {
  @state() private suspending: AdminServer | null = null;
  readonly #form = new FormController(this);
  readonly #servers = new Task(this, {
    args: () => [],
    task: async () => (await this.shell.api.get<{ items: AdminServer[] }>('/api/admin/servers')).items,
  });

  protected override attached(): void {
    const again = (): void => void this.#servers.run();
    const { live } = this.shell;
    this.own(live.on('server:state', again), live.on('server:created', again), live.on('server:deleted', again));
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head"><h1>${msg('Servers')}</h1></div>
      ${this.#servers.render({
        pending: () => (this.#servers.value ? this.#table(this.#servers.value) : skeletonLines(8)),
        error: (error) => html`<div class="so-card">${errorState(error, () => void this.#servers.run())}</div>`,
        complete: (items) => this.#table(items),
      })}
      ${this.suspending ? this.#dialog(this.suspending) : null}`;
  }

  #table(items: readonly AdminServer[]): TemplateResult {
    if (items.length === 0) {
      return html`<div class="so-card">
        ${emptyState({ icon: 'server', title: msg('No servers yet'), text: msg('Servers of all users appear here.') })}
      </div>`;
    }
    return html`<div class="so-card">
      <table class="so-table">
        ${tableHead([msg('Name'), msg('Owner'), msg('Template'), msg('State'), msg('Created')], 'actions')}
        <tbody>
          ${items.map((server) => this.#row(server))}
        </tbody>
      </table>
    </div>`;
  }

  #row(server: AdminServer): TemplateResult {
    return html`<tr>
      <td data-label=${msg('Name')}><a href="/servers/${server.id}" data-native>${server.name}</a></td>
      <td data-label=${msg('Owner')} class="so-table-long">${server.ownerName ?? msg('nobody')}</td>
      <td data-label=${msg('Template')}>${server.template}</td>
      <td data-label=${msg('State')}><span>${serverBadge(server)}</span></td>
      <td data-label=${msg('Created')} class="so-numeric">${formatTime(server.createdAt)}</td>
      <td class="so-table-actions">
        <div>
          ${
            server.suspended
              ? html`<wa-button size="s" appearance="outlined" @click=${() => void this.#unsuspend(server)}
                  >${msg('Unsuspend')}</wa-button
                >`
              : html`<wa-button size="s" appearance="outlined" @click=${() => (this.suspending = server)}
                  >${msg('Suspend')}</wa-button
                >`
          }
          <button
            class="so-icon-button"
            type="button"
            aria-label=${msg(str`Delete ${server.name}`)}
            @click=${() => void this.#remove(server)}
          >
            ${icon('trash-2')}
          </button>
        </div>
      </td>
    </tr>`;
  }

  #suspend = this.#form.submit(async ({ reason }) => {
    const server = this.suspending;
    if (!server) return;
    await this.shell.api.post(`/api/admin/servers/${encodeURIComponent(server.id)}/suspend`, reason ? { reason } : {});
    this.suspending = null;
    this.shell.toast(msg(str`“${server.name}” is suspended.`), 'success');
    await this.#servers.run();
  });

  #dialog(server: AdminServer): TemplateResult {
    const close = (event: Event): void => {
      if (event.target === event.currentTarget) this.suspending = null;
    };
    return html`<wa-dialog label=${msg(str`Suspend “${server.name}”?`)} open @wa-after-hide=${close}>
      <form id="so-suspend" class="so-form" novalidate @submit=${this.#suspend}>
        ${this.#form.error ? notice('danger', messageOf(this.#form.error), true) : null}
        <p>${msg('The server stops and cannot be started until it is unsuspended. Its files stay.')}</p>
        <wa-input
          name="reason"
          label=${msg('Reason')}
          hint=${this.#form.hint('reason', msg('Its owner sees this.'))}
          maxlength="300"
          autofocus
        ></wa-input>
      </form>
      <div slot="footer" class="so-actions">
        <wa-button appearance="outlined" data-dialog="close">${msg('Cancel')}</wa-button>
        <wa-button
          variant="danger"
          ?loading=${this.#form.busy}
          @click=${() => this.querySelector('form')?.requestSubmit()}
        >
          ${msg('Suspend')}
        </wa-button>
      </div>
    </wa-dialog>`;
  }

  async #unsuspend(server: AdminServer): Promise<void> {
    await this.#act(() => this.shell.api.post(`/api/admin/servers/${encodeURIComponent(server.id)}/unsuspend`));
  }

  async #remove(server: AdminServer): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Delete “${server.name}”?`),
      message: msg(
        str`The server of ${server.ownerName ?? msg('nobody')} stops and all its files are removed. This cannot be undone.`,
      ),
      confirmLabel: msg('Delete the server'),
      danger: true,
    });
    if (sure) await this.#act(() => this.shell.api.delete(`/api/servers/${encodeURIComponent(server.id)}`));
  }

  async #act(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#servers.run();
  }
}
