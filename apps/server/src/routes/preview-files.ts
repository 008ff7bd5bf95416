import path from 'node:path';
import { Router } from 'express';
import { notFound } from '../http-error.js';
import type { Previews } from '../plugins/preview/previews.js';
import { param } from './http/body.js';
import { callerOf } from './http/caller.js';
import { SEALED } from './plugin-files.js';

/**
 * `/plugins/:id/:hash/*` of a theme that an admin tries on their own session. A theme holds no code; of every other
 * plugin that is not active, nothing is ever given out on the panel's own origin.
 */
export function previewFilesRouter(previews: Previews): Router {
  const router = Router();
  router.get('/:id/:hash/*path', async (req, res) => {
    const [id, hash] = [param(req, 'id'), param(req, 'hash')];
    const file = ([] as string[]).concat(req.params.path ?? []).join('/');
    const session = callerOf(req)?.sessionId;
    const preview = session === undefined ? null : previews.find(session, id);
    const tried = preview?.hash === hash && preview.manifest.type === 'theme' ? preview : null;
    const bytes = await tried?.readFile(file);
    if (!bytes) throw notFound('plugin file', `${id}/${hash}/${file}`);
    res.set({
      'Content-Security-Policy': SEALED,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    res.type(path.extname(file) || 'bin').send(Buffer.from(bytes));
  });
  return router;
}
