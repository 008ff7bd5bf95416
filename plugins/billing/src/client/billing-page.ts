import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { formatMoney, parseMoney } from '../money.js';
import type { Entry, PaymentStatus, Summary } from '../shapes.js';
import { BillingElement } from './billing-element.js';
import { empty, includes, moment, money, movement, noticeList, perCycle } from './parts.js';

interface PageData {
  summary: Summary;
  entries: Entry[];
  /** The payment that the user comes back from. */
  payment: PaymentStatus | null;
}

/** The page `/billing`: what the user has, owes and did. */
export class BillingPage extends BillingElement<PageData> {
  static override readonly styles = [
    BillingElement.styles,
    css`
      .topup {
        grid-template-columns: minmax(0, 12rem) auto;
        align-items: end;
        justify-content: start;
        gap: var(--sodium-space-3);
      }
    `,
  ];

  @property({ attribute: false }) query: Record<string, string> = {};

  protected override async fetch(): Promise<PageData> {
    const { api } = this.sodium;
    const payment = this.query.payment ? await this.#payment(this.query.payment) : null;
    const [summary, { items }] = await Promise.all([
      api.get<Summary>('/summary'),
      api.get<{ items: Entry[] }>('/ledger'),
    ]);
    return { summary, entries: items, payment };
  }

  async #payment(id: string): Promise<PaymentStatus | null> {
    const asked = this.sodium.api.get<{ status: PaymentStatus }>(`/payments/${encodeURIComponent(id)}`);
    return asked.then(
      ({ status }) => status,
      () => null,
    );
  }

  protected override view({ summary, entries, payment }: PageData): TemplateResult {
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Billing</h2>
          <p class="quiet">Your plan, your balance and what was charged.</p>
        </div>
        <div class="row">
          <wa-button appearance="outlined" size="small" href="/billing/invoices">Invoices</wa-button>
          <wa-button appearance="outlined" size="small" href="/billing/plans">Plans</wa-button>
        </div>
      </div>
      ${payment ? this.#returned(payment) : nothing} ${noticeList(summary.notices)}
      <div class="cards">${this.#balance(summary)} ${this.#plan(summary)} ${this.#due(summary)}</div>
      ${this.#topUp(summary)}
      <section class="card" aria-labelledby="activity">
        <h3 id="activity">Activity</h3>
        ${entries.length === 0 ? empty('Nothing was booked yet', 'Charges and payments appear here.') : this.rows(entries, (entry) => this.#activity(entry))}
      </section>
    </div>`;
  }

  #returned(status: PaymentStatus): TemplateResult {
    if (status === 'succeeded')
      return html`<p class="notice success" role="status">Thank you, your payment has arrived.</p>`;
    if (status === 'pending' && !this.query.cancelled)
      return html`<div class="notice info row" role="status">
        <span>Your payment is being confirmed.</span>
        <wa-button appearance="outlined" size="small" @click=${this.load}>Look again</wa-button>
      </div>`;
    return html`<p class="notice warning" role="status">The payment was not made. Nothing was charged.</p>`;
  }

  #balance({ balance, accrued, available, currency }: Summary): TemplateResult {
    return html`<section class="card" aria-labelledby="balance">
      <h3 class="label" id="balance">Balance</h3>
      <p class="figure ${available < 0 ? 'negative' : ''}">${formatMoney(available, currency)}</p>
      <p class="quiet small">
        ${accrued > 0 ? html`${formatMoney(balance, currency)} less ${formatMoney(accrued, currency)} of today` : 'Everything is booked.'}
      </p>
    </section>`;
  }

  #plan({ subscription, servers }: Summary): TemplateResult {
    return html`<section class="card" aria-labelledby="plan">
      <h3 class="label" id="plan">Plan</h3>
      <p class="figure">${subscription?.planName ?? 'None'}</p>
      <p class="quiet small">
        ${
          subscription
            ? html`${formatMoney(subscription.price, subscription.currency)} ${perCycle[subscription.cycle]}.
              ${includes(subscription)}; you have ${servers}.`
            : 'You need a plan to create and start servers.'
        }
      </p>
      <div>
        <wa-button appearance="outlined" size="small" href="/billing/plans"
          >${subscription ? 'Change plan' : 'Choose a plan'}</wa-button
        >
      </div>
    </section>`;
  }

  #due({ due, openInvoices, currency }: Summary): TemplateResult {
    const text =
      openInvoices === 0
        ? 'No open invoices.'
        : openInvoices === 1
          ? 'One open invoice.'
          : `${openInvoices} open invoices.`;
    return html`<section class="card" aria-labelledby="due">
      <h3 class="label" id="due">Due</h3>
      <p class="figure">${money(due, currency)}</p>
      <p class="quiet small">${text}</p>
      <div>
        <wa-button appearance="outlined" size="small" href="/billing/invoices"
          >${openInvoices > 0 ? 'Pay invoices' : 'All invoices'}</wa-button
        >
      </div>
    </section>`;
  }

  #topUp({ online, currency }: Summary): TemplateResult {
    return html`<section class="card" aria-labelledby="add">
      <h3 id="add">Add funds</h3>
      ${
        online
          ? html`<form class="topup" @submit=${(event: SubmitEvent) => this.#submitTopUp(event, currency)}>
              <label class="field"
                ><span>Amount in ${currency}</span>
                <input name="amount" inputmode="decimal" autocomplete="off" required
              /></label>
              <wa-button type="submit" variant="brand" ?loading=${this.busy === 'topup'}>Pay with Stripe</wa-button>
            </form>`
          : html`<p class="quiet">Payment by card is not set up here. Ask an administrator how to pay.</p>`
      }
    </section>`;
  }

  #submitTopUp(event: SubmitEvent, currency: string): void {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('amount'));
    const amount = parseMoney(text, currency);
    if (!amount)
      return this.fail(
        new Error(
          `“${text}” is no amount in ${currency}. Write it like ${formatMoney(1000, currency)}, without the sign.`,
        ),
      );
    this.pay('topup', { kind: 'topup', amount });
  }

  #activity(entry: Entry): TemplateResult {
    return html`<li tabindex=${entry.invoice ? nothing : -1}>
      <div class="what">
        ${entry.invoice ? html`<a href="/billing/invoices/${entry.invoice}">${entry.text}</a>` : entry.text}
        <p class="quiet small">${moment(entry.at)}</p>
      </div>
      ${movement(entry)}
    </li>`;
  }
}
