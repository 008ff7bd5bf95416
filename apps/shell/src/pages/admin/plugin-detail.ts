import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ApiError } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, skeletonLines } from '../../ui/states.js';
import './plugin-actions.js';
import type { PluginActions, PluginWish } from './plugin-actions.js';
import { pluginBadge } from './plugin-badge.js';
import { pluginApi, type PluginDetail } from './plugin-model.js';
import { FIRST_PART, pluginParts, type PluginPart } from './plugin-parts.js';
import './plugin-tabs.js';

/** One plugin: its state, what can be done with it, and its parts as tabs that the address names. */
@customElement('sodium-admin-plugin')
export class AdminPlugin extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  /** The tab that is open, the panel's or the plugin's own; null: the overview. */
  @property({ attribute: false }) tab: string | null = null;
  @property({ attribute: false }) subtab: string | null = null;
  /** The admin is being asked what the plugin may do. */
  @state() private asking = false;
  private removing = false;

  readonly #plugin = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) => this.shell.api.get<PluginDetail>(pluginApi(id)),
  });

  protected override attached(): void {
    this.own(this.shell.live.on('admin:plugins', () => this.#reload()));
  }

  override render(): TemplateResult {
    return html`${this.#plugin.render({
      pending: () => (this.#plugin.value?.id === this.pluginId ? this.#content(this.#plugin.value) : this.#loading()),
      error: (error) => this.#failed(error),
      complete: (plugin) => this.#content(plugin),
    })}`;
  }

  #reload(): void {
    if (!this.removing) void this.#plugin.run();
  }

  #loading(): TemplateResult {
    return html`<div class="so-page-head"><h1>${this.pluginId}</h1></div>
      ${skeletonLines(6)}`;
  }

  #failed(error: unknown): TemplateResult {
    if (error instanceof ApiError && error.status === 404) {
      return html`<h1 class="so-visually-hidden">${this.pluginId}</h1>
        ${emptyState({
          icon: 'puzzle',
          title: msg(str`There is no plugin “${this.pluginId}”`),
          text: msg('Its folder may have been removed from data/plugins.'),
          action: html`<wa-button variant="brand" href="/admin/plugins">${msg('To the plugins')}</wa-button>`,
        })}`;
    }
    return html`<h1 class="so-visually-hidden">${this.pluginId}</h1>
      <div class="so-card">${errorState(error, () => void this.#plugin.run())}</div>`;
  }

  #content(plugin: PluginDetail): TemplateResult {
    const parts = pluginParts().filter((part) => part.shown?.(plugin) ?? true);
    return html`${this.#head(plugin)}
    ${
      // Nothing of a plugin's is on the page while the admin is asked what it may do.
      this.asking
        ? nothing
        : html`<sodium-plugin-tabs
            .plugin=${plugin}
            .parts=${parts}
            .tab=${this.tab ?? FIRST_PART}
            .subtab=${this.subtab}
          ></sodium-plugin-tabs>`
    }
    ${this.#part(plugin, parts)}`;
  }

  #head(plugin: PluginDetail): TemplateResult {
    return html`<div class="so-page-head">
      <div>
        <a class="so-back" href="/admin/plugins">${icon('chevron-left')}${msg('Plugins')}</a>
        <div class="so-row">
          <h1>${plugin.name}</h1>
          ${pluginBadge(plugin.state)}
          ${plugin.version ? html`<span class="so-badge">${plugin.version}</span>` : nothing}
        </div>
        <p>${plugin.description}</p>
      </div>
      <sodium-plugin-actions
        .plugin=${plugin}
        @changed=${() => this.#reload()}
        @asking=${({ detail }: CustomEvent<boolean>) => (this.asking = detail)}
        @removing=${({ detail }: CustomEvent<boolean>) => (this.removing = detail)}
      ></sodium-plugin-actions>
    </div>`;
  }

  #part(plugin: PluginDetail, parts: readonly PluginPart[]): TemplateResult | typeof nothing {
    const part = parts.find(({ id }) => id === (this.tab ?? FIRST_PART));
    if (!part) return nothing;
    const fulfil = ({ detail }: CustomEvent<PluginWish>): void =>
      this.querySelector<PluginActions>('sodium-plugin-actions')?.fulfil(detail);
    return html`<div class="so-tab-body" @changed=${() => this.#reload()} @wish=${fulfil}>${part.view(plugin)}</div>`;
  }
}
