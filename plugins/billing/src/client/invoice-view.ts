import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { InvoiceRow } from '../shapes.js';
import { BillingElement } from './billing-element.js';
import { day, invoiceBadge, money } from './parts.js';

type InvoiceDetail = InvoiceRow & { seller: { company: string; note: string }; online: boolean };

/** What the panel shows around a page stays off the paper while an invoice is open. */
const PRINT_CSS = `
  .so-aside, .so-topbar, .so-banner, .so-skip { display: none !important; }
  html, body, .so-frame, .so-body, .so-main {
    display: block !important; block-size: auto !important; padding: 0 !important; overflow: visible !important; background: #fff !important;
  }
`;
const DAY_MS = 86_400_000;

/** The page `/billing/invoices/:number`: an invoice to read, to pay and to print. */
export class InvoiceView extends BillingElement<InvoiceDetail> {
  static override readonly styles = [
    BillingElement.styles,
    css`
      .tools,
      .paper {
        max-inline-size: 52rem;
      }
      .paper {
        gap: var(--sodium-space-6);
      }
      .parties {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: var(--sodium-space-5);
      }
      .text {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        inline-size: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: var(--sodium-space-2);
        border-block-end: var(--sodium-border-width) solid var(--sodium-color-border);
        text-align: start;
        vertical-align: top;
      }
      th {
        color: var(--sodium-color-text-muted);
        font-size: var(--sodium-text-sm);
        font-weight: var(--sodium-weight-medium);
      }
      :is(th, td).end {
        text-align: end;
      }
      tfoot td {
        border: 0;
        font-weight: var(--sodium-weight-bold);
      }
      @media print {
        .tools {
          display: none;
        }
        .paper {
          border: 0;
          padding: 0;
          box-shadow: none;
          background: #fff;
          color: #000;
        }
        .paper :is(.quiet, .label, th, .money) {
          color: #333;
        }
        .paper .badge {
          border-color: #333;
          background: none;
          color: #000;
        }
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  #printStyle: HTMLStyleElement | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#printStyle = Object.assign(document.createElement('style'), { media: 'print', textContent: PRINT_CSS });
    document.head.append(this.#printStyle);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#printStyle?.remove();
  }

  protected override fetch(): Promise<InvoiceDetail> {
    return this.sodium.api.get(`/invoices/${encodeURIComponent(this.params.number ?? '')}`);
  }

  protected override view(invoice: InvoiceDetail): TemplateResult {
    const { id, online, due } = invoice;
    return html`<div class="stack">
      <div class="head tools">
        <wa-button appearance="outlined" size="small" href="/billing/invoices">All invoices</wa-button>
        <div class="row">
          ${
            online && due > 0
              ? html`<wa-button
                  size="small"
                  variant="brand"
                  ?loading=${this.busy === id}
                  @click=${() => this.pay(id, { kind: 'invoice', invoice: id })}
                  >Pay now</wa-button
                >`
              : nothing
          }
          <wa-button appearance="outlined" size="small" @click=${() => window.print()}>Print</wa-button>
        </div>
      </div>
      <article class="card paper" aria-labelledby="number">
        ${this.#top(invoice)} ${this.#lines(invoice)}
        ${invoice.seller.note ? html`<p class="text small quiet">${invoice.seller.note}</p>` : nothing}
      </article>
    </div>`;
  }

  #top({ id, seller, username, email, issuedAt, dueAt, paidAt, period, ...rest }: InvoiceDetail): TemplateResult {
    return html`<div class="head">
        <div>
          <p class="label">Invoice</p>
          <h2 id="number">${id}</h2>
        </div>
        ${invoiceBadge({ ...rest, dueAt })}
      </div>
      <div class="parties">
        <div>
          <p class="label">From</p>
          <p class="text">${seller.company || 'The operator of this panel'}</p>
        </div>
        <div>
          <p class="label">To</p>
          <p class="text">${username}${email ? html`<br />${email}` : nothing}</p>
        </div>
        <div>
          <p class="label">Issued</p>
          <p>${day(issuedAt)}</p>
          <p class="label">${paidAt ? 'Paid' : 'Due'}</p>
          <p>${day(paidAt ?? dueAt)}</p>
        </div>
        <div>
          <p class="label">Period</p>
          <p>${day(period.start)} to ${day(period.end - DAY_MS / 2)}</p>
        </div>
      </div>`;
  }

  #lines({ lines, total, due, status, currency }: InvoiceDetail): TemplateResult {
    const left = status === 'open' && due < total;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Items">
      <table>
        <thead>
          <tr>
            <th scope="col">Item</th>
            <th scope="col" class="end">Quantity</th>
            <th scope="col" class="end">Price</th>
            <th scope="col" class="end">Amount</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ text, quantity, unitPrice, amount }) =>
              html`<tr>
                <td>${text}</td>
                <td class="end">${quantity}</td>
                <td class="end">${money(unitPrice, currency)}</td>
                <td class="end">${money(amount, currency)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <td colspan="3">Total</td>
            <td class="end">${money(total, currency)}</td>
          </tr>
          ${
            left
              ? html`<tr>
                  <td colspan="3">Left to pay after your credit</td>
                  <td class="end">${money(due, currency)}</td>
                </tr>`
              : nothing
          }
        </tfoot>
      </table>
    </div>`;
  }
}
