import { Router } from 'express';
import type { ServerService } from '../panel/servers/server-service.js';
import { requireCaller } from './http/caller.js';

/** `GET /api/templates`: what a server can be made from. */
export function templatesRouter(servers: ServerService): Router {
  const router = Router();
  router.get('/', (req, res) => {
    requireCaller(req);
    res.json({ items: servers.templates() });
  });
  return router;
}
