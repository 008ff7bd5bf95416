import { json, Router } from 'express';
import { z } from 'zod';
import type { ServerService } from '../panel/servers/server-service.js';
import type { AccountService } from '../panel/users/account-service.js';
import type { AuditLog } from '../storage/index.js';
import { bodyOf, param } from './http/body.js';
import { actorOf, requireCaller } from './http/caller.js';

const suspendBody = z.object({ reason: z.string().max(300).optional() });

/** `/api/admin/servers`: everybody's servers. */
export function adminServersRouter(servers: ServerService, accounts: AccountService, audit: AuditLog): Router {
  const router = Router();
  router.get('/', (req, res) => {
    const items = servers.list(requireCaller(req).user);
    res.json({
      items: items.map((server) => ({ ...server, ownerName: accounts.get(server.owner)?.username ?? null })),
    });
  });
  router.post('/:id/suspend', json({ limit: '16kb' }), async (req, res) => {
    const { reason } = bodyOf(req, suspendBody);
    const server = await servers.suspend(requireCaller(req).user, param(req, 'id'), reason);
    await audit.append({ actor: actorOf(req), action: 'server.suspend', target: server.name, details: { reason } });
    res.json(server);
  });
  router.post('/:id/unsuspend', async (req, res) => {
    const server = await servers.unsuspend(requireCaller(req).user, param(req, 'id'));
    await audit.append({ actor: actorOf(req), action: 'server.unsuspend', target: server.name });
    res.json(server);
  });
  return router;
}
