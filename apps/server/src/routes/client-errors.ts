import { json, Router } from 'express';
import { z } from 'zod';
import type { PluginManager } from '../plugins/manager.js';
import { bodyOf } from './http/body.js';
import { requireCaller } from './http/caller.js';

export const clientErrorSchema = z.object({
  plugin: z.string().max(60),
  version: z.string().max(60),
  message: z.string().max(1000),
  stack: z.string().max(4000).optional(),
  where: z.string().max(200).optional(),
});

const REPORTS_A_MINUTE = 20;

/** `POST /api/client-errors`: what failed in somebody's browser, for the log of the plugin that caused it. */
export function clientErrorsRouter(manager: PluginManager): Router {
  const recent = new Map<string, { since: number; count: number }>();
  const router = Router();
  router.post('/', json({ limit: '16kb' }), (req, res) => {
    const { user } = requireCaller(req);
    const report = bodyOf(req, clientErrorSchema);
    if (manager.running(report.plugin) && within(recent, `${user.id} ${report.plugin}`)) {
      const where = report.where ? ` in ${report.where}` : '';
      const text = `${report.message}${where} (browser of ${user.username}, version ${report.version})${report.stack ? `\n${report.stack}` : ''}`;
      manager.logOf(report.plugin).add({ at: Date.now(), level: 'error', source: 'plugin', text });
    }
    res.status(204).end();
  });
  return router;
}

function within(recent: Map<string, { since: number; count: number }>, key: string): boolean {
  const now = Date.now();
  const entry = recent.get(key);
  if (!entry || now - entry.since > 60_000) {
    if (recent.size > 1000) recent.clear();
    recent.set(key, { since: now, count: 1 });
    return true;
  }
  entry.count += 1;
  return entry.count <= REPORTS_A_MINUTE;
}
