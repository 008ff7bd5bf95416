import { css, html, nothing, type TemplateResult } from 'lit';
import type { Alert } from '../points.js';
import { formatBytes, formatPercent, formatTime } from './format.js';

/** What is over its threshold now. */
export function alertList(alerts: readonly Alert[]): TemplateResult | typeof nothing {
  if (alerts.length === 0) return nothing;
  return html`<div class="alerts" role="alert">
    <ul>
      ${alerts.map(({ metric, since, value, threshold }) => {
        const [name, format] = metric === 'cpu' ? ['CPU', formatPercent] : ['Memory', formatBytes];
        return html`<li>
          ${name} is over ${format(threshold)} since ${formatTime(since)}: ${format(value)} in the last minute.
        </li>`;
      })}
    </ul>
  </div>`;
}

export const exportLink = (path: string, minutes: number): TemplateResult =>
  html`<a class="export" href="/api/plugins/server-stats${path}?minutes=${minutes}" download>Export CSV</a>`;

export const alertStyles = css`
  .alerts {
    margin: 0;
    padding: var(--sodium-space-3) var(--sodium-space-4);
    border: 1px solid var(--sodium-color-warning-border);
    border-radius: var(--sodium-radius-md);
    background: var(--sodium-color-warning-soft);
    color: var(--sodium-color-warning-text);
    font-size: var(--sodium-text-sm);
  }
  .alerts ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .export {
    color: var(--sodium-color-accent-text);
    font-size: var(--sodium-text-sm);
    white-space: nowrap;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--sodium-space-3);
  }
`;
