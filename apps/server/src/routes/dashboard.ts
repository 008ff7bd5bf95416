import { json, Router } from 'express';
import { dashboardLayoutSchema } from '@sodium/contract';
import type { PreferenceService } from '../panel/users/preference-service.js';
import { bodyOf } from './http/body.js';
import { requireCaller } from './http/caller.js';

/** `/api/account/dashboard`: which widgets a user sees, in which order and how large. */
export function dashboardRouter(preferences: PreferenceService): Router {
  const router = Router();
  router.get('/', (req, res) => void res.json(preferences.dashboard(requireCaller(req).user.id)));
  router.put('/', json({ limit: '64kb' }), async (req, res) => {
    const { user } = requireCaller(req);
    res.json(await preferences.arrangeDashboard(user.id, bodyOf(req, dashboardLayoutSchema)));
  });
  return router;
}
