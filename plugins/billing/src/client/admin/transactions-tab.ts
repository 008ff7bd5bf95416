import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { formatMoney, parseMoney, toInput } from '../../money.js';
import type { Customer, InvoiceRow, Transaction } from '../../shapes.js';
import { BillingElement } from '../billing-element.js';
import { empty, invoiceBadge, moment, money, movement } from '../parts.js';

interface TransactionsData {
  items: Transaction[];
  total: number;
  next: number | null;
  customers: Customer[];
  currency: string;
  open: InvoiceRow[];
}

/** A form that is open. Its id makes sending it twice harmless. */
type OpenForm = { kind: 'payment' | 'adjustment'; id: string } | { kind: 'refund'; id: string; of: Transaction };

/** Admin area: the ledger of all users, payments by hand, adjustments, refunds. */
export abstract class TransactionsTab extends BillingElement<TransactionsData> {
  static override readonly styles = [BillingElement.common];

  @state() private form: OpenForm | null = null;
  @state() private user = '';
  private shown = 0;

  protected override async fetch(): Promise<TransactionsData> {
    const { api } = this.sodium;
    const of = this.user ? `&user=${encodeURIComponent(this.user)}` : '';
    const [page, { items: customers, currency }, { items: invoices }] = await Promise.all([
      api.get<Pick<TransactionsData, 'items' | 'total' | 'next'>>(`/admin/transactions?offset=${this.shown}${of}`),
      api.get<{ items: Customer[]; currency: string }>('/admin/customers'),
      api.get<{ items: InvoiceRow[] }>('/admin/invoices'),
    ]);
    return { ...page, customers, currency, open: invoices.filter(({ status }) => status === 'open') };
  }

  protected override view(data: TransactionsData): TemplateResult {
    return html`<div class="stack">
      <div class="head">
        <div>
          <h2>Transactions</h2>
          <p class="quiet">Every movement of money. Nothing here is ever changed or deleted.</p>
        </div>
        <div class="row">
          <wa-button size="small" variant="brand" @click=${() => this.#open('payment')}>Record a payment</wa-button>
          <wa-button appearance="outlined" size="small" @click=${() => this.#open('adjustment')}
            >Adjust a balance</wa-button
          >
        </div>
      </div>
      ${this.#form(data)} ${data.open.length > 0 ? this.#openInvoices(data.open) : nothing} ${this.#ledger(data)}
    </div>`;
  }

  #open(kind: 'payment' | 'adjustment'): void {
    this.form = { kind, id: crypto.randomUUID() };
  }

  #openInvoices(open: readonly InvoiceRow[]): TemplateResult {
    return html`<section class="card" aria-labelledby="open">
      <h3 id="open">Open invoices</h3>
      <ul class="list">
        ${open.map(
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
                aria-label="Void ${invoice.id}"
                ?loading=${this.busy === invoice.id}
                @click=${() => this.#void(invoice)}
                >Void</wa-button
              >
            </li>`,
        )}
      </ul>
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
      ${
        total > items.length
          ? html`<div class="row" style="justify-content: center">
              <wa-button appearance="outlined" size="small" ?disabled=${this.shown === 0} @click=${() => this.#turn(0)}
                >Newest</wa-button
              >
              <span class="quiet small">${this.shown + 1} to ${this.shown + items.length} of ${total}</span>
              <wa-button
                appearance="outlined"
                size="small"
                ?disabled=${next === null}
                @click=${() => this.#turn(next ?? 0)}
                >Older</wa-button
              >
            </div>`
          : nothing
      }
    </section>`;
  }

  #row(entry: Transaction): TemplateResult {
    const { text, username, at, kind, contra, refundable } = entry;
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
              aria-label="Refund the payment of ${username}"
              @click=${() => (this.form = { kind: 'refund', id: crypto.randomUUID(), of: entry })}
              >Refund</wa-button
            >`
          : nothing
      }
    </li>`;
  }

  #form(data: TransactionsData): TemplateResult | typeof nothing {
    const { form } = this;
    if (!form) return nothing;
    const title = { payment: 'Record a payment', adjustment: 'Adjust a balance', refund: 'Refund a payment' }[
      form.kind
    ];
    const currency = form.kind === 'refund' ? form.of.currency : data.currency;
    return html`<form
      class="card"
      aria-labelledby="form"
      @submit=${(event: SubmitEvent) => this.#submit(event, form, currency)}
    >
      <h3 id="form">${title}</h3>
      <div class="fields">
        ${form.kind === 'refund' ? this.#refundFields(form.of) : this.#bookingFields(form.kind, data)}
      </div>
      <div class="row">
        <wa-button type="submit" variant="brand" ?loading=${this.busy === 'form'}>${title}</wa-button>
        <wa-button appearance="outlined" @click=${() => (this.form = null)}>Cancel</wa-button>
      </div>
    </form>`;
  }

  #bookingFields(kind: 'payment' | 'adjustment', { customers, currency, open }: TransactionsData): TemplateResult {
    const payment = kind === 'payment';
    return html`<label class="field"
        ><span>User</span>
        <select name="user" required>
          <option value="">Choose…</option>
          ${customers.map(({ id, username, balance }) => html`<option value=${id}>${username} (${formatMoney(balance, currency)})</option>`)}
        </select></label
      >
      <label class="field"
        ><span>Amount in ${currency}${payment ? '' : ', with − to take away'}</span>
        <input name="amount" inputmode=${payment ? 'decimal' : 'text'} required autocomplete="off"
      /></label>
      ${
        payment
          ? html`<label class="field"
              ><span>For</span>
              <select name="invoice">
                <option value="">The balance</option>
                ${open.map(({ id, username, due, currency: own }) => html`<option value=${id}>${id} of ${username}, ${formatMoney(due, own)}</option>`)}
              </select></label
            >`
          : nothing
      }
      <label class="field"><span>Note</span><input name="note" maxlength="200" ?required=${!payment} /></label>`;
  }

  #refundFields({ refundable, currency, username }: Transaction): TemplateResult {
    return html`<label class="field"
        ><span>Amount for ${username}, at most ${formatMoney(refundable, currency)}</span>
        <input name="amount" inputmode="decimal" required autocomplete="off" .value=${toInput(refundable, currency)}
      /></label>
      <label class="field"><span>Reason</span><input name="reason" maxlength="200" /></label>
      <label class="check"
        ><input type="checkbox" name="credit" /><span
          >Also take back what it paid for. Without it the refund comes out of the balance.</span
        ></label
      >`;
  }

  async #submit(event: SubmitEvent, form: OpenForm, currency: string): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const text = String(fields.get('amount')).trim();
    const negative = form.kind === 'adjustment' && /^[-−]/.test(text);
    const amount = parseMoney(negative ? text.slice(1) : text, currency);
    if (!amount) return this.fail(new Error(`“${text}” is no amount in ${currency}.`));
    if (form.kind === 'refund' && !(await this.#sureToRefund(form.of, amount))) return;
    const done = await this.act('form', () => this.#send(form, fields, negative ? -amount : amount));
    if (done) this.form = null;
  }

  async #send(form: OpenForm, fields: FormData, amount: number): Promise<string> {
    const { api } = this.sodium;
    const [user, note] = [fields.get('user'), fields.get('note')];
    if (form.kind === 'refund') {
      const [reason, credit] = [fields.get('reason'), fields.has('credit')];
      await api.post('/admin/refunds', { id: form.id, payment: form.of.payment, amount, reason, credit });
      return 'The refund is on its way.';
    }
    if (form.kind === 'adjustment') {
      await api.post('/admin/adjustments', { id: form.id, user, amount, note });
      return 'The balance was adjusted.';
    }
    await api.post('/admin/payments', { id: form.id, user, amount, note, invoice: fields.get('invoice') || null });
    return 'The payment was recorded.';
  }

  #sureToRefund({ username, currency }: Transaction, amount: number): Promise<boolean> {
    const title = `Refund ${formatMoney(amount, currency)} to ${username}?`;
    const message = 'A payment by Stripe goes back to where it came from. A refund cannot be taken back.';
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
