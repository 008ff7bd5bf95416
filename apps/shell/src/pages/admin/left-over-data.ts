import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { LeftOverData } from '@sodium/contract';
import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes, formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { saveFile } from '../../ui/save-file.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';

const address = (id: string): string => `/api/admin/plugin-data/${encodeURIComponent(id)}`;

/** What removed plugins have left: to take away, to keep for their return, or to delete. */
@customElement('sodium-left-over-data')
export class LeftOverDataPage extends ShellElement {
  readonly #list = new Task(this, {
    args: () => [],
    task: async () => (await this.shell.api.get<{ items: LeftOverData[] }>('/api/admin/plugin-data')).items,
  });

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <a class="so-back" href="/admin/plugins">${icon('chevron-left')}${msg('Plugins')}</a>
          <h1>${msg('Left-over data')}</h1>
          <p>${msg('Kept from plugins that were removed. It is there again when the plugin is installed again.')}</p>
        </div>
      </div>
      ${this.#list.render({
        pending: () => (this.#list.value ? this.#content(this.#list.value) : skeletonLines(4)),
        error: (error) => html`<div class="so-card">${errorState(error, () => void this.#list.run())}</div>`,
        complete: (items) => this.#content(items),
      })}`;
  }

  #content(items: readonly LeftOverData[]): TemplateResult {
    if (items.length === 0)
      return html`<div class="so-card">
        ${emptyState({ icon: 'archive', title: msg('Nothing is left over'), text: msg('When a plugin is removed and its data are kept, they appear here.') })}
      </div>`;
    return html`<div class="so-card">
      <table class="so-table">
        ${tableHead([msg('Plugin'), msg('Collections'), msg('Settings'), msg('Size'), msg('Last written')], 'actions')}
        <tbody>
          ${items.map((item) => this.#row(item))}
        </tbody>
      </table>
    </div>`;
  }

  #row({ id, collections, settings, bytes, backupBytes, changedAt }: LeftOverData): TemplateResult {
    return html`<tr>
      <td data-label=${msg('Plugin')}><span class="so-mono">${id}</span></td>
      <td data-label=${msg('Collections')}>${collections.map(({ name }) => name).join(', ') || '–'}</td>
      <td data-label=${msg('Settings')} class="so-numeric">${settings}</td>
      <td data-label=${msg('Size')} class="so-numeric">${formatBytes(bytes + backupBytes)}</td>
      <td data-label=${msg('Last written')} class="so-numeric">${changedAt ? formatTime(changedAt) : '–'}</td>
      <td class="so-table-actions">
        <div>
          <wa-button size="s" appearance="outlined" @click=${() => void this.#export(id)}
            >${msg('Export')}<span class="so-visually-hidden">: ${id}</span></wa-button
          >
          <wa-button size="s" appearance="outlined" variant="danger" @click=${() => void this.#delete(id, bytes)}
            >${msg('Delete')}<span class="so-visually-hidden">: ${id}</span></wa-button
          >
        </div>
      </td>
    </tr>`;
  }

  async #export(id: string): Promise<void> {
    try {
      saveFile(await this.shell.api.download(`${address(id)}/export`), `${id}-data.zip`);
    } catch (error) {
      this.shell.fail(error);
    }
  }

  async #delete(id: string, bytes: number): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Delete the data of “${id}”?`),
      message: msg(
        str`${formatBytes(bytes)} of documents and the settings of the plugin are deleted for good. Export them first if in doubt.`,
      ),
      confirmLabel: msg('Delete the data'),
      danger: true,
    });
    if (!sure) return;
    try {
      await this.shell.api.delete(address(id));
      this.shell.toast(msg(str`The data of “${id}” were deleted.`), 'success');
    } catch (error) {
      this.shell.fail(error);
    }
    await this.#list.run();
  }
}
