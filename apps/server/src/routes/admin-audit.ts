import { Router } from 'express';
import { z } from 'zod';
import type { AuditLog } from '../storage/index.js';
import { queryOf } from './http/body.js';

const word = z.string().trim().min(1).max(200).optional();
const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().regex(/^\d+$/).optional(),
  /** A name. */
  actor: word,
  /** An action, or with a dot at its end all that begin so: `plugin.`. */
  action: word,
  target: word,
  /** Anywhere in the entry. */
  q: word,
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});

/** `GET /api/admin/audit`: newest first. */
export function adminAuditRouter(audit: AuditLog): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { limit, before, ...filter } = queryOf(req, auditQuery);
    res.json({ items: await audit.list({ limit, before, filter }) });
  });
  return router;
}
