import { json, Router } from 'express';
import { z } from 'zod';
import type { SystemStatus } from '@sodium/contract';
import type { AuditLog, ConfigFile } from '../storage/index.js';
import { bodyOf } from './http/body.js';
import { actorOf } from './http/caller.js';

const patchBody = z.object({ registration: z.boolean() });

/** `/api/admin/system`: how the panel is, and its own few switches. */
export function adminSystemRouter(status: () => SystemStatus, config: ConfigFile, audit: AuditLog): Router {
  const router = Router();
  router.get('/', (_req, res) => void res.json(status()));
  router.patch('/', json({ limit: '16kb' }), async (req, res) => {
    const { registration } = bodyOf(req, patchBody);
    const before = config.get().auth.registration;
    await config.update((draft) => {
      draft.auth.registration = registration;
    });
    await audit.append({ actor: actorOf(req), action: 'system.registration', details: { before, after: registration } });
    res.json(status());
  });
  return router;
}
