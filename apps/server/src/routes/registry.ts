import { json, Router, type Request } from 'express';
import { z } from 'zod';
import { sidebarEntriesSchema } from '@sodium/contract';
import type { HookUser } from '@sodium/sdk';
import type { PluginRegistry } from '../plugins/registry.js';
import { bodyOf } from './http/body.js';
import { requireCaller } from './http/caller.js';

const sidebarBody = z.object({ items: sidebarEntriesSchema });

/** `/api/registry`: the active plugins, for this session, and what they make of the sidebar. */
export function registryRouter(registry: PluginRegistry): Router {
  const router = Router();
  router.get('/', (req, res) => {
    const { registry: content, etag } = registry.snapshot(requireCaller(req).user.role);
    res.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    if (req.fresh) res.status(304).end();
    else res.json(content);
  });
  router.post('/sidebar', authenticated, json({ limit: '256kb' }), async (req, res) => {
    const { items } = bodyOf(req, sidebarBody);
    res.json({ items: await registry.filterSidebar(hookUserOf(req), items) });
  });
  return router;
}

/** `GET /api/admin/tabs`: the tabs that plugins add to the admin area. */
export function adminTabsRouter(registry: PluginRegistry): Router {
  const router = Router();
  router.get('/', async (req, res) => void res.json({ items: await registry.adminTabs(hookUserOf(req)) }));
  return router;
}

const authenticated = (req: Request, _res: unknown, next: () => void): void => {
  requireCaller(req);
  next();
};

function hookUserOf(req: Request): HookUser {
  const { id, username, role } = requireCaller(req).user;
  return { id, username, role };
}
