import { html, nothing, type TemplateResult } from 'lit';
import { formatMoney, parseMoney, toInput } from '../../money.js';
import type { Customer, InvoiceRow, Transaction } from '../../shapes.js';

/** A form that is open. Its id makes sending it twice harmless. */
export type OpenForm =
  | { kind: 'payment' | 'adjustment'; id: string; user: string; invoice: string }
  | { kind: 'refund'; id: string; of: Transaction };

/** What the form offers to choose from. */
export interface Choices {
  customers: readonly Customer[];
  currency: string;
  open: readonly InvoiceRow[];
}

/** A booking, ready to be sent. */
export interface Booking {
  path: string;
  body: { id: string; amount: number; [field: string]: unknown };
  said: string;
}

interface FormView {
  form: OpenForm;
  choices: Choices;
  busy: boolean;
  /** Why it was not booked. */
  problem: string;
  change(choice: { user?: string; invoice?: string }): void;
  submit(event: SubmitEvent): void;
  cancel(): void;
}

const TITLES = { payment: 'Record a payment', adjustment: 'Adjust a balance', refund: 'Refund a payment' } as const;

/** An invoice is paid in its own currency, whatever is set for new ones. */
export function currencyOf(form: OpenForm, { currency, open }: Choices): string {
  if (form.kind === 'refund') return form.of.currency;
  return open.find(({ id }) => id === form.invoice)?.currency ?? currency;
}

export function transactionForm(view: FormView): TemplateResult {
  const { form, choices, busy, problem, submit, cancel } = view;
  const title = TITLES[form.kind];
  return html`<form class="card" aria-labelledby="form" @submit=${submit}>
    <h3 id="form">${title}</h3>
    <div class="fields">
      ${form.kind === 'refund' ? refundFields(form.of) : bookingFields(form, choices, view.change)}
    </div>
    ${problem ? html`<p class="notice danger" role="alert">${problem}</p>` : nothing}
    <div class="row">
      <wa-button type="submit" variant="brand" ?loading=${busy}>${title}</wa-button>
      <wa-button appearance="outlined" @click=${cancel}>Cancel</wa-button>
    </div>
  </form>`;
}

function bookingFields(
  form: Exclude<OpenForm, { kind: 'refund' }>,
  choices: Choices,
  change: FormView['change'],
): TemplateResult {
  const payment = form.kind === 'payment';
  return html`<label class="field"
      ><span>User</span>
      <select
        name="user"
        required
        @change=${(event: Event) => change({ user: (event.target as HTMLSelectElement).value, invoice: '' })}
      >
        <option value="">Choose…</option>
        ${choices.customers.map(({ id, username, balance }) => html`<option value=${id}>${username} (${formatMoney(balance, choices.currency)})</option>`)}
      </select></label
    >
    ${payment ? invoiceField(form, choices, change) : nothing}
    <label class="field"
      ><span>Amount in ${currencyOf(form, choices)}${payment ? '' : ', with − to take away'}</span>
      <input name="amount" inputmode=${payment ? 'decimal' : 'text'} required autocomplete="off"
    /></label>
    <label class="field"
      ><span>${payment ? 'Note' : 'Reason'}</span><input name="note" maxlength="200" ?required=${!payment}
    /></label>`;
}

function invoiceField(
  { user }: Exclude<OpenForm, { kind: 'refund' }>,
  { open }: Choices,
  change: FormView['change'],
): TemplateResult {
  const own = open.filter((invoice) => invoice.user === user);
  return html`<label class="field"
    ><span>For</span>
    <select name="invoice" @change=${(event: Event) => change({ invoice: (event.target as HTMLSelectElement).value })}>
      <option value="">The balance</option>
      ${own.map(({ id, due, currency }) => html`<option value=${id}>${id}, ${formatMoney(due, currency)}</option>`)}
    </select></label
  >`;
}

function refundFields({ refundable, currency, username }: Transaction): TemplateResult {
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

/** What was filled in, as a booking. Throws with what is wrong with it. */
export function bookingOf(form: OpenForm, fields: FormData, currency: string): Booking {
  const text = String(fields.get('amount')).trim();
  const negative = form.kind === 'adjustment' && /^[-−]/.test(text);
  const amount = parseMoney(negative ? text.slice(1) : text, currency);
  if (!amount)
    throw new Error(`“${text}” is no amount in ${currency}. Write it like ${toInput(1250, currency)}, without a sign.`);
  const { id } = form;
  if (form.kind === 'refund') {
    const [reason, credit] = [fields.get('reason'), fields.has('credit')];
    const said = form.of.contra === 'stripe' ? 'The refund is on its way.' : 'The refund was booked.';
    return { path: '/admin/refunds', body: { id, payment: form.of.payment, amount, reason, credit }, said };
  }
  const common = { id, user: fields.get('user'), note: fields.get('note') };
  if (form.kind === 'adjustment') {
    const body = { ...common, amount: negative ? -amount : amount };
    return { path: '/admin/adjustments', body, said: 'The balance was adjusted.' };
  }
  const body = { ...common, amount, invoice: fields.get('invoice') || null };
  return { path: '/admin/payments', body, said: 'The payment was recorded.' };
}
