import { Router } from 'express';
import type { PluginRegistry } from '../plugins/registry.js';
import { requireCaller } from './http/caller.js';

/** `GET /api/registry`: the active plugins, for this session. */
export function registryRouter(registry: PluginRegistry): Router {
  const router = Router();
  router.get('/', (req, res) => {
    requireCaller(req);
    const { items, etag } = registry.snapshot();
    res.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (req.fresh) res.status(304).end();
    else res.json({ items });
  });
  return router;
}
