import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ServerStats } from '../points.js';
import { alertList, alertStyles, exportLink } from './alerts.js';
import { formatBytes, formatPercent } from './format.js';
import { rangePicker, rangePickerStyles } from './range-picker.js';
import { currentOf, isUp, samplesOf } from './series.js';
import { StatsElement } from './stats-element.js';

/** The page `/stats`: every server that its user may see, the busiest first. */
export class StatsPage extends StatsElement {
  static override readonly styles = [
    StatsElement.styles,
    rangePickerStyles,
    alertStyles,
    css`
      .head {
        align-items: end;
        margin-block-end: var(--sodium-space-6);
      }
      .servers {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr));
        gap: var(--sodium-space-5);
      }
      article header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--sodium-space-3);
        min-inline-size: 0;
      }
      article header wa-badge {
        flex: none;
      }
      article h3 {
        min-inline-size: 0;
        overflow-wrap: anywhere;
        font-size: var(--sodium-text-md);
      }
      article a {
        color: inherit;
        text-decoration: none;
      }
      article a:hover {
        text-decoration: underline;
      }
      .chart {
        block-size: 7.5rem;
      }
    `,
  ];

  @state() private minutes = 60;

  protected override get scope(): { minutes: number } {
    return { minutes: this.minutes };
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.get('minutes') !== undefined) void this.feed.load();
  }

  protected override render(): TemplateResult {
    return html`<div class="head">
        <div>
          <h2>Server statistics</h2>
          <p class="quiet">CPU and memory of all servers, live.</p>
        </div>
        <div class="tools">
          ${rangePicker(this.minutes, (minutes) => (this.minutes = minutes))}
          ${exportLink('/servers.csv', this.minutes)}
        </div>
      </div>
      ${this.#servers()}`;
  }

  #servers(): TemplateResult {
    const { state } = this.feed;
    if (state.kind !== 'ready') return this.notReady();
    if (state.servers.length === 0) {
      return html`<div class="empty">
        <p>There are no servers yet. <a href="/servers">Create one</a> to see what it uses.</p>
      </div>`;
    }
    const ordered = [...state.servers].sort(
      (a, b) => Number(isUp(b)) - Number(isUp(a)) || a.name.localeCompare(b.name),
    );
    return html`<div class="servers">
      ${repeat(
        ordered,
        ({ id }) => id,
        (server) => this.#server(server),
      )}
    </div>`;
  }

  #server(server: ServerStats): TemplateResult {
    const { cpu, memoryBytes } = currentOf(server);
    return html`<article class="card" aria-label=${server.name}>
      <header>
        <h3><a href="/servers/${server.id}">${server.name}</a></h3>
        <wa-badge variant=${server.state === 'running' ? 'success' : 'neutral'} appearance="filled" pill
          >${server.state[0]!.toUpperCase()}${server.state.slice(1)}</wa-badge
        >
      </header>
      ${alertList(server.alerts)}
      <dl class="figures">
        <div>
          <dt class="label">CPU</dt>
          <dd class="figure">${formatPercent(cpu)}</dd>
        </div>
        <div>
          <dt class="label">Memory</dt>
          <dd class="figure">${formatBytes(memoryBytes)}</dd>
        </div>
      </dl>
      ${this.chart('cpu', samplesOf(server.points, 'cpu'))}
      ${this.chart('memoryBytes', samplesOf(server.points, 'memoryBytes'))}
    </article>`;
  }
}
