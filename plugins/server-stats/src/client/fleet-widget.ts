import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { WidgetSize } from '@sodium/sdk';
import type { ServerStats } from '../points.js';
import { formatBytes, formatPercent } from './format.js';
import { currentOf, fleetSamples } from './series.js';
import { StatsElement } from './stats-element.js';

/** The dashboard widget: how many servers run, and what they use together. */
export abstract class FleetWidget extends StatsElement {
  static override readonly styles = [
    ...StatsElement.common,
    css`
      .fleet {
        display: grid;
        gap: var(--sodium-space-4);
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
    if (servers.length === 0) return html`<div class="wait"><p>Create a server to see what it uses.</p></div>`;
    return html`<div class="fleet">
      ${this.#figures(servers)} ${this.chart('cpu', fleetSamples(servers, 'cpu'), this.size !== 'large')}
      ${this.size === 'small' ? nothing : this.chart('memoryBytes', fleetSamples(servers, 'memoryBytes'), this.size !== 'large')}
      <a href="/stats">All servers</a>
    </div>`;
  }

  #figures(servers: readonly ServerStats[]): TemplateResult {
    const running = servers.filter(({ state }) => state === 'running').length;
    const current = servers.map(currentOf);
    const cpu = current.reduce((sum, usage) => sum + usage.cpu, 0);
    const memory = current.reduce((sum, usage) => sum + usage.memoryBytes, 0);
    return html`<dl class="figures">
      <div>
        <dt>Running</dt>
        <dd class="number">${running} <span class="of">of ${servers.length}</span></dd>
      </div>
      <div>
        <dt>CPU</dt>
        <dd class="number">${formatPercent(cpu)}</dd>
      </div>
      <div>
        <dt>Memory</dt>
        <dd class="number">${formatBytes(memory)}</dd>
      </div>
    </dl>`;
  }
}
