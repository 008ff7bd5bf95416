import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpError } from '../../http-error.js';
import { callerOf } from './caller.js';

const MINUTE_MS = 60_000;

/** A logged-in user counts as one caller wherever they are; everybody else by address. */
function callerKey(req: Request): string {
  return callerOf(req)?.user.id ?? ipKeyGenerator(req.ip ?? '');
}

function limiter(limit: number, keyOf: (req: Request) => string, what: (req: Request) => string): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: keyOf,
    handler: (req, _res, next, options) => {
      const reset = (req as Request & { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime;
      const retryAfter = reset ? (reset.getTime() - Date.now()) / 1000 : options.windowMs / 1000;
      next(
        new HttpError(
          429,
          'RATE_LIMITED',
          `Too many requests to ${what(req)}: at most ${limit} a minute. Wait a little.`,
          { details: { retryAfter: Math.max(1, Math.ceil(retryAfter)) } },
        ),
      );
    },
  });
}

export const panelRateLimit = (limit: number): RequestHandler => limiter(limit, callerKey, () => 'the panel');

export const pluginRateLimit = (limit: number): RequestHandler =>
  limiter(
    limit,
    (req) => `${String(req.params.id)} ${callerKey(req)}`,
    (req) => `the plugin "${String(req.params.id)}"`,
  );

/** Behind a router with `mergeParams`. */
export const frameRateLimit = (limit: number): RequestHandler =>
  limiter(
    limit,
    (req) => String(req.params.token),
    () => 'this preview',
  );
