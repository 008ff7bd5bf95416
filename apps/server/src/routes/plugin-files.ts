import { Router } from 'express';
import { notFound } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import { isForBrowsers } from '../plugins/package/browser-files.js';
import { param } from './http/body.js';

/** A file opened by itself shows nothing and runs nothing: SVG and HTML are documents too. */
export const SEALED = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** `/plugins/:id/:hash/*`: what browsers load of an active plugin. The hash names the content, so it never goes stale. */
export function pluginFilesRouter(manager: PluginManager): Router {
  const router = Router();
  router.get('/:id/:hash/*path', (req, res, next) => {
    const [id, hash] = [param(req, 'id'), param(req, 'hash')];
    const file = ([] as string[]).concat(req.params.path ?? []).join('/');
    const shown = manager.shown(id);
    // An admin may be trying it.
    if (shown?.hash !== hash || !isForBrowsers(shown, file)) return next();
    res.set({
      'Content-Security-Policy': SEALED,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    res.sendFile(
      file,
      { root: manager.deps.packages.folder(id, hash), immutable: true, maxAge: '1y', dotfiles: 'deny' },
      (error) => {
        if (error && !res.headersSent) next(notFound('plugin file', file));
      },
    );
  });
  return router;
}
