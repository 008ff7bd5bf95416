import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartPoint {
  /** Milliseconds since 1970. */
  at: number;
  /** Null: nothing was measured, and the line has a gap. */
  value: number | null;
}

/** A second line beside the first, on the same scale. */
export interface SecondLine {
  label: string;
  color: string;
  points: readonly ChartPoint[];
}

/** One line over time. Its colours are tokens and follow the mode; its last value is its name in words. */
@customElement('sodium-usage-chart')
export class UsageChart extends LitElement {
  @property({ attribute: false }) points: readonly ChartPoint[] = [];
  /** Measured at the same times as `points`. */
  @property({ attribute: false }) second: SecondLine | null = null;
  @property({ attribute: false }) format: (value: number) => string = String;
  @property() label = '';
  @property() color = '--sodium-chart-1';
  @property() mode: 'light' | 'dark' = 'light';
  /** Bytes have round numbers at powers of two. */
  @property({ type: Boolean }) binary = false;
  /** Draws each point too: one between two gaps is no line. */
  @property({ type: Boolean }) dots = false;
  /** The top of the scale while all values are below it. */
  @property({ type: Number }) atLeast = 1;
  #plot: uPlot | null = null;
  #resize: ResizeObserver | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const lines = [
      { label: this.label, color: this.color, points: this.points },
      ...(this.second ? [this.second] : []),
    ];
    const inWords = lines.map(({ label, points }) => `${label}: ${this.#inWords(points.at(-1)?.value)}`).join(', ');
    return html`<div class="so-chart" role="img" aria-label=${inWords}></div>
      ${
        this.second
          ? html`<div class="so-chart-key" aria-hidden="true">
              ${lines.map(({ label, color }) => html`<span style="--so-key-color: var(${color})">${label}</span>`)}
            </div>`
          : nothing
      }`;
  }

  #inWords(value: number | null | undefined): string {
    return value === null || value === undefined ? '–' : this.format(value);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const host = this.querySelector<HTMLElement>('.so-chart');
    if (!host) return;
    if (!this.#plot || changed.has('mode') || changed.has('color')) this.#build(host);
    else if (changed.has('points')) this.#plot.setData(this.#data);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #build(host: HTMLElement): void {
    this.#resize?.disconnect();
    this.#plot?.destroy();
    const size = (): { width: number; height: number } => ({ width: Math.max(120, host.clientWidth), height: 176 });
    this.#plot = new uPlot({ ...size(), ...this.#options() }, this.#data, host);
    this.#resize = new ResizeObserver(() => this.#plot?.setSize(size()));
    this.#resize.observe(host);
  }

  get #data(): uPlot.AlignedData {
    const values = (points: readonly ChartPoint[]): (number | null)[] => points.map(({ value }) => value);
    const second = this.second ? [values(this.second.points)] : [];
    return [this.points.map(({ at }) => at / 1000), values(this.points), ...second];
  }

  #options(): Omit<uPlot.Options, 'width' | 'height'> {
    const style = getComputedStyle(this);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    const line = token(this.color);
    const points = { show: this.dots, size: 4 };
    const axis = {
      stroke: token('--sodium-color-text-muted'),
      grid: { stroke: token('--sodium-color-border'), width: 1 },
      ticks: { show: false },
      font: `11px ${token('--sodium-font-sans')}`,
    };
    return {
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      padding: [12, 8, 0, 0],
      scales: {
        // A young server has few points: they stand at the end of a few minutes, not alone on the axis.
        x: { range: (_plot, low, high) => [Math.min(low, high - SHORTEST_S), high] },
        y: { range: (_plot, _low, high) => [0, Math.max(this.atLeast, high * 1.12)] },
      },
      axes: [
        { ...axis, space: 90, values: (_plot, values) => values.map(timeOf) },
        {
          ...axis,
          size: 64,
          space: 34,
          ...(this.binary ? { incrs: POWERS } : {}),
          values: (_plot, values) => values.map((value) => this.format(value)),
        },
      ],
      series: [
        {},
        { stroke: line, width: 2, fill: `color-mix(in srgb, ${line} 14%, transparent)`, points },
        ...(this.second ? [{ stroke: token(this.second.color), width: 2, points }] : []),
      ],
    };
  }
}

const SHORTEST_S = 300;
const POWERS = Array.from({ length: 40 }, (_, power) => 2 ** power);
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function timeOf(seconds: number): string {
  return clock.format(seconds * 1000);
}
