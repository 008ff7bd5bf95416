import { css, html, nothing, type TemplateResult } from 'lit';
import { formatMoney } from '../../money.js';
import type { Revenue } from '../../shapes.js';
import { barChart, chartStyles } from '../bar-chart.js';
import { BillingElement } from '../billing-element.js';
import { empty, perCycle } from '../parts.js';

type RevenueData = Revenue & { stripe: boolean };

/** Admin area: what was earned and received. */
export class RevenueTab extends BillingElement<RevenueData> {
  static override readonly styles = [
    BillingElement.styles,
    chartStyles,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: var(--sodium-space-2);
        border-block-end: var(--sodium-border-width) solid var(--sodium-color-border);
        text-align: end;
        white-space: nowrap;
      }
      :is(th, td):first-child {
        text-align: start;
      }
      thead th {
        color: var(--sodium-color-text-muted);
        font-size: var(--sodium-text-sm);
        font-weight: var(--sodium-weight-medium);
      }
      tbody th {
        font-weight: var(--sodium-weight-normal);
      }
      .plan {
        display: grid;
        gap: var(--sodium-space-1);
      }
      .bar {
        block-size: 0.5rem;
        border-radius: var(--sodium-radius-full);
        background: var(--sodium-color-surface-sunken);
      }
      .bar i {
        display: block;
        block-size: 100%;
        border-radius: inherit;
        background: var(--sodium-chart-3);
      }
    `,
  ];

  protected override fetch(): Promise<RevenueData> {
    return this.sodium.api.get('/admin/revenue');
  }

  protected override view(data: RevenueData): TemplateResult {
    const { currency, recurring, outstanding, credit, subscribers } = data;
    const figure = (label: string, value: string, hint: string): TemplateResult =>
      html`<section class="card">
        <h3 class="label">${label}</h3>
        <p class="figure">${value}</p>
        <p class="quiet small">${hint}</p>
      </section>`;
    return html`<div class="stack">
      <div>
        <h2>Revenue</h2>
        <p class="quiet">The last twelve months in ${currency}.</p>
      </div>
      ${data.stripe ? nothing : html`<p class="notice info">Stripe is not set up: record payments by hand under Transactions, or enter your key in the settings.</p>`}
      <div class="cards">
        ${figure('Each month', formatMoney(recurring, currency), 'From monthly plans that go on.')}
        ${figure('Outstanding', formatMoney(outstanding, currency), 'Of open invoices.')}
        ${figure('Credit', formatMoney(credit, currency), 'That users have paid ahead.')}
        ${figure('Subscribers', String(subscribers), 'Users with a plan.')}
      </div>
      <section class="card" aria-labelledby="chart">
        <h3 id="chart">Charged and received</h3>
        ${this.#chart(data)} ${this.#table(data)}
      </section>
      <section class="card" aria-labelledby="plans">
        <h3 id="plans">Subscribers by plan</h3>
        ${data.byPlan.length === 0 ? empty('There are no plans yet', 'Add one under Plans.') : this.#plans(data)}
      </section>
    </div>`;
  }

  #chart({ months, currency }: RevenueData): TemplateResult {
    const format = (value: number): string => formatMoney(Math.round(value), currency);
    const bars = months.map(({ month, charged, received }) => ({
      label: month,
      title: `${month}: ${format(charged)} charged, ${format(received)} received`,
      values: [charged, received],
    }));
    const { month, charged, received } = months.at(-1)!;
    const label = `Charged and received by month. ${month}: ${format(charged)} charged, ${format(received)} received.`;
    return barChart({ label, bars, format, series: [{ name: 'Charged', color: 1 }, { name: 'Received', color: 2 }] }); // prettier-ignore
  }

  #table({ months, currency }: RevenueData): TemplateResult {
    const busy = months
      .filter(({ charged, received, refunded }) => charged !== 0 || received !== 0 || refunded !== 0)
      .reverse();
    if (busy.length === 0) return empty('Nothing was booked yet', 'Charges and payments appear here by month.');
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Figures by month">
      <table>
        <thead>
          <tr>
            <th scope="col">Month</th>
            <th scope="col">Charged</th>
            <th scope="col">Received</th>
            <th scope="col">Refunded</th>
          </tr>
        </thead>
        <tbody>
          ${busy.map(
            ({ month, charged, received, refunded }) =>
              html`<tr>
                <th scope="row">${month}</th>
                <td>${formatMoney(charged, currency)}</td>
                <td>${formatMoney(received, currency)}</td>
                <td>${formatMoney(refunded, currency)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #plans({ byPlan }: RevenueData): TemplateResult {
    const most = Math.max(1, ...byPlan.map(({ subscribers }) => subscribers));
    return html`${byPlan.map(
      ({ name, subscribers, price, currency, cycle }) =>
        html`<div class="plan">
          <div class="row" style="justify-content: space-between">
            <span>${name} <span class="quiet small">${formatMoney(price, currency)} ${perCycle[cycle]}</span></span>
            <strong>${subscribers}</strong>
          </div>
          <div class="bar" aria-hidden="true"><i style="inline-size: ${(subscribers / most) * 100}%"></i></div>
        </div>`,
    )}`;
  }
}
