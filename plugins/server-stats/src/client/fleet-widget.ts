import { css, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { WidgetSize } from '@sodium/sdk';
import type { ServerStats } from '../points.js';
import { formatBytes, formatPercent } from './format.js';
import { currentOf, fleetSamples, type Metric } from './series.js';
import { StatsElement } from './stats-element.js';

/** The dashboard widget: how many servers run, and what they use together. */
export class FleetWidget extends StatsElement {
  static override readonly styles = [
    StatsElement.styles,
    css`
      .fleet {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
        gap: var(--sodium-space-4) var(--sodium-space-5);
      }
      .fleet > :first-child,
      .fleet > a,
      .large > * {
        grid-column: 1 / -1;
      }
      .chart {
        margin-block-start: var(--sodium-space-2);
      }
      .of {
        color: var(--sodium-color-text-muted);
        font-size: var(--sodium-text-md);
        font-weight: var(--sodium-weight-normal);
      }
      a {
        color: var(--sodium-color-accent-text);
        font-size: var(--sodium-text-sm);
      }
    `,
  ];

  @property() size: WidgetSize = 'medium';

  protected override render(): TemplateResult {
    const { state } = this.feed;
    if (state.kind !== 'ready') return this.notReady();
    const { servers } = state;
    if (servers.length === 0) return html`<div class="empty"><p>Create a server to see what it uses.</p></div>`;
    const compact = this.size !== 'large';
    return html`<div class="fleet ${this.size}">
      ${this.#running(servers)} ${this.#total(servers, 'cpu', 'CPU', formatPercent, compact)}
      ${this.#total(servers, 'memoryBytes', 'Memory', formatBytes, compact)}
      <a href="/stats">All servers</a>
    </div>`;
  }

  #running(servers: readonly ServerStats[]): TemplateResult {
    const running = servers.filter(({ state }) => state === 'running').length;
    return html`<div>
      <p class="label">Running</p>
      <p class="figure">${running} <span class="of">of ${servers.length}</span></p>
    </div>`;
  }

  #total(
    servers: readonly ServerStats[],
    metric: Metric,
    label: string,
    format: (value: number) => string,
    compact: boolean,
  ): TemplateResult {
    const total = servers.reduce((sum, server) => sum + currentOf(server)[metric], 0);
    return html`<div>
      <p class="label">${label}</p>
      <p class="figure">${format(total)}</p>
      ${this.chart(metric, fleetSamples(servers, metric), compact)}
    </div>`;
  }
}
