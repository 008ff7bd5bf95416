import { msg, str } from '@lit/localize';
import type { PluginRow } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../ui/icon.js';
import { pluginBadge } from './plugin-badge.js';
import { pluginPage } from './plugin-model.js';

const TYPE_ICONS: Record<string, string> = { hook: 'webhook', widget: 'gauge', feature: 'blocks', theme: 'palette' };

/** One plugin in the list. Whatever of its manifest cannot be read is left out, and the row stays. */
export function pluginTableRow(plugin: PluginRow): TemplateResult {
  const { id, name, author, description, state, version, type, update } = plugin;
  const troubled = state !== 'inactive' && state !== 'activating';
  return html`<tr>
    <td data-label="">
      <div class="so-row so-row-nowrap so-plugin-name">
        <span class="so-plugin-icon">${icon(TYPE_ICONS[type ?? ''] ?? 'puzzle')}</span>
        <div>
          <a href=${pluginPage(id)}>${name}</a>
          <div class="so-muted so-small">${[id === name ? '' : id, author].filter(Boolean).join(' · ')}</div>
          ${description ? html`<div class="so-small so-plugin-about">${description}</div>` : nothing}
        </div>
      </div>
    </td>
    <td data-label=${msg('State')}>
      <div>
        ${pluginBadge(state)}
        ${
          plugin.reason
            ? html`<div class="so-small so-plugin-reason ${troubled ? 'so-plugin-reason-bad' : ''}">
                ${plugin.reason}
              </div>`
            : nothing
        }
        ${plugin.warnings.length > 0 ? html`<div>${warnings(plugin)}</div>` : nothing}
      </div>
    </td>
    <td data-label=${msg('Version')} class="so-table-long">
      <div>
        ${version || '–'}
        ${update ? html`<div><a class="so-badge so-badge-info" href=${pluginPage(id)}>${msg(str`Update to ${update.version}`)}</a></div>` : nothing}
      </div>
    </td>
    <td data-label=${msg('Type')}>${typeName(type)}</td>
    <td data-label=${msg('Permissions')} class="so-numeric">${permissions(plugin)}</td>
  </tr>`;
}

function warnings({ warnings }: PluginRow): TemplateResult {
  const label = warnings.length === 1 ? msg('1 warning') : msg(str`${warnings.length} warnings`);
  return html`<span class="so-badge so-badge-warning" title=${warnings.join('\n')}>${label}</span>`;
}

function permissions({ id, permissions, state }: PluginRow): TemplateResult | string {
  const { declared, approved } = permissions;
  if (declared.length === 0) return msg('None');
  const count =
    state === 'active' && approved.length !== declared.length
      ? msg(str`${approved.length} of ${declared.length}`)
      : String(declared.length);
  return html`<a
    href=${pluginPage(id, 'permissions')}
    title=${declared.join(', ')}
    aria-label=${msg(str`Permissions: ${count}`)}
    >${count}</a
  >`;
}

export function typeName(type: string | null): string {
  const names: Record<string, string> = {
    hook: msg('Hook'),
    widget: msg('Widget'),
    feature: msg('Feature'),
    theme: msg('Theme'),
  };
  return names[type ?? ''] ?? '–';
}
