import { msg, str } from '@lit/localize';
import { Task } from '@lit/task';
import type { PluginRow } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/switch/switch.js';
import { ApiError, messageOf } from '../../api/api-error.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { icon } from '../../ui/icon.js';
import { emptyState, errorState, notice, skeletonLines } from '../../ui/states.js';
import './consent-dialog.js';
import { permissionList } from './permission-list.js';
import { pluginBadge } from './plugin-badge.js';
import './remove-dialog.js';
import './plugin-logs.js';
import './plugin-settings.js';
import './plugin-tabs.js';
import type { TabbedPlugin } from './plugin-tabs.js';

export interface PluginDetail extends PluginRow, Pick<TabbedPlugin, 'contributes' | 'files'> {
  hooks?: readonly (string | { event: string; onError?: string })[];
  routes?: readonly { method: string | null; path: string }[];
  crons?: readonly { name: string; expression: string }[];
  hash?: string;
  license?: string;
  homepage?: string;
  consent?: { by: string; at: string } | null;
  settings?: SettingSpecs;
  permissions: PluginRow['permissions'] & {
    revoked?: string[];
    receipts?: Record<string, { count: number; last: string }>;
  };
  versions?: readonly { version: string; at: string }[];
}

@customElement('sodium-admin-plugin')
export class AdminPlugin extends ShellElement {
  @property({ attribute: false }) pluginId = '';
  /** The plugin's own tab that is open; null: the overview. */
  @property({ attribute: false }) tab: string | null = null;
  @property({ attribute: false }) subtab: string | null = null;
  /** The permissions that the open dialog asks for. */
  @state() private asking: readonly string[] | null = null;
  @state() private removing = false;
  @state() private busy = false;

  readonly #plugin = new Task(this, {
    args: () => [this.pluginId] as const,
    task: async ([id]) => this.shell.api.get<PluginDetail>(path(id)),
  });

  protected override attached(): void {
    // What is just being removed is not there to be read.
    this.own(this.shell.live.on('admin:plugins', () => void (this.removing || this.#plugin.run())));
  }

  override render(): TemplateResult {
    return html`${this.#plugin.render({
      pending: () => (this.#plugin.value?.id === this.pluginId ? this.#content(this.#plugin.value) : this.#loading()),
      error: (error) => this.#failed(error),
      complete: (plugin) => this.#content(plugin),
    })}`;
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
    return html`<div class="so-page-head">
        <div>
          <a class="so-back" href="/admin/plugins">${icon('chevron-left')}${msg('Plugins')}</a>
          <div class="so-row">
            <h1>${plugin.name}</h1>
            ${pluginBadge(plugin.state)}
          </div>
          <p>${plugin.description}</p>
        </div>
        <div class="so-actions">${this.#actions(plugin)} ${this.#rollbackAndRemove(plugin)}</div>
      </div>
      ${
        // Nothing of a plugin's is on the page while the admin is asked what it may do.
        this.asking
          ? nothing
          : html`<sodium-plugin-tabs .plugin=${plugin} .tab=${this.tab} .subtab=${this.subtab}></sodium-plugin-tabs>`
      }
      <div class="so-columns" style=${this.tab !== null && !this.asking ? 'display: none' : nothing}>
        <div class="so-stack-lg">
          ${this.#notes(plugin)}
          ${
            Object.keys(plugin.settings ?? {}).length > 0
              ? html`<sodium-plugin-settings .pluginId=${plugin.id}></sodium-plugin-settings>`
              : nothing
          }
          <sodium-plugin-logs .pluginId=${plugin.id}></sodium-plugin-logs>
        </div>
        <div class="so-stack-lg">${this.#permissions(plugin)} ${facts(plugin)}</div>
      </div>
      ${
        this.asking
          ? html`<sodium-consent-dialog
              .plugin=${plugin}
              .permissions=${this.asking}
              @consent=${() => void this.#activate(this.asking ?? [])}
              @closed=${() => (this.asking = null)}
            ></sodium-consent-dialog>`
          : nothing
      }
      ${
        this.removing
          ? html`<sodium-remove-dialog
              .pluginId=${plugin.id}
              .name=${plugin.name}
              @removed=${() => this.#removed(plugin)}
              @closed=${() => this.#kept()}
            ></sodium-remove-dialog>`
          : nothing
      }`;
  }

  #actions(plugin: PluginDetail): TemplateResult | typeof nothing {
    if (plugin.state === 'invalid') return nothing;
    const wanted = [...new Set([...plugin.permissions.declared, ...(plugin.update?.addedPermissions ?? [])])];
    const ask = (): void => void (this.asking = wanted);
    if (plugin.state === 'inactive') {
      return html`<wa-button variant="brand" ?loading=${this.busy} @click=${ask}>
        <span slot="start">${icon('power')}</span>${msg('Activate')}
      </wa-button>`;
    }
    return html`${
        plugin.update || plugin.state === 'failed' || plugin.state === 'quarantined'
          ? html`<wa-button variant="brand" ?loading=${this.busy} @click=${ask}>
              ${plugin.update ? msg(str`Update to ${plugin.update.version}`) : msg('Activate again')}
            </wa-button>`
          : nothing
      }
      <wa-button appearance="outlined" ?loading=${this.busy} @click=${() => void this.#deactivate(plugin)}
        >${msg('Deactivate')}</wa-button
      >`;
  }

  #rollbackAndRemove(plugin: PluginDetail): TemplateResult {
    const [earlier] = plugin.versions ?? [];
    return html`${
        earlier
          ? html`<wa-button
              appearance="outlined"
              ?loading=${this.busy}
              @click=${() => void this.#rollback(plugin, earlier.version)}
              >${msg(str`Back to ${earlier.version}`)}</wa-button
            >`
          : nothing
      }
      ${
        plugin.state === 'quarantined'
          ? html`<wa-button appearance="outlined" @click=${() => void this.#release(plugin)}
              >${msg('Release from quarantine')}</wa-button
            >`
          : nothing
      }
      <wa-button appearance="outlined" variant="danger" @click=${() => (this.removing = true)}
        >${msg('Remove')}</wa-button
      >`;
  }

  #kept(): void {
    this.removing = false;
    void this.#plugin.run();
  }

  #removed(plugin: PluginDetail): void {
    this.removing = false;
    this.shell.toast(msg(str`“${plugin.name}” was removed.`), 'success');
    this.shell.router.navigate('/admin/plugins');
  }

  async #rollback(plugin: PluginDetail, version: string): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Bring version ${version} of “${plugin.name}” back?`),
      message: msg('Its data goes back to what it was before the update. The present version and its data are kept.'),
      confirmLabel: msg('Bring back'),
    });
    if (!sure) return;
    await this.#act(async () => {
      await this.shell.api.post(`${path(plugin.id)}/rollback`);
      this.shell.toast(msg(str`Version ${version} is active.`), 'success');
    });
  }

  async #release(plugin: PluginDetail): Promise<void> {
    await this.#act(async () => void (await this.shell.api.post(`${path(plugin.id)}/quarantine/release`)));
  }

  async #revoke(plugin: PluginDetail, revoked: readonly string[]): Promise<void> {
    await this.#act(async () => void (await this.shell.api.put(`${path(plugin.id)}/permissions`, { revoked })));
  }

  /** How often it was used, and the switch that takes it back. */
  #receipt(plugin: PluginDetail, name: string): TemplateResult | typeof nothing {
    const { revoked = [], receipts = {} } = plugin.permissions;
    if (!plugin.consent) return nothing;
    const used = receipts[name];
    const change = (event: Event): void => {
      const on = (event.target as HTMLInputElement).checked;
      void this.#revoke(plugin, on ? revoked.filter((other) => other !== name) : [...revoked, name]);
    };
    return html`<span class="so-row so-row-nowrap" style="justify-content: space-between">
      <span>${used ? msg(str`Used ${used.count} times, last ${formatTime(used.last)}`) : msg('Never used')}</span>
      <wa-switch size="s" .checked=${!revoked.includes(name)} ?disabled=${this.busy} @change=${change}>
        <span class="so-visually-hidden">${msg(str`Allow ${name}`)}</span>
      </wa-switch>
    </span>`;
  }

  #revokeUnused(plugin: PluginDetail): TemplateResult | typeof nothing {
    const { approved, revoked = [], receipts = {} } = plugin.permissions;
    const unused = approved.filter((name) => !receipts[name]);
    if (plugin.state !== 'active' || unused.length === 0) return nothing;
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?loading=${this.busy}
      @click=${() => void this.#revoke(plugin, [...revoked, ...unused])}
      >${msg('Take back what it never used')}</wa-button
    >`;
  }

  #notes(plugin: PluginDetail): TemplateResult {
    return html`${
      plugin.reason
        ? notice(
            plugin.state === 'quarantined' ? 'warning' : plugin.state === 'inactive' ? 'info' : 'danger',
            html`<b style="white-space: pre-line">${plugin.reason}</b
              >${plugin.fix ? html`<span>${plugin.fix}</span>` : nothing}`,
          )
        : nothing
    }
    ${
      plugin.update && plugin.state === 'active'
        ? notice(
            'info',
            html`<b>${msg(str`Version ${plugin.update.version} is in the plugin’s folder.`)}</b>
              <span>${msg('The version you consented to keeps running until you update.')}</span>`,
          )
        : nothing
    }
    ${plugin.warnings.map((warning) => notice('warning', warning))}`;
  }

  #permissions(plugin: PluginDetail): TemplateResult {
    const { declared, approved } = plugin.permissions;
    return html`<section class="so-card">
      <header><h2>${msg('What it may do')}</h2></header>
      <div class="so-card-body">
        ${
          declared.length > 0
            ? permissionList(declared, plugin.state === 'inactive' ? undefined : approved, (name) =>
                approved.includes(name) || plugin.permissions.revoked?.includes(name)
                  ? this.#receipt(plugin, name)
                  : nothing,
              )
            : html`<p class="so-muted">${msg('It asks for nothing.')}</p>`
        }
        ${this.#revokeUnused(plugin)}
      </div>
    </section>`;
  }

  async #activate(permissions: readonly string[]): Promise<void> {
    this.asking = null;
    await this.#act(async () => {
      await this.shell.api.post(`${path(this.pluginId)}/activate`, { permissions });
      this.shell.toast(msg('The plugin is active.'), 'success');
    });
  }

  async #deactivate(plugin: PluginDetail): Promise<void> {
    const sure = await this.shell.confirm({
      title: msg(str`Deactivate “${plugin.name}”?`),
      message: msg('Its pages, routes and tasks stop at once. Its data and settings stay.'),
      confirmLabel: msg('Deactivate'),
    });
    if (!sure) return;
    await this.#act(async () => {
      await this.shell.api.post(`${path(plugin.id)}/deactivate`);
      this.shell.toast(msg('The plugin is inactive.'), 'success');
    });
  }

  async #act(action: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await action();
    } catch (error) {
      // The folder changed since this page was read: ask for what is wanted now.
      const wanted = consentWanted(error);
      if (wanted) this.asking = wanted;
      else this.shell.toast(messageOf(error), 'danger');
    }
    this.busy = false;
    await this.#plugin.run();
  }
}

function path(id: string): string {
  return `/api/admin/plugins/${encodeURIComponent(id)}`;
}

function consentWanted(error: unknown): string[] | null {
  if (!(error instanceof ApiError) || error.code !== 'CONSENT_REQUIRED') return null;
  const { permissions } = (error.details ?? {}) as { permissions?: unknown };
  return Array.isArray(permissions) ? permissions.map(String) : null;
}

function facts(plugin: PluginDetail): TemplateResult {
  const hooks = (plugin.hooks ?? []).map((hook) => (typeof hook === 'string' ? hook : hook.event));
  const rows: [string, unknown][] = [
    [msg('Id'), html`<span class="so-mono">${plugin.id}</span>`],
    [msg('Version'), plugin.version],
    [msg('Type'), plugin.type],
    [msg('Author'), plugin.author],
    [msg('Licence'), plugin.license],
    [
      msg('Homepage'),
      plugin.homepage &&
        html`<a href=${safeLink(plugin.homepage)} rel="noreferrer" target="_blank">${plugin.homepage}</a>`,
    ],
    [msg('Hooks'), hooks.length > 0 && hooks.map((hook) => html`<code>${hook}</code> `)],
    [
      msg('Routes'),
      plugin.routes?.length &&
        plugin.routes.map((route) => html`<div><code>${route.method ?? msg('any')} ${route.path}</code></div>`),
    ],
    [
      msg('Tasks'),
      plugin.crons?.length && plugin.crons.map((cron) => html`<div>${cron.name} <code>${cron.expression}</code></div>`),
    ],
    [msg('Allowed'), plugin.consent && `${plugin.consent.by}, ${formatTime(plugin.consent.at)}`],
    [msg('Content'), plugin.hash && html`<span class="so-mono">${plugin.hash.slice(0, 16)}</span>`],
  ];
  return html`<section class="so-card">
    <header><h2>${msg('About')}</h2></header>
    <dl class="so-card-body so-facts">
      ${rows
        .filter(([, value]) => value)
        .map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
    </dl>
  </section>`;
}

/** The manifest is not ours: a link of it may lead to a web page and do nothing else. */
function safeLink(address: string): string {
  return /^https?:\/\//i.test(address) ? address : '#';
}
