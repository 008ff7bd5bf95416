import { Router } from 'express';
import { operations } from '../plugins/activity/operations.js';
import type { PluginHistory } from '../plugins/activity/plugin-history.js';
import type { PluginManager } from '../plugins/manager.js';

/** `GET /api/admin/operations`: how all plugins do, those that need a look first. */
export function adminOperationsRouter(manager: PluginManager, history: PluginHistory): Router {
  const router = Router();
  router.get('/', (_req, res) => void res.json(operations(manager, history)));
  return router;
}
