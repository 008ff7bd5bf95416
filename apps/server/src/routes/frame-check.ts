import { createHash } from 'node:crypto';
import { Router } from 'express';
import { FRAMES, originOf } from './http/frame-policy.js';

const SCRIPT = `fetch('answer').then(() => 'open', () => 'closed').then((found) => parent.postMessage({ allowlist: found }, '*'))`;
const HASH = createHash('sha256').update(SCRIPT).digest('base64');

/**
 * Tells the admin area whether its browser keeps to `Connection-Allowlist`: a frame without any plugin tries a
 * connection that this header alone forbids. Where it goes through, previews show made-up data.
 */
export function frameCheckRouter(): Router {
  const router = Router();
  router.get('/check/', (req, res) => {
    res.set(
      'Content-Security-Policy',
      `default-src 'none'; script-src 'sha256-${HASH}'; connect-src ${originOf(req)}${FRAMES}/check/; frame-ancestors 'self'; sandbox allow-scripts`,
    );
    res.type('html').send(`<!doctype html><title>Check</title><script>${SCRIPT}</script>`);
  });
  router.get('/check/answer', (_req, res) => void res.status(204).end());
  return router;
}
