import { Router } from 'express';
import { z } from 'zod';
import type { AuditLog } from '../storage/index.js';
import { queryOf } from './http/body.js';

const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().regex(/^\d+$/).optional(),
});

/** `GET /api/admin/audit`: newest first. */
export function adminAuditRouter(audit: AuditLog): Router {
  const router = Router();
  router.get('/', async (req, res) => void res.json({ items: await audit.list(queryOf(req, auditQuery)) }));
  return router;
}
