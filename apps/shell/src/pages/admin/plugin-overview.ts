import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ShellElement } from '../../shell-element.js';
import { formatTime } from '../../ui/format.js';
import { notice } from '../../ui/states.js';
import { permissionList } from './permission-list.js';
import { pluginPage, safeLink, type PluginDetail } from './plugin-model.js';

/** What a plugin is, in what state, and what it brings. */
@customElement('sodium-plugin-overview')
export class PluginOverview extends ShellElement {
  @property({ attribute: false }) plugin!: PluginDetail;

  override render(): TemplateResult {
    const { plugin } = this;
    return html`<div class="so-columns">
      <div class="so-stack-lg">${notes(plugin)}${permissions(plugin)}</div>
      <div class="so-stack-lg">${facts(plugin)}</div>
    </div>`;
  }
}

function notes(plugin: PluginDetail): TemplateResult {
  const { reason, state, fix, update } = plugin;
  return html`${
    reason
      ? notice(
          state === 'quarantined' ? 'warning' : state === 'inactive' ? 'info' : 'danger',
          html`<b style="white-space: pre-line">${reason}</b>${fix ? html`<span>${fix}</span>` : nothing}`,
        )
      : nothing
  }
  ${
    update && state === 'active'
      ? notice(
          'info',
          html`<b>${msg(str`Version ${update.version} is in the plugin’s folder.`)}</b>
            <span>${msg('The version you consented to keeps running until you update.')}</span>`,
        )
      : nothing
  }
  ${plugin.warnings.map((warning) => notice('warning', warning))}`;
}

function permissions(plugin: PluginDetail): TemplateResult | typeof nothing {
  const { declared, approved } = plugin.permissions;
  if (plugin.state === 'invalid') return nothing;
  return html`<section class="so-card">
    <header>
      <h2>${plugin.consent ? msg('What it may do') : msg('What it asks for')}</h2>
      ${declared.length > 0 ? html`<a href=${pluginPage(plugin.id, 'permissions')}>${msg('Permissions in full')}</a>` : nothing}
    </header>
    <div class="so-card-body">
      ${
        declared.length > 0
          ? permissionList(declared, plugin.consent ? approved : undefined)
          : html`<p class="so-muted">${msg('It asks for nothing.')}</p>`
      }
    </div>
  </section>`;
}

function facts(plugin: PluginDetail): TemplateResult {
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
    [msg('Allowed'), plugin.consent && `${plugin.consent.by}, ${formatTime(plugin.consent.at)}`],
    [
      msg('Content'),
      plugin.hash &&
        html`<a class="so-mono" href=${pluginPage(plugin.id, 'files')} title=${plugin.hash}
          >${plugin.hash.slice(0, 16)}</a
        >`,
    ],
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
