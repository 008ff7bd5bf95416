import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { alertList, alertStyles, exportLink } from './alerts.js';
import { formatBytes, formatPercent } from './format.js';
import { rangePicker, rangePickerStyles } from './range-picker.js';
import { currentOf, samplesOf, type Metric } from './series.js';
import { StatsElement } from './stats-element.js';

/** The tab of one server. */
export class ServerTab extends StatsElement {
  static override readonly styles = [
    StatsElement.styles,
    rangePickerStyles,
    alertStyles,
    css`
      .charts {
        display: grid;
        gap: var(--sodium-space-4);
        margin-block-start: var(--sodium-space-4);
      }
      header {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
      }
      h2 {
        font-size: var(--sodium-text-md);
        font-weight: var(--sodium-weight-medium);
      }
    `,
  ];

  @property({ attribute: false }) serverId = '';
  @state() private minutes = 60;

  protected override get scope(): { server: string; minutes: number } {
    return { server: this.serverId, minutes: this.minutes };
  }

  protected override updated(changed: PropertyValues): void {
    const before = changed.get('serverId') as string | undefined;
    if (changed.get('minutes') !== undefined || (before !== undefined && before !== '')) void this.feed.load();
  }

  protected override render(): TemplateResult {
    const { state } = this.feed;
    const server = state.kind === 'ready' ? state.servers[0] : undefined;
    if (!server) return this.notReady();
    const { cpu, memoryBytes } = currentOf(server);
    const chart = (metric: Metric, title: string, now: string): TemplateResult =>
      html`<section class="card">
        <header>
          <h2>${title}</h2>
          <span class="figure">${now}</span>
        </header>
        ${this.chart(metric, samplesOf(server.points, metric))}
      </section>`;
    return html`<div class="tools">
        ${rangePicker(this.minutes, (minutes) => (this.minutes = minutes))}
        ${exportLink(`/servers/${encodeURIComponent(server.id)}/stats.csv`, this.minutes)}
      </div>
      <div class="charts">
        ${alertList(server.alerts)} ${chart('cpu', 'CPU', formatPercent(cpu))}
        ${chart('memoryBytes', 'Memory', formatBytes(memoryBytes))}
      </div>`;
  }
}
