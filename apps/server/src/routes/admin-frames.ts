import { Router } from 'express';
import { HttpError } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import type { FrameTokens } from '../plugins/preview/frame-tokens.js';
import { param } from './http/body.js';
import { requireCaller } from './http/caller.js';
import { FRAMES } from './http/frame-policy.js';

/** `/api/admin/plugins/:id/frames`: opens, prolongs and ends the frames that show a plugin's tabs in the admin area. */
export function adminFramesRouter(tokens: FrameTokens, manager: PluginManager): Router {
  const router = Router();
  router.post('/:id/frames', (req, res) => {
    const id = param(req, 'id');
    const running = manager.running(id);
    if (!running)
      throw new HttpError(
        409,
        'PLUGIN_NOT_ACTIVE',
        `"${id}" is not active, so it has no tabs to show. Activate it first.`,
        { plugin: id },
      );
    if (!manager.deps.consents.granted(id).includes('ui:admin')) {
      throw new HttpError(
        403,
        'PERMISSION_DENIED',
        `"${id}" may not show tabs in the admin area: it lacks the permission "ui:admin".`,
        { plugin: id },
      );
    }
    manager.noteShown(id, 'admin');
    const { token, expiresAt } = tokens.issue({
      kind: 'admin-tab',
      plugin: id,
      hash: running.hash,
      session: requireCaller(req).sessionId,
    });
    res.status(201).json({ token, url: `${FRAMES}/${token}/`, expiresAt: new Date(expiresAt).toISOString() });
  });
  router.put('/:id/frames/:token', (req, res) => {
    const prolonged = tokens.prolong(param(req, 'token'), requireCaller(req).sessionId);
    if (!prolonged) throw new HttpError(404, 'FRAME_ENDED', 'This frame has ended. Open it again.');
    res.json({ expiresAt: new Date(prolonged.expiresAt).toISOString() });
  });
  router.delete('/:id/frames/:token', (req, res) => {
    tokens.revoke(param(req, 'token'), requireCaller(req).sessionId);
    res.status(204).end();
  });
  return router;
}
