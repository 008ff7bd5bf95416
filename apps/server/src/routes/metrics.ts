import { Router, type RequestHandler } from 'express';
import { HttpError } from '../http-error.js';
import type { PanelMetrics } from '../plugins/metrics.js';
import { SHORTEST_TOKEN, type MetricsToken } from './http/metrics-token.js';

/** `/metrics` for Prometheus: with its bearer token, or as an admin. */
export function metricsRouter(metrics: PanelMetrics, token: MetricsToken, requireAdmin: RequestHandler): Router {
  const router = Router();
  router.get(
    '/',
    (req, res, next) => {
      if (req.headers.authorization === undefined) return void requireAdmin(req, res, next);
      const given = /^Bearer (.+)$/i.exec(req.headers.authorization)?.[1];
      if (given === undefined || !token.holds(given))
        throw new HttpError(
          401,
          'WRONG_TOKEN',
          `The bearer token is not the one made in the admin area, nor "metrics.token" in config.json, which needs ${SHORTEST_TOKEN} characters or more.`,
        );
      next();
    },
    async (_req, res) => {
      const text = await metrics.read();
      res.set('Content-Type', metrics.contentType).send(text);
    },
  );
  return router;
}
