import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { Schedule, Server } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { ShellElement } from '../../shell-element.js';
import { formatRelative } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { actionLabel } from '../power.js';
import './schedule-dialog.js';

@customElement('sodium-schedules-tab')
export class SchedulesTab extends ShellElement {
  @property({ attribute: false }) server!: Server;
  /** What the dialog edits: nothing, a new schedule or an existing one. */
  @state() private editing: 'closed' | 'new' | Schedule = 'closed';

  readonly #schedules = new Task(this, {
    args: () => [this.server.id] as const,
    task: async () => (await this.shell.api.get<{ items: Schedule[] }>(this.#path())).items,
  });

  #path(id?: string): string {
    const base = `/api/servers/${encodeURIComponent(this.server.id)}/schedules`;
    return id ? `${base}/${encodeURIComponent(id)}` : base;
  }

  override render(): TemplateResult {
    return html`<div class="so-section-head">
        <p class="so-muted">${msg('Commands and power actions that run by themselves.')}</p>
        <wa-button size="s" variant="brand" @click=${() => (this.editing = 'new')}>
          <span slot="start">${icon('plus')}</span>${msg('New schedule')}
        </wa-button>
      </div>
      ${this.#schedules.render({
        initial: () => skeletonLines(),
        pending: () => (this.#schedules.value ? this.#list(this.#schedules.value) : skeletonLines()),
        error: (error) =>
          html`<div class="so-card">${errorState(error, () => void this.#schedules.run(), this.shell.user)}</div>`,
        complete: (items) => this.#list(items),
      })}
      ${
        this.editing === 'closed'
          ? nothing
          : html`<sodium-schedule-dialog
              .path=${this.#path()}
              .schedule=${this.editing === 'new' ? null : this.editing}
              @saved=${() => void this.#schedules.run()}
              @closed=${() => (this.editing = 'closed')}
            ></sodium-schedule-dialog>`
      }`;
  }

  #list(items: readonly Schedule[]): TemplateResult {
    if (items.length === 0) {
      return html`<div class="so-card">
        ${emptyState({
          icon: 'calendar-clock',
          title: msg('No schedules yet'),
          text: msg(
            'Restart every night, save every hour, greet the players on Fridays: give it a time and it happens.',
          ),
        })}
      </div>`;
    }
    return html`<div class="so-card">
      <table class="so-table">
        <thead>
          <tr>
            <th scope="col">${msg('Name')}</th>
            <th scope="col">${msg('Does')}</th>
            <th scope="col">${msg('When')}</th>
            <th scope="col">${msg('Next run')}</th>
            <th scope="col">${msg('Last run')}</th>
            <th scope="col">${msg('On')}</th>
            <th scope="col"><span class="so-visually-hidden">${msg('Actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${items.map((item) => this.#row(item))}
        </tbody>
      </table>
    </div>`;
  }

  #row(item: Schedule): TemplateResult {
    const what = item.task.type === 'power' ? actionLabel(item.task.action) : html`<code>${item.task.command}</code>`;
    return html`<tr>
      <td data-label=${msg('Name')}><b>${item.name}</b></td>
      <td data-label=${msg('Does')}><span>${what}</span></td>
      <td data-label=${msg('When')}>
        <span><code>${item.cron}</code> <span class="so-muted">${item.timezone}</span></span>
      </td>
      <td data-label=${msg('Next run')}>${item.enabled && item.nextRun ? formatRelative(item.nextRun) : '–'}</td>
      <td data-label=${msg('Last run')}>
        ${
          item.lastRun
            ? html`<span title=${item.lastRun.message ?? ''}>
                ${formatRelative(item.lastRun.at)}
                ${item.lastRun.ok ? nothing : html`<span class="so-badge so-badge-danger">${msg('failed')}</span>`}
              </span>`
            : '–'
        }
      </td>
      <td data-label=${msg('On')}>
        <wa-switch size="s" .checked=${item.enabled} @change=${(event: Event) => void this.#toggle(item, event)}>
          <span class="so-visually-hidden">${item.name}</span>
        </wa-switch>
      </td>
      <td class="so-table-actions">
        <div>
          ${this.#button('play', msg('Run now'), item, () => void this.#run(item))}
          ${this.#button('pencil', msg('Edit'), item, () => (this.editing = item))}
          ${this.#button('trash-2', msg('Delete'), item, () => void this.#remove(item))}
        </div>
      </td>
    </tr>`;
  }

  #button(symbol: string, label: string, item: Schedule, action: () => void): TemplateResult {
    return html`<button
      class="so-icon-button"
      type="button"
      aria-label="${label}: ${item.name}"
      title=${label}
      @click=${action}
    >
      ${icon(symbol)}
    </button>`;
  }

  #toggle(item: Schedule, event: Event): Promise<void> {
    const enabled = (event.target as HTMLInputElement).checked;
    return this.#act(() => this.shell.api.patch(this.#path(item.id), { enabled }));
  }

  #run(item: Schedule): Promise<void> {
    return this.#act(() => this.shell.api.post(`${this.#path(item.id)}/run`), msg(str`“${item.name}” ran.`));
  }

  async #remove(item: Schedule): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg('Delete this schedule?'),
      message: msg(str`“${item.name}” will not run again.`),
      confirmLabel: msg('Delete'),
      danger: true,
    });
    if (sure) await this.#act(() => this.shell.api.delete(this.#path(item.id)));
  }

  async #act(action: () => Promise<unknown>, done?: string): Promise<void> {
    try {
      await action();
      if (done) this.shell.toast(done, 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#schedules.run();
  }
}
