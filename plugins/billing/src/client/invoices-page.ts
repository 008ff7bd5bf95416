import { html, nothing, type TemplateResult } from 'lit';
import type { InvoiceRow, Summary } from '../shapes.js';
import { BillingElement } from './billing-element.js';
import { day, empty, invoiceBadge, money } from './parts.js';

interface PageData {
  invoices: InvoiceRow[];
  online: boolean;
}

/** The page `/billing/invoices`. */
export class InvoicesPage extends BillingElement<PageData> {
  protected override async fetch(): Promise<PageData> {
    const { api } = this.sodium;
    const [{ items }, { online }] = await Promise.all([
      api.get<{ items: InvoiceRow[] }>('/invoices'),
      api.get<Summary>('/summary'),
    ]);
    return { invoices: items, online };
  }

  protected override view({ invoices, online }: PageData): TemplateResult {
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Invoices</h2>
          <p class="quiet">What was charged, and what is still to be paid.</p>
        </div>
        <wa-button appearance="outlined" size="small" href="/billing">Billing</wa-button>
      </div>
      <section class="card" aria-label="Invoices">
        ${
          invoices.length === 0
            ? empty('No invoices yet', 'The first one comes with your first plan.')
            : this.rows(invoices, (invoice) => this.#row(invoice, online))
        }
      </section>
    </div>`;
  }

  #row(invoice: InvoiceRow, online: boolean): TemplateResult {
    const { id, issuedAt, dueAt, total, due, currency, lines } = invoice;
    return html`<li>
      <div class="what">
        <a href="/billing/invoices/${id}">${id}</a> ${invoiceBadge(invoice)}
        <p class="quiet small">${lines[0]?.text ?? ''}</p>
        <p class="quiet small">${day(issuedAt)}${due > 0 ? `, due ${day(dueAt)}` : ''}</p>
      </div>
      <div>
        ${money(total, currency)}
        ${due > 0 && due < total ? html`<p class="quiet small">${money(due, currency)} left</p>` : nothing}
      </div>
      ${
        online && due > 0
          ? html`<wa-button
              size="small"
              variant="brand"
              ?loading=${this.busy === id}
              @click=${() => this.pay(id, { kind: 'invoice', invoice: id })}
              >Pay <span class="unseen">invoice ${id}</span></wa-button
            >`
          : nothing
      }
    </li>`;
  }
}
