import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { PluginRow } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ShellElement } from '../../shell-element.js';
import { insecureNotice } from '../../ui/insecure-notice.js';
import { emptyState, errorState, notice, skeletonLines } from '../../ui/states.js';
import { tableHead } from '../../ui/table-head.js';
import { filtered, filterFrom, queryOf, type PluginFilter } from './plugin-filter.js';
import { pluginFilterBar } from './plugin-filter-bar.js';
import './plugin-folder.js';
import { pluginTableRow } from './plugin-table-row.js';
import './plugin-upload.js';

interface PluginList {
  items: PluginRow[];
  /** Why no plugin runs at all, if that is so. */
  suspended?: string | null;
  /** Where folders are found. */
  directory?: string;
}

/** Every plugin that is there, sound or not; what is shown of them is in the address. */
@customElement('sodium-admin-plugins')
export class AdminPlugins extends ShellElement {
  @property({ attribute: false }) query = new URLSearchParams();

  readonly #plugins = new Task(this, {
    args: () => [],
    task: async () => this.shell.api.get<PluginList>('/api/admin/plugins'),
  });

  protected override attached(): void {
    this.own(this.shell.live.on('admin:plugins', () => void this.#plugins.run()));
  }

  override render(): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <h1>${msg('Plugins')}</h1>
          <p>${msg('A plugin does nothing until you have read what it may do and activated it.')}</p>
        </div>
      </div>
      <div class="so-stack-lg">
        ${insecureNotice()}
        <div class="so-install">
          <sodium-plugin-upload></sodium-plugin-upload>
          <sodium-plugin-folder
            .directory=${this.#plugins.value?.directory ?? 'data/plugins'}
            .look=${() => this.#lookAgain()}
          ></sodium-plugin-folder>
        </div>
        ${this.#plugins.render({
          pending: () => (this.#plugins.value ? this.#list(this.#plugins.value) : skeletonLines(6)),
          error: (error) => html`<div class="so-card">${errorState(error, () => void this.#plugins.run())}</div>`,
          complete: (list) => this.#list(list),
        })}
      </div>`;
  }

  #list({ items, suspended }: PluginList): TemplateResult {
    if (items.length === 0) {
      return html`<div class="so-card">
        ${emptyState({
          icon: 'blocks',
          title: msg('No plugins yet'),
          text: msg('Upload one, or put its folder into data/plugins. It appears here at once, inactive.'),
        })}
      </div>`;
    }
    const filter = filterFrom(this.query);
    const shown = filtered(items, filter);
    return html`${suspended ? notice('warning', suspended) : nothing}
      <section class="so-card" aria-label=${msg('Plugins')}>
        ${pluginFilterBar(filter, { shown: shown.length, all: items.length }, (next) => this.#show(next))}
        ${shown.length > 0 ? table(shown) : this.#nothingShown(filter)}
      </section>`;
  }

  #nothingShown(filter: PluginFilter): TemplateResult {
    return emptyState({
      icon: 'search',
      title: msg('No plugin is like that'),
      text: msg('None of the plugins fits what you look for.'),
      action: html`<wa-button
        appearance="outlined"
        @click=${() => this.#show({ ...filter, text: '', state: '', type: '' })}
        >${msg('Show all')}</wa-button
      >`,
    });
  }

  #show(filter: PluginFilter): void {
    void this.shell.router.navigate(`/admin/plugins${queryOf(filter)}`, { replace: true });
  }

  /** Says what has turned up, since the list alone may look as before. */
  async #lookAgain(): Promise<void> {
    const before = new Set(this.#plugins.value?.items.map(({ id }) => id));
    await this.#plugins.run();
    const found = (this.#plugins.value?.items ?? []).filter(({ id }) => !before.has(id));
    const names = found.map(({ name }) => name).join(', ');
    this.shell.toast(found.length > 0 ? msg(str`Found: ${names}`) : msg('There is nothing new in the folder.'), 'info');
  }
}

function table(plugins: readonly PluginRow[]): TemplateResult {
  return html`<table class="so-table so-plugin-table">
    ${tableHead([msg('Plugin'), msg('State'), msg('Version'), msg('Type'), msg('Permissions')])}
    <tbody>
      ${repeat(plugins, ({ id }) => id, pluginTableRow)}
    </tbody>
  </table>`;
}
