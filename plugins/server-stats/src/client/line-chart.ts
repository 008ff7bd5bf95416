import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { chartPaths, nearest, type ChartFrame } from './chart-path.js';
import { formatTime } from './format.js';
import type { Sample } from './series.js';

export interface LineChart {
  label: string;
  samples: readonly Sample[];
  frame: ChartFrame;
  format(value: number): string;
  /** Which of the theme's chart colours: 1 to 4. */
  color: 1 | 2 | 3 | 4;
  /** Without axes, for small places. */
  compact?: boolean;
  /** The moment under the pointer, shared by all charts of a view. */
  hover?: number | null;
  onHover?(at: number | null): void;
}

/** A line over time. To a screen reader it is one sentence: newest, highest, and the time it covers. */
export function lineChart(chart: LineChart): TemplateResult {
  const { samples, frame, format, color, compact, hover } = chart;
  const { line, area } = chartPaths(samples, frame);
  const pointed = hover == null ? null : nearest(samples, hover);
  return html`<figure class="chart ${compact ? 'compact' : ''}" style="--line: var(--sodium-chart-${color})">
    ${compact ? nothing : html`<div class="scale" aria-hidden="true"><span>${format(frame.top)}</span><span>${format(frame.top / 2)}</span><span>0</span></div>`}
    <div
      class="plot"
      @pointermove=${(event: PointerEvent) => chart.onHover?.(momentAt(event, frame))}
      @pointerleave=${() => chart.onHover?.(null)}
    >
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${summary(chart)}>
        ${compact ? nothing : svg`<path class="grid" d="M0 0H100M0 50H100M0 100H100" />`}
        <path class="area" d=${area} />
        <path class="line" d=${line} />
      </svg>
      ${pointed ? cursor(pointed, chart) : nothing}
      ${samples.length === 0 ? html`<span class="none">Nothing measured yet</span>` : nothing}
    </div>
    ${compact ? nothing : html`<div class="times" aria-hidden="true"><span>${formatTime(frame.from)}</span><span>${formatTime((frame.from + frame.to) / 2)}</span><span>now</span></div>`}
  </figure>`;
}

function cursor({ at, value }: Sample, { frame, format }: LineChart): TemplateResult {
  const x = ((at - frame.from) / (frame.to - frame.from)) * 100;
  const y = 100 - (Math.min(value, frame.top) / frame.top) * 100;
  return html`<span class="cursor" style="left:${x}%" aria-hidden="true">
    <i style="top:${y}%"></i
    ><span class="readout ${x > 60 ? 'left' : ''}">${format(value)} <small>${formatTime(at)}</small></span>
  </span>`;
}

function momentAt(event: PointerEvent, { from, to }: ChartFrame): number {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return from + ((event.clientX - box.left) / box.width) * (to - from);
}

function summary({ label, samples, frame, format }: LineChart): string {
  const last = samples.at(-1);
  if (!last) return `${label}: nothing measured yet.`;
  const highest = Math.max(...samples.map(({ value }) => value));
  const minutes = Math.round((frame.to - frame.from) / 60_000);
  return `${label}: ${format(last.value)} now, at most ${format(highest)} in the last ${minutes} minutes.`;
}

export const chartStyles = css`
  .chart {
    display: grid;
    grid-template: 'scale plot' minmax(0, 1fr) '. times' auto / auto minmax(0, 1fr);
    gap: var(--sodium-space-1) var(--sodium-space-2);
    margin: 0;
    block-size: 11rem;
    color: var(--sodium-color-text-muted);
    font-size: var(--sodium-text-xs);
    font-variant-numeric: tabular-nums;
  }
  .chart.compact {
    display: block;
    block-size: 2.5rem;
  }
  .scale,
  .times {
    display: flex;
    justify-content: space-between;
  }
  .scale {
    grid-area: scale;
    flex-direction: column;
    align-items: end;
    margin-block: -0.5em;
    min-inline-size: 4.25em;
    white-space: nowrap;
  }
  .times {
    grid-area: times;
  }
  .plot {
    grid-area: plot;
    position: relative;
    block-size: 100%;
    touch-action: pan-y;
  }
  svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  path {
    vector-effect: non-scaling-stroke;
    fill: none;
  }
  .grid {
    stroke: var(--sodium-color-border);
  }
  .line {
    stroke: var(--line);
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .area {
    fill: var(--line);
    opacity: 0.13;
  }
  /* Between two lines of the grid. */
  .none {
    position: absolute;
    inset: 0 0 50%;
    display: grid;
    place-items: center;
  }
  .cursor {
    position: absolute;
    inset-block: 0;
    border-inline-start: 1px dashed var(--sodium-color-border-strong);
    pointer-events: none;
  }
  .cursor i {
    position: absolute;
    inline-size: 0.5rem;
    block-size: 0.5rem;
    margin: -0.25rem;
    border-radius: 50%;
    background: var(--line);
  }
  .readout {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: var(--sodium-space-2);
    padding: var(--sodium-space-1) var(--sodium-space-2);
    border: 1px solid var(--sodium-color-border);
    border-radius: var(--sodium-radius-sm);
    background: var(--sodium-color-surface-raised);
    color: var(--sodium-color-text);
    box-shadow: var(--sodium-shadow-md);
    white-space: nowrap;
  }
  .readout.left {
    inset-inline: auto var(--sodium-space-2);
  }
`;
