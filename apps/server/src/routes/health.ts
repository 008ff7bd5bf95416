import { Router } from 'express';

/** For supervisors and load balancers. Ready: folders are discovered and active plugins have settled. */
export function healthRouter(isReady: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => void res.json({ status: 'ok' }));
  router.get(
    '/readyz',
    (_req, res) => void res.status(isReady() ? 200 : 503).json({ status: isReady() ? 'ready' : 'starting' }),
  );
  return router;
}
