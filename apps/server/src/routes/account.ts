import { json, Router } from 'express';
import { accountPatchSchema } from '@sodium/contract';
import { notFound } from '../http-error.js';
import type { AccountService } from '../panel/users/account-service.js';
import type { SessionService } from '../panel/users/session-service.js';
import { bodyOf, param } from './http/body.js';
import { requireCaller } from './http/caller.js';

/** `/api/account`: one's own account and where it is logged in. */
export function accountRouter(accounts: AccountService, sessions: SessionService): Router {
  const router = Router();
  router.use((req, _res, next) => {
    requireCaller(req);
    next();
  });
  router.patch('/', json({ limit: '16kb' }), async (req, res) => {
    const { user, sessionId } = requireCaller(req);
    res.json(
      await accounts.updateOwn(user.id, bodyOf(req, accountPatchSchema), { session: sessionId, ip: req.ip ?? '' }),
    );
  });
  router.get('/sessions', (req, res) => {
    const { user, sessionId } = requireCaller(req);
    res.json({ items: sessions.list(user.id).map((item) => ({ ...item, current: item.id === sessionId })) });
  });
  router.delete('/sessions/:session', async (req, res) => {
    const ended = await sessions.endNamed(requireCaller(req).user.id, param(req, 'session'));
    if (!ended) throw notFound('session', param(req, 'session'));
    res.status(204).end();
  });
  return router;
}
