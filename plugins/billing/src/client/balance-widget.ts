import { css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { WidgetSize } from '@sodium/sdk';
import { formatMoney } from '../money.js';
import type { Summary } from '../shapes.js';
import { BillingElement } from './billing-element.js';

/** The dashboard widget: what is left, and what is due. */
export class BalanceWidget extends BillingElement<Summary> {
  static override readonly styles = [
    BillingElement.styles,
    css`
      .empty {
        padding: var(--sodium-space-3);
      }
      .body {
        gap: var(--sodium-space-2);
      }
    `,
  ];

  @property() size: WidgetSize = 'small';

  protected override fetch(): Promise<Summary> {
    return this.sodium.api.get('/summary');
  }

  protected override view({ available, currency, subscription, due, openInvoices, notices }: Summary): TemplateResult {
    const [first] = notices.filter(({ tone }) => tone !== 'info');
    return html`<div class="stack body">
      <p class="figure ${available < 0 ? 'negative' : ''}">${formatMoney(available, currency)}</p>
      <p class="quiet small">${subscription ? `Plan: ${subscription.planName}` : 'No plan yet'}</p>
      ${first ? html`<p class="small negative">${first.text}</p>` : nothing}
      <p class="small">
        ${
          openInvoices > 0
            ? html`<a href="/billing/invoices">${formatMoney(due, currency)} due</a>`
            : html`<a href=${subscription ? '/billing' : '/billing/plans'}
                >${subscription ? 'Billing' : 'Choose a plan'}</a
              >`
        }
      </p>
    </div>`;
  }
}
