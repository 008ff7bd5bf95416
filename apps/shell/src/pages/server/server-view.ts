import { msg } from '@lit/localize';
import { Task } from '@lit/task';
import type { Server } from '@sodium/contract';
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { ApiError } from '../../api/api-error.js';
import { contribution } from '../../contribution-place.js';
import { ShellElement } from '../../shell-element.js';
import type { TabContribution } from '../../slots/types.js';
import '../../slots/index.js';
import { CurrentTab } from '../../ui/current-tab.js';
import { icon } from '../../ui/icon.js';
import { serverBadge } from '../../ui/server-badge.js';
import { emptyState, errorState, notice, skeletonLines } from '../../ui/states.js';
import { actionLabel, ACTION_ICONS, allowedActions, power } from '../power.js';
import { coreTabs } from './core-tabs.js';
import { LiveServer } from './live-server.js';

/** One server: its state and actions above, its tabs below. Tabs of plugins stand after those of the panel. */
@customElement('sodium-server-view')
export class ServerView extends ShellElement {
  @property({ attribute: false }) serverId = '';
  @property({ attribute: false }) tab = 'console';
  #live: LiveServer | null = null;
  #seen = false;
  readonly #currentTab = new CurrentTab();

  readonly #server = new Task(this, {
    args: () => [this.serverId] as const,
    task: async ([id]) => {
      const server =
        this.shell.servers.get(id) ?? (await this.shell.api.get<Server>(`/api/servers/${encodeURIComponent(id)}`));
      this.shell.servers.put(server);
      return server;
    },
  });

  protected override attached(): void {
    this.follow(this.shell.servers, 'change');
    if (this.shell.plugins) this.follow(this.shell.plugins, 'change');
    this.own(() => this.#live?.dispose());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('serverId')) {
      this.#live?.dispose();
      this.#live = new LiveServer(this.shell.servers, this.serverId);
      this.#seen = false;
    }
  }

  override render(): TemplateResult {
    const server = this.shell.servers.get(this.serverId);
    if (server) {
      this.#seen = true;
      return this.#view(server);
    }
    if (this.#seen) return this.#gone();
    return this.#server.render({
      pending: () =>
        html`<h1 class="so-visually-hidden">${msg('Server')}</h1>
          ${skeletonLines(6)}`,
      error: (error) =>
        error instanceof ApiError && [403, 404].includes(error.status)
          ? this.#gone()
          : html`<h1 class="so-visually-hidden">${msg('Server')}</h1>
              ${errorState(error, () => void this.#server.run(), this.shell.user)}`,
      complete: () => skeletonLines(6),
    }) as TemplateResult;
  }

  protected override updated(): void {
    const server = this.shell.servers.get(this.serverId);
    if (server) document.title = `${server.name} · Sodium`;
    this.#currentTab.show(this);
  }

  #view(server: Server): TemplateResult {
    return html`<div class="so-page-head">
        <div>
          <a class="so-back" href="/servers">${icon('chevron-left')}${msg('Servers')}</a>
          <div class="so-row">
            <h1>${server.name}</h1>
            ${serverBadge(server)}
          </div>
        </div>
        <div class="so-actions">${this.#actions(server)}</div>
      </div>
      ${this.#notes(server)} ${this.#tabs(server)}`;
  }

  #actions(server: Server): TemplateResult[] {
    const actions = allowedActions(server);
    return (['start', 'restart', 'stop', 'kill'] as const)
      .filter((action) => actions.includes(action))
      .map(
        (action) =>
          html`<wa-button
            size="s"
            variant=${action === 'start' ? 'success' : action === 'kill' ? 'danger' : 'neutral'}
            appearance=${action === 'start' ? 'accent' : 'outlined'}
            @click=${() => void power(this.shell, server, action)}
          >
            <span slot="start">${icon(ACTION_ICONS[action])}</span>${actionLabel(action)}
          </wa-button>`,
      );
  }

  #notes(server: Server): TemplateResult | typeof nothing {
    if (server.suspended) {
      return html`<div style="margin-bottom: var(--sodium-space-5)">
        ${notice('danger', html`<b>${msg('This server is suspended and cannot be started.')}</b>${server.suspendReason ?? nothing}`)}
      </div>`;
    }
    if (server.state === 'offline' && server.lastExit?.crashed) {
      const { message, code, signal } = server.lastExit;
      const how = message ?? (signal ? `${msg('Ended by signal')} ${signal}.` : `${msg('Ended with code')} ${code}.`);
      return html`<div style="margin-bottom: var(--sodium-space-5)">
        ${notice('danger', html`<b>${msg('The last run ended unexpectedly.')}</b><span>${how} ${msg('The console shows its last words.')}</span>`)}
      </div>`;
    }
    return nothing;
  }

  #tabs(server: Server): TemplateResult {
    const contributed = this.shell.plugins?.store.tabs ?? [];
    const tabs = [...coreTabs(), ...contributed.map((entry) => pluginTab(entry))];
    const current = tabs.find(({ id }) => id === this.tab);
    return html`<nav class="so-tabs" aria-label=${msg('Parts of this server')}>
        ${tabs.map(
          ({ id, label, icon: symbol }) =>
            html`<a
              href=${`/servers/${server.id}${id === 'console' ? '' : `/${id}`}`}
              aria-current=${id === current?.id ? 'page' : nothing}
            >
              ${icon(symbol ?? 'puzzle')}${label}
            </a>`,
        )}
      </nav>
      ${keyed(`${server.id}/${this.tab}`, this.#panel(server, contributed))}`;
  }

  #panel(server: Server, contributed: readonly TabContribution[]): TemplateResult {
    const core = coreTabs().find(({ id }) => id === this.tab);
    if (core) return html`<sodium-lazy-tab .load=${core.load} .content=${core.view(server)}></sodium-lazy-tab>`;
    const entry = contributed.find((each) => pluginTab(each).id === this.tab);
    if (entry) return contribution(entry, [server.id, this.#live]);
    return emptyState({
      icon: 'puzzle',
      title: msg('There is no such tab'),
      text: msg('The plugin that offered it may no longer be active.'),
    });
  }

  #gone(): TemplateResult {
    return html`<h1 class="so-visually-hidden">${msg('Server not found')}</h1>
      ${emptyState({
        icon: 'server',
        title: msg('This server does not exist'),
        text: msg('It may have been deleted, or it belongs to somebody else.'),
        action: html`<wa-button variant="brand" href="/servers">${msg('To your servers')}</wa-button>`,
      })}`;
  }
}

function pluginTab(entry: TabContribution): { id: string; label: string; icon?: string } {
  return { id: `${entry.plugin.id}.${entry.id}`, label: entry.label, ...(entry.icon ? { icon: entry.icon } : {}) };
}
