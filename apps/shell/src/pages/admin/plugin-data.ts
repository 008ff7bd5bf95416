import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { PluginData } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { formatBytes } from '../../ui/format.js';
import { saveFile } from '../../ui/save-file.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { pluginApi } from './plugin-model.js';

const NEARLY_FULL = 0.8;

/** What a plugin has stored, how much of its quota that takes, and a copy to take away. */
@customElement('sodium-plugin-data')
export class PluginDataPart extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  @state() private saving = false;
  readonly #data = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) => this.shell.api.get<PluginData>(`${pluginApi(id)}/data?count=1`),
  });

  override render(): TemplateResult {
    return this.#data.render({
      pending: () => (this.#data.value ? this.#content(this.#data.value) : skeletonLines(4)),
      error: (error) => html`<div class="so-card">${errorState(error, () => void this.#data.run())}</div>`,
      complete: (data) => this.#content(data),
    }) as TemplateResult;
  }

  #content(data: PluginData): TemplateResult {
    if (data.bytes === 0 && data.backupBytes === 0)
      return html`<div class="so-card">
        ${emptyState({ icon: 'hard-drive', title: msg('It has stored nothing'), text: msg('The collections of the plugin appear here, with their sizes.') })}
      </div>`;
    return html`<section class="so-card">
      <header>
        <h2>${msg('Data')}</h2>
        <wa-button size="s" appearance="outlined" ?loading=${this.saving} @click=${() => void this.#export()}
          >${msg('Export')}</wa-button
        >
      </header>
      <div class="so-card-body so-stack">${quota(data)}${extras(data)}</div>
      ${collections(data)}
    </section>`;
  }

  async #export(): Promise<void> {
    this.saving = true;
    try {
      saveFile(await this.shell.api.download(`${pluginApi(this.pluginId)}/export`), `${this.pluginId}-data.zip`);
    } catch (error) {
      this.shell.fail(error);
    }
    this.saving = false;
  }
}

function quota({ bytes, quotaBytes }: PluginData): TemplateResult {
  const share = Math.min(1, bytes / quotaBytes);
  const percent = Math.round(share * 100);
  const color = share > NEARLY_FULL ? '--sodium-color-warning' : '--sodium-chart-2';
  const words = msg(str`${formatBytes(bytes)} of ${formatBytes(quotaBytes)} used (${percent} %)`);
  return html`<div>
    <p>${words}</p>
    <div
      class="so-bar"
      role="meter"
      aria-label=${msg('Used of the quota')}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${percent}
      aria-valuetext=${words}
    >
      <i style="width: ${Math.max(percent, 1)}%; --so-bar-color: var(${color})"></i>
    </div>
  </div>`;
}

function extras({ journalBytes, backupBytes }: PluginData): TemplateResult | typeof nothing {
  const notes = [
    ...(journalBytes > 0 ? [msg(str`${formatBytes(journalBytes)} are changes that are not merged yet.`)] : []),
    ...(backupBytes > 0 ? [msg(str`Earlier versions keep ${formatBytes(backupBytes)} more, for a rollback.`)] : []),
  ];
  return notes.length > 0 ? html`<p class="so-muted so-small">${notes.join(' ')}</p>` : nothing;
}

function collections({ collections: list }: PluginData): TemplateResult | typeof nothing {
  if (list.length === 0) return nothing;
  return html`<table class="so-table">
    ${tableHead([msg('Collection'), msg('Documents'), msg('Size of its file')])}
    <tbody>
      ${list.map(
        ({ name, documents, bytes }) =>
          html`<tr>
            <td data-label=${msg('Collection')}><span class="so-mono">${name}</span></td>
            <td data-label=${msg('Documents')} class="so-numeric">
              ${documents === undefined ? msg('cannot be read') : documents.toLocaleString()}
            </td>
            <td data-label=${msg('Size of its file')} class="so-numeric">
              ${bytes > 0 ? formatBytes(bytes) : msg('not merged yet')}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
