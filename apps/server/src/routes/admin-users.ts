import { json, Router } from 'express';
import { adminUserCreateSchema, adminUserPatchSchema } from '@sodium/contract';
import { notFound } from '../http-error.js';
import type { AccountService } from '../panel/users/account-service.js';
import type { ServerService } from '../panel/servers/server-service.js';
import type { AuditLog } from '../storage/index.js';
import { bodyOf, param } from './http/body.js';
import { actorOf } from './http/caller.js';

/** `/api/admin/users`. */
export function adminUsersRouter(accounts: AccountService, servers: ServerService, audit: AuditLog): Router {
  const router = Router();
  const parse = json({ limit: '16kb' });
  router.get('/', (_req, res) => {
    res.json({ items: accounts.list().map((user) => ({ ...user, serverCount: servers.ownedBy(user.id).length })) });
  });
  router.post('/', parse, async (req, res) => {
    const user = await accounts.create(bodyOf(req, adminUserCreateSchema));
    await audit.append({
      actor: actorOf(req),
      action: 'user.create',
      target: user.username,
      details: { role: user.role },
    });
    res.status(201).json(user);
  });
  router.patch('/:id', parse, async (req, res) => {
    const before = accounts.get(param(req, 'id'));
    if (!before) throw notFound('user', param(req, 'id'));
    const patch = bodyOf(req, adminUserPatchSchema);
    const user = await accounts.updateAny(before.id, patch);
    await audit.append({
      actor: actorOf(req),
      action: 'user.update',
      target: user.username,
      details: { before: before.role, after: user.role, passwordChanged: patch.password !== undefined },
    });
    res.json(user);
  });
  router.delete('/:id', async (req, res) => {
    const before = accounts.get(param(req, 'id'));
    if (!before) throw notFound('user', param(req, 'id'));
    await accounts.delete(before.id);
    await audit.append({ actor: actorOf(req), action: 'user.delete', target: before.username });
    res.status(204).end();
  });
  return router;
}
