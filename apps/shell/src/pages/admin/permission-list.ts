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

interface Marks {
  /** Those that are not among them are marked as not granted. */
  approved?: readonly string[] | undefined;
  /** Those that were not asked for before. */
  added?: ReadonlySet<string>;
  /** What follows each. */
  extra?: (name: string) => unknown;
}

/** Permissions in plain words. */
export function permissionList(
  permissions: readonly string[],
  { approved, added, extra = () => nothing }: Marks = {},
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
          }
          ${added?.has(name) ? html`<span class="so-badge so-badge-info">${msg('new')}</span>` : nothing}</span
        >
        <small>${known.grants}${extra(name)}</small>
      </li>`;
    })}
  </ul>`;
}

/** What a permission is called in plain words. */
export const permissionTitle = (name: string): string => (isPermission(name) ? PERMISSIONS[name].title : name);
