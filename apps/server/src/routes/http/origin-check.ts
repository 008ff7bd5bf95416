import type { RequestHandler } from 'express';
import { HttpError } from '../../http-error.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses state-changing requests that a page of another origin sent, and everything that a sealed frame sends: what
 * frames may reach lies below their own address. Clients that are not browsers send no Origin.
 */
export const originCheck: RequestHandler = (req, _res, next) => {
  const { origin, host } = req.headers;
  if (origin === 'null')
    return next(new HttpError(403, 'FOREIGN_ORIGIN', 'Requests from sealed frames are refused here.'));
  if (origin === undefined || SAFE.has(req.method) || isSameHost(origin, host)) return next();
  next(
    new HttpError(
      403,
      'FOREIGN_ORIGIN',
      `Requests from "${origin.slice(0, 200)}" are refused: they must come from the panel itself.`,
    ),
  );
};

/** Only the host is compared: a reverse proxy may have ended TLS. */
export function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
