import { definePlugin } from '@sodium/sdk';
import { adminRoutes } from './server/admin-routes.js';
import { Billing } from './server/billing.js';
import { answer, explainFaults } from './server/routes.js';
import { userRoutes } from './server/user-routes.js';

/** One MiB or 0 for "no limit": what a plan and a draft allow together. */
const tighter = (asked: number | undefined, allowed: number): number => (asked ? Math.min(asked, allowed) : allowed);

export default definePlugin((sodium) => {
  const { db, config, logger, servers, users } = sodium;
  const billing = new Billing({ db, config, logger, servers, users, now: () => Date.now() });
  const { standings, subscriptions, usage, suspensions, events } = billing;

  sodium.hooks.on('server:beforeCreate', (ctx) => {
    if (standings.isExempt(ctx.user)) return;
    const reason = standings.refuseCreate(ctx.user.id, ctx.user.serverCount);
    if (reason) return ctx.deny(reason);
    const { memoryMb } = subscriptions.activeOf(ctx.user.id)!;
    if (memoryMb > 0)
      ctx.server.limits = { ...ctx.server.limits, memoryMb: tighter(ctx.server.limits.memoryMb, memoryMb) };
  });

  // Who pays is the owner, whoever presses the button.
  sodium.hooks.on('server:beforeStart', async (ctx) => {
    const { owner } = ctx.server;
    const user = owner === ctx.user.id ? ctx.user : await users.get(owner);
    if (user && standings.isExempt(user)) return;
    const reason = standings.refuseStart(owner);
    if (reason) ctx.deny(reason);
  });

  sodium.hooks.on('server:resourceUsage', async ({ server }) => {
    const subscription = subscriptions.activeOf(server.owner);
    if (!subscription) return;
    const exempt = config.get('exempt_admins') === true && (await users.get(server.owner))?.role === 'admin';
    if (!exempt) usage.record(server, subscription);
  });

  sodium.hooks.on('server:onDelete', ({ server }) => {
    usage.forget(server.id);
    suspensions.forget(server.id);
  });

  sodium.cron.register('cycle', '*/10 * * * *', () => billing.runCycle());
  sodium.cron.register('review', '5-55/10 * * * *', () => billing.runReview());
  sodium.cron.register('reconcile', '2-52/10 * * * *', () => billing.checkout.reconcile());

  sodium.http.registerRoutes((router) => {
    router.post(
      '/webhooks/stripe',
      answer(async (req) => {
        const { result, users: paid } = await events.receive(req.get('stripe-signature'), req.rawBody);
        for (const user of paid) await billing.afterPayment(user);
        return { received: true, result };
      }),
    );
    router.use('/admin', sodium.auth.requireAdmin);
    adminRoutes(router, billing);
    userRoutes(router, billing);
    router.use(explainFaults(logger));
  });
});
