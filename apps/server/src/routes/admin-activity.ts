import { Router, type Request } from 'express';
import { z } from 'zod';
import { HttpError, notFound } from '../http-error.js';
import type { PluginHistory } from '../plugins/activity/plugin-history.js';
import { dataSizes } from '../plugins/install/data-sizes.js';
import type { PluginManager } from '../plugins/manager.js';
import { followLog, type LogAudience } from './follow-log.js';
import { param, queryOf } from './http/body.js';
import { actorOf } from './http/caller.js';

const truth = z.enum(['', '1', 'true']).transform(() => true);
const count = z.coerce.number().int().min(0);
const logsQuery = z.object({
  level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  q: z.string().max(200).optional(),
  after: count.optional(),
  before: count.optional(),
  limit: count.min(1).max(1000).default(1000),
  follow: truth.optional(),
});

/** `/api/admin/plugins/:id/…`: what a plugin does and costs: log, figures, requests, tasks. */
export function adminActivityRouter(manager: PluginManager, history: PluginHistory, audience: LogAudience): Router {
  const router = Router();
  const existing = (req: Request): string => {
    const id = param(req, 'id');
    if (!manager.exists(id)) throw notFound('plugin', id);
    return id;
  };

  router.get('/:id/logs', (req, res) => {
    const ring = manager.logOf(existing(req));
    const { limit, follow, ...filter } = queryOf(req, logsQuery);
    if (follow) followLog(req, res, ring, filter.after ?? ring.last, audience);
    else res.json(ring.search(filter, limit));
  });
  router.get('/:id/metrics', async (req, res) => {
    const id = existing(req);
    const instance = manager.running(id)?.instance;
    res.json({
      process: instance?.state ?? null,
      metrics: instance?.metrics() ?? null,
      data: await dataSizes(manager, id),
      history: history.list(id),
    });
  });
  router.get('/:id/egress', (req, res) => {
    const id = existing(req);
    res.json({ items: manager.deps.egress.list(id), allowed: manager.deps.egress.allowedHosts(id) });
  });
  router.get('/:id/crons', (req, res) => {
    res.json({ items: manager.deps.crons.list(existing(req)) });
  });
  router.post('/:id/crons/:name/run', async (req, res) => {
    const [id, name] = [existing(req), param(req, 'name')];
    if (!manager.deps.crons.has(id, name)) throw notFound(`cron task of the plugin "${id}"`, name);
    const actor = actorOf(req);
    const run = await manager.deps.crons.fire(id, name, actor.username);
    if (!run) throw new HttpError(409, 'CRON_RUNNING', `"${name}" is running already.`, { plugin: id });
    await manager.record({ actor, action: 'plugin.task', target: id, details: { task: name, ok: run.ok } });
    res.json(run);
  });
  return router;
}
