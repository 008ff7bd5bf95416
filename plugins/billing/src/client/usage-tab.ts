import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { formatMoney } from '../money.js';
import type { ServerUsage } from '../shapes.js';
import { BillingElement } from './billing-element.js';
import { barChart, chartStyles } from './bar-chart.js';
import { empty, noticeList, perCycle } from './parts.js';

const SHOWN_DAYS = 30;
const DAY_MS = 86_400_000;

/** The tab "Usage & Cost" of a server. */
export class UsageTab extends BillingElement<ServerUsage> {
  static override readonly styles = [BillingElement.styles, chartStyles, css`h2:not(.label) { font-size: var(--sodium-text-md); }`]; // prettier-ignore

  @property({ attribute: false }) serverId = '';

  protected override fetch(): Promise<ServerUsage> {
    return this.sodium.api.get(`/servers/${encodeURIComponent(this.serverId)}/usage`);
  }

  protected override updated(changed: PropertyValues): void {
    const before = changed.get('serverId') as string | undefined;
    if (before) void this.load();
  }

  protected override view(usage: ServerUsage): TemplateResult {
    const { hours, cost, forecast, currency, cycle, price } = usage;
    const figure = (label: string, value: string, hint: string): TemplateResult =>
      html`<section class="card">
        <h2 class="label" style="font-size: var(--sodium-text-sm)">${label}</h2>
        <p class="figure">${value}</p>
        <p class="quiet small">${hint}</p>
      </section>`;
    const monthly = cycle === 'monthly';
    const hint = cycle ? `${formatMoney(price, currency)} ${perCycle[cycle]}` : 'The owner has no plan.';
    return html`<div class="stack">
      ${usage.notice ? noticeList([usage.notice]) : nothing}
      <div class="cards">
        ${figure('Hours this month', String(hours), 'Each hour in which it ran counts once, in UTC.')}
        ${figure('Cost this month', monthly ? 'Included' : formatMoney(cost, currency), hint)}
        ${figure(monthly ? 'Plan' : 'Forecast', formatMoney(forecast, currency), monthly ? 'For all servers of the plan.' : 'For the whole month, at the pace so far.')}
      </div>
      <section class="card" aria-labelledby="hours">
        <h2 id="hours">Hours per day</h2>
        ${usage.days.length === 0 ? empty('Nothing was measured yet', cycle ? 'The hours in which the server runs appear here.' : 'Hours are counted once its owner has a plan.') : chart(usage)}
      </section>
    </div>`;
  }
}

function chart({ days, currency }: ServerUsage): TemplateResult {
  const known = new Map(days.map((one) => [one.day, one]));
  const newest = Date.now();
  const bars = Array.from({ length: SHOWN_DAYS }, (_, i) => {
    const day = new Date(newest - (SHOWN_DAYS - 1 - i) * DAY_MS).toISOString().slice(0, 10);
    const { hours = 0, cost = 0 } = known.get(day) ?? {};
    const costText = cost > 0 ? `, ${formatMoney(cost, currency)}` : '';
    return { label: day.slice(5), values: [hours], title: `${day}: ${hours} hours${costText}` };
  });
  const total = bars.reduce((sum, { values }) => sum + values[0]!, 0);
  const label = `Hours per day over the last ${SHOWN_DAYS} days: ${total} in all.`;
  return barChart({ label, bars, series: [{ name: 'Hours', color: 2 }], format: (value) => `${value} h`, top: 24 });
}
