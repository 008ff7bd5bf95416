import type { Router } from '@sodium/sdk';
import * as z from 'zod';
import { MOST_MINOR } from '../money.js';
import type { Billing } from './billing.js';
import { notFound } from './context.js';
import type { StoredPayment } from './payments.js';
import { answer, customer, originOf, param, read, serversOf, userId } from './routes.js';

const subscribeSchema = z.object({ plan: z.string().max(80) });
const checkoutSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('topup'),
    amount: z.int().min(1, 'The amount must be more than nothing.').max(MOST_MINOR),
  }),
  z.object({ kind: z.literal('invoice'), invoice: z.string().max(80) }),
]);
const NEWEST_ENTRIES = 100;

/** What users see and do: their own account and nothing else. */
export function userRoutes(router: Router, billing: Billing): void {
  const { plans, subscriptions, invoices, ledger, payments, checkout, context } = billing;

  router.get('/summary', answer(async (req) => billing.summary(userId(req), (await serversOf(billing, userId(req))).length))); // prettier-ignore

  router.get('/unpaid', answer((req) => ({ count: invoices.of(userId(req)).filter(({ due }) => due > 0).length }))); // prettier-ignore

  router.get('/plans', answer((req) => ({ items: plans.offered(), subscription: subscriptions.activeOf(userId(req)) }))); // prettier-ignore

  router.post(
    '/subscription',
    answer(async (req) => {
      const { plan: id } = read(subscribeSchema, req.body);
      const [who, servers] = await Promise.all([customer(billing, userId(req)), serversOf(billing, userId(req))]);
      const plan = plans.get(id);
      if (!plan) throw notFound('plan', id);
      const result = subscriptions.subscribe(who, plan, servers.length);
      await billing.suspensions.reviewOf(who.id);
      return result;
    }),
  );

  router.delete('/subscription', answer((req) => ({ subscription: subscriptions.cancel(userId(req)) }))); // prettier-ignore

  router.get(
    '/invoices',
    answer((req) => ({ items: invoices.of(userId(req)) })),
  );

  router.get(
    '/invoices/:id',
    answer((req) => {
      const invoice = invoices.get(param(req, 'id'));
      // Somebody else's invoice answers like one that does not exist.
      if (!invoice || (invoice.user !== userId(req) && req.user!.role !== 'admin'))
        throw notFound('invoice', param(req, 'id'));
      const { config } = context;
      const seller = { company: config.get('company') ?? '', note: config.get('invoice_note') ?? '' };
      const online = billing.stripe.configured && invoice.user === userId(req);
      return { ...invoice, due: invoices.due(invoice), seller, online };
    }),
  );

  router.get('/ledger', answer((req) => ({ items: ledger.of(userId(req)).reverse().slice(0, NEWEST_ENTRIES) }))); // prettier-ignore

  router.post(
    '/checkout',
    answer(async (req, res) => {
      const target = read(checkoutSchema, req.body);
      const begun = await checkout.begin(await customer(billing, userId(req)), target, originOf(req));
      return res.status(201).json(begun);
    }),
  );

  router.get(
    '/payments/:id',
    answer(async (req) => {
      const payment = payments.get(param(req, 'id'));
      if (!payment || payment.user !== userId(req)) throw notFound('payment', param(req, 'id'));
      const fresh = await checkout.refresh(payment).catch(() => payment);
      if (fresh.status === 'succeeded' && payment.status !== 'succeeded') await billing.afterPayment(payment.user);
      return shown(fresh);
    }),
  );

  router.get(
    '/servers/:id/usage',
    answer(async (req) => {
      // The panel's ids have at most 64 characters.
      const server = await context.servers.get(param(req, 'id').slice(0, 64));
      if (!server || (server.owner !== userId(req) && req.user!.role !== 'admin'))
        throw notFound('server', param(req, 'id'));
      return billing.serverUsage(server, userId(req));
    }),
  );
}

const shown = ({ id, amount, currency, status, invoice }: StoredPayment): object => ({
  id,
  amount,
  currency,
  status,
  invoice,
});
