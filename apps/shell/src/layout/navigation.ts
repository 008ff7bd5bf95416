import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Contribution } from '../slots/types.js';
import { icon } from '../ui/icon.js';

export interface NavigationItem {
  readonly id: string;
  readonly label: string;
  readonly href: string;
  readonly icon?: string;
  readonly group?: string;
  readonly badge?: number | string | null;
  /** The plugin it belongs to. */
  readonly plugin?: string;
  /** What the plugin draws at the end of the row. */
  readonly drawn?: Contribution;
  /** Left to the browser: another document. */
  readonly native?: boolean;
}

/** The list of a sidebar: items without a group first, then each group under its name. */
export function navigation(items: readonly NavigationItem[], path: string, label: string): TemplateResult {
  const groups = new Map<string, NavigationItem[]>();
  for (const item of items) groups.set(item.group ?? '', [...(groups.get(item.group ?? '') ?? []), item]);
  const names = [...groups.keys()].sort((a, b) => Number(a !== '') - Number(b !== ''));
  const current = currentItem(items, path);
  return html`<nav class="so-nav" aria-label=${label}>
    ${names.map(
      (name) =>
        html`${name ? html`<h2>${name}</h2>` : nothing}
          <ul>
            ${groups.get(name)?.map((item) => entry(item, item === current))}
          </ul>`,
    )}
  </nav>`;
}

function entry(item: NavigationItem, current: boolean): TemplateResult {
  const badge = item.badge === 0 || item.badge === '' ? null : item.badge;
  return html`<li>
    <a
      href=${item.href}
      aria-current=${current ? 'page' : nothing}
      ?data-native=${item.native}
      data-plugin=${item.plugin ?? nothing}
    >
      ${icon(item.icon ?? 'puzzle')}<span title=${item.label}>${item.label}</span>
      ${
        badge === null || badge === undefined
          ? nothing
          : html`<span class="so-count"><span class="so-visually-hidden">${msg('New:')} </span>${badge}</span>`
      }
    </a>
    ${
      item.drawn
        ? html`<sodium-contribution class="so-nav-drawn" .contribution=${item.drawn}></sodium-contribution>`
        : nothing
    }
  </li>`;
}

/** The item whose address is the longest beginning of the current one. */
export function currentItem<T extends { href: string }>(items: readonly T[], path: string): T | undefined {
  const matches = items.filter(
    ({ href }) => path === href || (href !== '/' && href !== '/admin' && path.startsWith(`${href}/`)),
  );
  return matches.sort((a, b) => b.href.length - a.href.length)[0];
}
