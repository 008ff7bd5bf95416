import { definePlugin } from '@sodium/sdk';
import * as z from 'zod';
import { adminRoutes } from './server/admin-routes.js';
import { Delivery } from './server/delivery.js';
import { listen } from './server/listen.js';
import { Queue } from './server/queue.js';
import type { NewEvent } from './server/queued-event.js';
import { Rules } from './server/rules.js';

const CRON_WAIT_MS = 20_000;

/** What other plugins say with `sodium.plugins.call('discord-alerts', 'notify', alert)`. */
const alertSchema = z.object({
  /** The same id again is the same alert, while it waits. */
  id: z.string().min(1).max(200).optional(),
  title: z.string().trim().min(1).max(200),
  text: z.string().trim().max(1500).default(''),
  source: z.string().trim().max(80).default('a plugin'),
  level: z.enum(['info', 'warning', 'danger']).default('info'),
});

export default definePlugin((sodium) => {
  const { db, config, logger, cron, http, auth } = sodium;
  const context = { db, config, logger, now: () => Date.now() };
  const queue = new Queue(context);
  const rules = new Rules(context);
  const delivery = new Delivery(context, queue, rules);

  const tell = (event: NewEvent): boolean => {
    if (!rules.isOn(event.kind)) return false;
    const added = queue.add(event);
    if (added) delivery.wake();
    return added;
  };

  listen(sodium, tell);
  config.onChange(() => delivery.wake());

  // Timers do what is due while the process lives; this is for what they left behind when it ended.
  cron.register('deliver', '*/10 * * * *', async () => {
    queue.prune();
    await Promise.race([delivery.run(), new Promise((resolve) => setTimeout(resolve, CRON_WAIT_MS))]);
  });

  http.registerRoutes((router) => {
    router.use('/admin', auth.requireAdmin);
    adminRoutes(router, context, delivery);
  });

  return {
    testSettings: () => delivery.test(),
    notify(alert: unknown): boolean {
      const { id, title, text, source, level } = alertSchema.parse(alert);
      const own = id === undefined ? {} : { id: `alert:${id}` };
      return tell({ ...own, kind: 'alert', at: Date.now(), subject: 'alert', values: { title, text, source }, level });
    },
  };
});
