import { SodiumElement, viewStyles } from '@sodium/sdk/element';
import { css, html, type CSSResultGroup, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { MINUTE_MS } from '../points.js';
import { niceTop, niceTopBytes, type ChartFrame } from './chart-path.js';
import { formatBytes, formatPercent } from './format.js';
import { chartStyles, lineChart } from './line-chart.js';
import type { Metric, Sample } from './series.js';
import { StatsFeed } from './stats-feed.js';

const METRICS = {
  cpu: { label: 'CPU', color: 1, format: formatPercent, top: (highest: number) => niceTop(highest, 10) },
  memoryBytes: {
    label: 'Memory',
    color: 2,
    format: formatBytes,
    top: (highest: number) => niceTopBytes(highest, 64 * 2 ** 20),
  },
} as const;

/** What the widget, the tab and the page have in common: a feed, loading and failure, charts that share their pointer. */
export abstract class StatsElement extends SodiumElement {
  static override styles: CSSResultGroup = [
    SodiumElement.styles,
    viewStyles,
    chartStyles,
    css`
      h2,
      h3,
      p,
      dl,
      dd {
        margin: 0;
      }
      .figure {
        font-size: var(--sodium-text-xl);
        color: var(--sodium-color-text);
      }
      .empty {
        place-content: center;
        min-block-size: 7rem;
        padding: 0;
      }
      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(6rem, 1fr));
        gap: var(--sodium-space-4);
      }
    `,
  ];

  protected readonly feed = new StatsFeed(
    this,
    () => this.sodium,
    () => this.scope,
  );
  @state() private hover: number | null = null;

  protected get scope(): { server?: string; minutes: number } {
    return { minutes: 60 };
  }

  protected chart(metric: Metric, samples: readonly Sample[], compact = false): TemplateResult {
    const { label, color, format, top } = METRICS[metric];
    const highest = Math.max(0, ...samples.map(({ value }) => value));
    const to = Date.now();
    const window = to - this.scope.minutes * MINUTE_MS;
    // A small chart has no time axis and begins where measuring began.
    const from = compact ? Math.min(Math.max(window, samples[0]?.at ?? 0), to - MINUTE_MS) : window;
    const frame: ChartFrame = { from, to, top: top(highest) };
    const onHover = (at: number | null): void => void (this.hover = at);
    return lineChart({
      label,
      samples,
      frame,
      format,
      color,
      compact,
      ...(compact ? {} : { hover: this.hover, onHover }),
    });
  }

  protected notReady(): TemplateResult {
    const { state } = this.feed;
    if (state.kind !== 'failed') return html`<div class="empty" role="status">Loading…</div>`;
    return html`<div class="empty" role="alert">
      <p>${state.message}</p>
      <wa-button size="small" @click=${this.feed.load}>Try again</wa-button>
    </div>`;
  }
}
