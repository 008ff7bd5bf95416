import { css, html, nothing, svg, type TemplateResult } from 'lit';

export interface BarChart {
  /** What a screen reader is told instead. */
  label: string;
  bars: readonly { label: string; title: string; values: readonly number[] }[];
  series: readonly { name: string; color: 1 | 2 | 3 | 4 }[];
  format(value: number): string;
  /** The top of the scale; without it, a round number above the highest bar. */
  top?: number;
}

const HEIGHT = 100;
const SLOT = 20;
const GAP = 4;

/** Bars beside each other, drawn as SVG, with their scale and names in text. */
export function barChart({ label, bars, series, format, top: given }: BarChart): TemplateResult {
  const top = given ?? roundUp(Math.max(0, ...bars.flatMap(({ values }) => values)));
  const width = (SLOT - GAP) / series.length;
  return html`<figure class="bars">
    <div class="scale" aria-hidden="true">
      <span>${format(top)}</span><span>${format(top / 2)}</span><span>${format(0)}</span>
    </div>
    <svg viewBox="0 0 ${bars.length * SLOT} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
      <path class="grid" d="M0 0H${bars.length * SLOT}M0 50H${bars.length * SLOT}M0 100H${bars.length * SLOT}" />
      ${bars.map(
        ({ values, title }, slot) =>
          svg`<g><title>${title}</title><rect class="hit" x=${slot * SLOT} y="0" width=${SLOT} height=${HEIGHT} />${values.map(
            (value, i) => {
              const height = (Math.max(0, Math.min(value, top)) / top) * HEIGHT;
              return svg`<rect x=${slot * SLOT + GAP / 2 + i * width} y=${HEIGHT - height} width=${width} height=${height} style="fill: var(--sodium-chart-${series[i]!.color})" />`;
            },
          )}</g>`,
      )}
    </svg>
    <div class="names" aria-hidden="true">
      <span>${bars[0]?.label}</span><span>${bars[Math.floor(bars.length / 2)]?.label}</span
      ><span>${bars.at(-1)?.label}</span>
    </div>
    ${series.length > 1 ? html`<figcaption>${series.map(({ name, color }) => html`<span><i style="background: var(--sodium-chart-${color})"></i>${name}</span>`)}</figcaption>` : nothing}
  </figure>`;
}

/** The next 1, 2 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

export const chartStyles = css`
  .bars {
    display: grid;
    grid-template: 'scale plot' 12rem '. names' auto '. key' auto / auto minmax(0, 1fr);
    gap: var(--sodium-space-2);
    margin: 0;
    color: var(--sodium-color-text-muted);
    font-size: var(--sodium-text-xs);
    font-variant-numeric: tabular-nums;
  }
  .scale,
  .names {
    display: flex;
    justify-content: space-between;
  }
  .scale {
    grid-area: scale;
    flex-direction: column;
    align-items: end;
    margin-block: -0.6em;
    white-space: nowrap;
  }
  .names {
    grid-area: names;
  }
  .bars svg {
    grid-area: plot;
    inline-size: 100%;
    block-size: 100%;
    overflow: visible;
  }
  .bars .grid {
    stroke: var(--sodium-color-border);
    fill: none;
    vector-effect: non-scaling-stroke;
  }
  .bars .hit {
    fill: transparent;
  }
  .bars g:hover .hit {
    fill: var(--sodium-color-hover);
  }
  figcaption {
    grid-area: key;
    display: flex;
    flex-wrap: wrap;
    gap: var(--sodium-space-4);
  }
  figcaption i {
    display: inline-block;
    inline-size: 0.75em;
    block-size: 0.75em;
    margin-inline-end: var(--sodium-space-1);
    border-radius: 2px;
  }
`;
