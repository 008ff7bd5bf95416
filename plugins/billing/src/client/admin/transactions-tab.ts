import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { formatMoney } from '../../money.js';
import type { Customer, InvoiceRow, Transaction } from '../../shapes.js';
import { BillingElement } from '../billing-element.js';
import { empty, invoiceBadge, moment, money, movement } from '../parts.js';
import { bookingOf, currencyOf, transactionForm, type Choices, type OpenForm } from './transaction-form.js';

interface TransactionsData extends Choices {
  items: Transaction[];
  total: number;
  next: number | null;
}

/** Admin area: the ledger of all users, payments by hand, adjustments, refunds. */
export class TransactionsTab extends BillingElement<TransactionsData> {
  @state() private form: OpenForm | null = null;
  @state() private problem = '';
  @state() private user = '';
  private shown = 0;

  protected override async fetch(): Promise<TransactionsData> {
    const { api } = this.sodium;
    const of = this.user ? `&user=${encodeURIComponent(this.user)}` : '';
    const [page, { items: customers, currency }, { items: open }] = await Promise.all([
      api.get<Pick<TransactionsData, 'items' | 'total' | 'next'>>(`/admin/transactions?offset=${this.shown}${of}`),
      api.get<{ items: Customer[]; currency: string }>('/admin/customers'),
      api.get<{ items: InvoiceRow[] }>('/admin/invoices?status=open'),
    ]);
    return { ...page, customers, currency, open };
  }

  protected override view(data: TransactionsData): TemplateResult {
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Transactions</h2>
          <p class="quiet">Every movement of money. Nothing here is ever changed or deleted.</p>
        </div>
        <div class="row">
          <wa-button size="small" variant="brand" @click=${() => this.#book('payment')}>Record a payment</wa-button>
          <wa-button appearance="outlined" size="small" @click=${() => this.#book('adjustment')}
            >Adjust a balance</wa-button
          >
        </div>
      </div>
      ${this.form ? this.#form(this.form, data) : nothing}
      ${data.open.length > 0 ? this.#openInvoices(data.open) : nothing} ${this.#ledger(data)}
    </div>`;
  }

  /** The form stands at the top, far from the row whose button opened it. */
  protected override updated(changed: PropertyValues): void {
    const before = changed.get('form') as OpenForm | null | undefined;
    if (before === undefined || this.form === null || before?.id === this.form.id) return;
    this.renderRoot.querySelector<HTMLElement>('form :is(select, input)')?.focus();
  }

  #book(kind: 'payment' | 'adjustment'): void {
    this.#open({ kind, id: crypto.randomUUID(), user: '', invoice: '' });
  }

  #open(form: OpenForm | null): void {
    this.form = form;
    this.problem = '';
  }

  #form(form: OpenForm, data: TransactionsData): TemplateResult {
    return transactionForm({
      form,
      choices: data,
      busy: this.busy === 'form',
      problem: this.problem,
      change: (choice) => (this.form = { ...form, ...choice }),
      submit: (event) => void this.#submit(event, form, currencyOf(form, data)),
      cancel: () => this.#open(null),
    });
  }

  #openInvoices(open: readonly InvoiceRow[]): TemplateResult {
    return html`<section class="card" aria-labelledby="open">
      <h3 id="open">Open invoices</h3>
      ${this.rows(
        open,
        (invoice) =>
          html`<li>
            <div class="what">
              <strong>${invoice.id}</strong> ${invoiceBadge(invoice)}
              <p class="quiet small">${invoice.username}: ${invoice.lines[0]?.text}</p>
            </div>
            ${money(invoice.due, invoice.currency)}
            <wa-button
              appearance="outlined"
              size="small"
              ?loading=${this.busy === invoice.id}
              @click=${() => this.#void(invoice)}
              >Void <span class="unseen">${invoice.id}</span></wa-button
            >
          </li>`,
      )}
    </section>`;
  }

  #ledger({ items, total, next, customers }: TransactionsData): TemplateResult {
    return html`<section class="card" aria-labelledby="ledger">
      <div class="head">
        <h3 id="ledger">Ledger</h3>
        <label class="field"
          ><span>User</span>
          <select @change=${(event: Event) => this.#show((event.target as HTMLSelectElement).value)}>
            <option value="">All users</option>
            ${customers.map(({ id, username }) => html`<option value=${id} ?selected=${id === this.user}>${username}</option>`)}
          </select></label
        >
      </div>
      ${
        items.length === 0
          ? empty('Nothing was booked yet', 'Charges, payments and refunds appear here.')
          : html`<ul class="list">
              ${items.map((entry) => this.#row(entry))}
            </ul>`
      }
      ${total > items.length ? this.#turnPages(items.length, total, next) : nothing}
    </section>`;
  }

  #turnPages(count: number, total: number, next: number | null): TemplateResult {
    return html`<div class="row" style="justify-content: center">
      <wa-button appearance="outlined" size="small" ?disabled=${this.shown === 0} @click=${() => this.#turn(0)}
        >Newest</wa-button
      >
      <span class="quiet small">${this.shown + 1} to ${this.shown + count} of ${total}</span>
      <wa-button appearance="outlined" size="small" ?disabled=${next === null} @click=${() => this.#turn(next ?? 0)}
        >Older</wa-button
      >
    </div>`;
  }

  #row(entry: Transaction): TemplateResult {
    const { text, username, at, kind, contra, refundable, amount, currency } = entry;
    return html`<li>
      <div class="what">
        ${text} <span class="badge neutral">${kind}</span>
        <p class="quiet small">${username} · ${moment(at)} · ${contra}</p>
      </div>
      ${movement(entry)}
      ${
        refundable > 0
          ? html`<wa-button
              appearance="outlined"
              size="small"
              @click=${() => this.#open({ kind: 'refund', id: crypto.randomUUID(), of: entry })}
              >Refund <span class="unseen">${username}’s payment of ${formatMoney(amount, currency)}</span></wa-button
            >`
          : nothing
      }
    </li>`;
  }

  async #submit(event: SubmitEvent, form: OpenForm, currency: string): Promise<void> {
    event.preventDefault();
    this.problem = '';
    try {
      const booking = bookingOf(form, new FormData(event.target as HTMLFormElement), currency);
      if (form.kind === 'refund' && !(await this.#sureToRefund(form.of, booking.body.amount))) return;
      const done = await this.act('form', async () => {
        await this.sodium.api.post(booking.path, booking.body);
        return booking.said;
      });
      if (done) this.#open(null);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What is wrong with a form is said in it, and stays there until it is mended. */
  protected override fail(error: unknown): void {
    if (this.form) this.problem = (error as Error).message;
    else super.fail(error);
  }

  #sureToRefund({ username, currency, contra }: Transaction, amount: number): Promise<boolean> {
    const title = `Refund ${formatMoney(amount, currency)} to ${username}?`;
    const way =
      contra === 'stripe'
        ? 'Stripe sends the money back to where it came from.'
        : 'It is booked here only: send the money back the way it came.';
    const message = `${way} A refund cannot be taken back.`;
    return this.sodium.confirm({ title, message, confirmLabel: 'Refund', danger: true });
  }

  async #void({ id, username, total, currency }: InvoiceRow): Promise<void> {
    const message = `${username} does not have to pay the ${formatMoney(total, currency)}. The invoice keeps its number and cannot be opened again.`;
    if (!(await this.sodium.confirm({ title: `Void ${id}?`, message, confirmLabel: 'Void', danger: true }))) return;
    await this.act(id, async () => {
      await this.sodium.api.post(`/admin/invoices/${id}/void`);
      return `${id} was voided.`;
    });
  }

  #show(user: string): void {
    this.user = user;
    this.#turn(0);
  }

  #turn(offset: number): void {
    this.shown = offset;
    void this.load();
  }
}
