import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import type { PluginRow } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, notice, skeletonCards } from '../../ui/states.js';
import { pluginBadge } from './plugin-badge.js';
import './plugin-upload.js';

const TYPE_ICONS: Record<string, string> = { hook: 'webhook', widget: 'gauge', feature: 'blocks', theme: 'palette' };

interface PluginList {
  items: PluginRow[];
  /** Why no plugin runs at all, if that is so. */
  suspended?: string | null;
}

@customElement('sodium-admin-plugins')
export class AdminPlugins extends ShellElement {
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
      <sodium-plugin-upload style="display: block; margin-bottom: var(--sodium-space-6)"></sodium-plugin-upload>
      ${this.#plugins.render({
        pending: () => (this.#plugins.value ? this.#list(this.#plugins.value) : skeletonCards(4)),
        error: (error) => html`<div class="so-card">${errorState(error, () => void this.#plugins.run())}</div>`,
        complete: (list) => this.#list(list),
      })}`;
  }

  #list({ items, suspended }: PluginList): TemplateResult {
    if (items.length === 0) {
      return html`<div class="so-card">
        ${emptyState({
          icon: 'blocks',
          title: msg('No plugins yet'),
          text: msg('Put a plugin’s folder into data/plugins. It appears here at once, inactive.'),
        })}
      </div>`;
    }
    return html`<div class="so-stack">
      ${suspended ? notice('warning', suspended) : nothing}
      <div class="so-grid">${items.map(card)}</div>
    </div>`;
  }
}

function card(plugin: PluginRow): TemplateResult {
  return html`<article class="so-card so-server-card" style="align-content: start">
    <header>
      <div class="so-row so-row-nowrap" style="align-items: flex-start; min-width: 0; position: static">
        <span
          class="so-avatar"
          style="flex: none; border-radius: var(--sodium-radius-md); width: 2.25rem; height: 2.25rem; font-size: 1.125rem"
        >
          ${icon(TYPE_ICONS[plugin.type ?? ''] ?? 'puzzle')}
        </span>
        <div style="min-width: 0">
          <h2><a href="/admin/plugins/${plugin.id}">${plugin.name}</a></h2>
          <p class="so-muted so-small">${plugin.version}${plugin.author ? ` · ${plugin.author}` : ''}</p>
        </div>
      </div>
      ${pluginBadge(plugin.state)}
    </header>
    <p class="so-small so-muted">${plugin.description}</p>
    ${plugin.reason ? html`<p class="so-small" style="color: var(--sodium-color-danger-text)">${plugin.reason}</p>` : nothing}
    ${
      plugin.update || plugin.warnings.length > 0
        ? html`<div class="so-row">
            ${plugin.update ? html`<span class="so-badge so-badge-info">${msg('Update to')} ${plugin.update.version}</span>` : nothing}
            ${
              plugin.warnings.length > 0
                ? html`<span class="so-badge so-badge-warning"
                    >${plugin.warnings.length} ${plugin.warnings.length === 1 ? msg('warning') : msg('warnings')}</span
                  >`
                : nothing
            }
          </div>`
        : nothing
    }
  </article>`;
}
