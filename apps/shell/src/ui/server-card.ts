import { msg } from '@lit/localize';
import type { Server, UsagePoint } from '@sodium/contract';
import { html, nothing, type TemplateResult } from 'lit';
import { actionLabel, ACTION_ICONS, allowedActions, power } from '../pages/power.js';
import type { Shell } from '../shell.js';
import { formatBytes, formatPercent } from './format.js';
import { icon } from './icon.js';
import { serverBadge } from './server-badge.js';

/** A server at a glance. The card leads to it; the most likely action is one click away. */
export function serverCard(shell: Shell, server: Server, templateName?: string): TemplateResult {
  const action = allowedActions(server)[0];
  const usage = shell.servers.usage(server.id);
  return html`<article class="so-card so-server-card">
    <header>
      <div>
        <h2><a href="/servers/${server.id}">${server.name}</a></h2>
        <p class="so-muted so-small">${templateName ?? server.template}</p>
      </div>
      ${serverBadge(server)}
    </header>
    <dl class="so-meters">
      ${meter(msg('CPU'), usage && formatPercent(usage.cpu), share(usage?.cpu, server.limits.cpu || 100), '--sodium-chart-1')}
      ${meter(
        msg('Memory'),
        usage && formatBytes(usage.memoryBytes),
        share(usage?.memoryBytes, memoryLimit(server, usage)),
        '--sodium-chart-2',
      )}
    </dl>
    ${
      action && (action === 'start' || server.state === 'running')
        ? html`<div class="so-row">
            ${[action === 'restart' ? ('stop' as const) : action].map(
              (each) =>
                html`<wa-button size="s" appearance="outlined" @click=${() => void power(shell, server, each)}>
                  <span slot="start">${icon(ACTION_ICONS[each])}</span>${actionLabel(each)}
                  <span class="so-visually-hidden">${server.name}</span>
                </wa-button>`,
            )}
          </div>`
        : html`<div class="so-row" style="min-height: 2rem">
            <span class="so-muted so-small">${server.suspendReason ?? server.lastExit?.message ?? nothing}</span>
          </div>`
    }
  </article>`;
}

function meter(name: string, value: string | undefined, part: number, color: string): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd>
      ${value ?? '–'}
      <div class="so-bar" style="--so-bar-color: var(${color})"><i style="width: ${Math.round(part * 100)}%"></i></div>
    </dd>
  </div>`;
}

function share(value: number | undefined, of: number): number {
  return value === undefined || of <= 0 ? 0 : Math.min(1, value / of);
}

/** Without a limit the bar shows a part of one GiB, so that it says something. */
function memoryLimit(server: Server, usage?: UsagePoint): number {
  return server.limits.memoryMb ? server.limits.memoryMb * 1_048_576 : Math.max(1_073_741_824, usage?.memoryBytes ?? 0);
}
