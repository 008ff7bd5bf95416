import { createHash, timingSafeEqual } from 'node:crypto';
import { Router, type Request, type RequestHandler } from 'express';
import { HttpError } from '../http-error.js';
import type { PanelMetrics } from '../plugins/metrics.js';

/** What is shorter could be guessed, and opens nothing. */
const SHORTEST_TOKEN = 16;

/** `/metrics` for Prometheus: with the bearer token of the configuration, or as an admin. */
export function metricsRouter(
  metrics: PanelMetrics,
  tokenOf: () => string | undefined,
  requireAdmin: RequestHandler,
): Router {
  const router = Router();
  router.get(
    '/',
    (req, res, next) => {
      if (req.headers.authorization === undefined) return void requireAdmin(req, res, next);
      if (!holdsToken(req, tokenOf()))
        throw new HttpError(
          401,
          'WRONG_TOKEN',
          `The bearer token is not the one of "metrics.token" in config.json, which has ${SHORTEST_TOKEN} characters or more.`,
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

function holdsToken(req: Request, token: string | undefined): boolean {
  const given = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  return (
    token !== undefined &&
    token.length >= SHORTEST_TOKEN &&
    given !== undefined &&
    timingSafeEqual(digest(given), digest(token))
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
