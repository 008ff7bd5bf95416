import { msg } from '@lit/localize';
import { isPermission, PERMISSIONS } from '@sodium/sdk';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../ui/icon.js';

const ICONS: Record<string, string> = {
  db: 'archive',
  http: 'globe',
  cron: 'clock',
  webhooks: 'send',
  plugins: 'plug',
  servers: 'server',
  users: 'users',
  ws: 'activity',
  ui: 'layout-dashboard',
};

/** Permissions in plain words. With `approved`, those that were not granted are marked; `extra` follows each. */
export function permissionList(
  permissions: readonly string[],
  approved?: readonly string[],
  extra: (name: string) => unknown = () => nothing,
): TemplateResult {
  return html`<ul class="so-permissions">
    ${permissions.map((name) => {
      const known = isPermission(name)
        ? PERMISSIONS[name]
        : { title: name, grants: msg('This panel does not know this permission.') };
      return html`<li class="so-permission">
        ${icon(ICONS[name.split(':')[0] ?? ''] ?? 'key-round')}
        <span
          ><b>${known.title}</b> ${
            approved && !approved.includes(name)
              ? html`<span class="so-badge so-badge-warning">${msg('not granted')}</span>`
              : nothing
          }</span
        >
        <small>${known.grants}${extra(name)}</small>
      </li>`;
    })}
  </ul>`;
}
