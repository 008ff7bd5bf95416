import type { PluginRequest, Router } from '@sodium/sdk';
import * as z from 'zod';
import { MOST_MINOR } from '../money.js';
import type { Customer, Transaction } from '../shapes.js';
import type { Billing } from './billing.js';
import { currencyOf, Fault } from './context.js';
import { planPatchSchema, planSchema } from './plans.js';
import { revenueOf } from './revenue.js';
import { answer, customer, param, read } from './routes.js';

const id = z.uuid('The id must be a new UUID, so that sending the form twice books it once.');
const userField = z.string().min(1, 'Choose a user.').max(80);
const paymentSchema = z.object({
  id,
  user: userField,
  amount: z.int().min(1, 'The amount must be more than nothing.').max(MOST_MINOR),
  invoice: z.string().max(80).nullish(),
  note: z.string().trim().max(200).default(''),
});
const adjustmentSchema = z.object({
  id,
  user: userField,
  amount: z
    .int()
    .min(-MOST_MINOR)
    .max(MOST_MINOR)
    .refine((amount) => amount !== 0, 'The amount must not be nothing.'),
  note: z.string().trim().min(1, 'Say what the adjustment is for.').max(200),
});
const refundSchema = z.object({
  id,
  payment: z.string().max(80),
  amount: z.int().min(1, 'The amount must be more than nothing.').max(MOST_MINOR),
  reason: z.string().trim().max(200).default(''),
  credit: z.boolean().default(false),
});
const PAGE = 50;

function pageOf<T>(all: readonly T[], { query }: PluginRequest): { items: T[]; total: number; next: number | null } {
  const offset = Math.max(0, Math.trunc(Number(query.offset ?? 0)) || 0);
  const end = offset + PAGE;
  return { items: all.slice(offset, end), total: all.length, next: end < all.length ? end : null };
}

/** What administrators do. Mounted behind `requireAdmin`. */
export function adminRoutes(router: Router, billing: Billing): void {
  const { plans, invoices, payments, ledger, subscriptions, checkout, context } = billing;

  router.get(
    '/admin/plans',
    answer(() => {
      const active = subscriptions.active();
      const items = plans
        .all()
        .map((plan) => ({ ...plan, subscribers: active.filter((one) => one.plan === plan.id).length }));
      return { items, currency: currencyOf(context), cycle: context.config.get('billing_cycle') };
    }),
  );
  router.post('/admin/plans', answer((req, res) => res.status(201).json(plans.add(read(planSchema, req.body))))); // prettier-ignore
  router.patch('/admin/plans/:id', answer((req) => plans.change(param(req, 'id'), read(planPatchSchema, req.body)))); // prettier-ignore

  router.get(
    '/admin/revenue',
    answer(() => {
      const books = {
        entries: ledger.all(),
        open: invoices.open(),
        active: subscriptions.active(),
        plans: plans.all(),
      };
      return { ...revenueOf(books, currencyOf(context), context.now()), stripe: billing.stripe.configured };
    }),
  );

  router.get('/admin/customers', answer(async () => ({ items: await customers(billing), currency: currencyOf(context) }))); // prettier-ignore

  router.get(
    '/admin/transactions',
    answer(async (req) => {
      const names = new Map((await context.users.list()).map((user) => [user.id, user.username]));
      const of = String(req.query.user ?? '');
      const page = pageOf((of ? ledger.of(of) : ledger.all()).reverse(), req);
      const items = page.items.map((entry): Transaction => {
        const payment = entry.kind === 'payment' ? payments.get(entry.payment) : null;
        const username = names.get(entry.user) ?? 'Deleted account';
        return { ...entry, username, refundable: payment ? payments.refundable(payment) : 0 };
      });
      return { ...page, items };
    }),
  );

  router.get(
    '/admin/invoices',
    // However old an open one is, it can still be paid or voided.
    answer((req) => (req.query.status === 'open' ? { items: invoices.open().reverse() } : pageOf(invoices.all(), req))),
  );
  router.post('/admin/invoices/:id/void', answer(async (req) => {
    const invoice = invoices.void(param(req, 'id'));
    await billing.afterPayment(invoice.user);
    return invoice;
  })); // prettier-ignore

  router.post(
    '/admin/payments',
    answer(async (req, res) => {
      const input = read(paymentSchema, req.body);
      const { username } = await customer(billing, input.user);
      const invoice = input.invoice ? invoices.require(input.invoice) : null;
      if (invoice && invoice.user !== input.user)
        throw new Fault(400, 'OTHER_CUSTOMER', `Invoice ${invoice.id} is of ${invoice.username}. Choose that user.`);
      const currency = invoice?.currency ?? currencyOf(context);
      const payment = payments.recordManual({ ...input, username, currency, invoice: invoice?.id ?? null });
      await billing.afterPayment(input.user);
      return res.status(201).json(payment);
    }),
  );

  router.post(
    '/admin/adjustments',
    answer(async (req, res) => {
      const { id: key, user, amount, note } = read(adjustmentSchema, req.body);
      await customer(billing, user);
      const currency = currencyOf(context);
      ledger.book({
        id: `adjustment:${key}`,
        user,
        amount,
        currency,
        kind: 'adjustment',
        contra: 'goodwill',
        text: note,
      });
      invoices.settle(user, currency);
      await billing.afterPayment(user);
      return res.status(201).json({ balance: ledger.balance(user, currency) });
    }),
  );

  router.post(
    '/admin/refunds',
    answer(async (req, res) => {
      const refund = payments.openRefund(read(refundSchema, req.body));
      await checkout.sendRefund(refund);
      return res.status(201).json(payments.refundsOf(refund.payment).find((one) => one.id === refund.id));
    }),
  );
}

async function customers({ context, ledger, subscriptions }: Billing): Promise<Customer[]> {
  const currency = currencyOf(context);
  const users = await context.users.list();
  return users.map(({ id: user, username, email }) => ({
    id: user,
    username,
    email,
    currency,
    balance: ledger.balance(user, currency),
    planName: subscriptions.activeOf(user)?.planName ?? null,
  }));
}
