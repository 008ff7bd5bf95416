import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { HttpError } from '../../http-error.js';
import { requireCaller } from './caller.js';

export const ADMIN_TOKEN_HEADER = 'x-sodium-admin';

/**
 * The admin area is a document in which no plugin code runs. It holds a token that only a top-level navigation gets;
 * whatever a browser sends to the admin API must carry it, so that plugin code in the user area, which shares the
 * admin's cookie, has no admin power.
 */
export class AdminGuard {
  constructor(private readonly key: Buffer) {}

  tokenFor(sessionId: string): string {
    return createHmac('sha256', this.key).update(`admin-document:${sessionId}`).digest('base64url');
  }

  /** 401, then 403, before any body is read. */
  readonly handler: RequestHandler = (req, _res, next) => {
    const { user, sessionId } = requireCaller(req);
    if (user.role !== 'admin') throw new HttpError(403, 'ADMIN_ONLY', 'Only administrators may do this.');
    if (req.headers.origin === 'null')
      throw new HttpError(403, 'FOREIGN_ORIGIN', 'Requests from sealed frames are refused here.');
    if (isSentByBrowser(req) && !this.holdsToken(req, sessionId)) {
      throw new HttpError(
        403,
        'ADMIN_TOKEN_REQUIRED',
        'This request did not come from the admin area. Open /admin and try there.',
      );
    }
    next();
  };

  private holdsToken(req: Request, sessionId: string): boolean {
    const given = Buffer.from(String(req.headers[ADMIN_TOKEN_HEADER] ?? ''));
    const expected = Buffer.from(this.tokenFor(sessionId));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

/**
 * Pages cannot leave out or forge `Sec-Fetch-*`. Node's own fetch sends `Sec-Fetch-Mode` too, under a name no browser
 * bears. Over plain HTTP on a network name browsers send none of them; there the browser's own name has to do.
 */
function isSentByBrowser(req: Request): boolean {
  const { headers } = req;
  if (headers['sec-fetch-site'] !== undefined || headers['sec-fetch-dest'] !== undefined) return true;
  const agent = headers['user-agent'] ?? '';
  if (headers['sec-fetch-mode'] !== undefined && agent !== 'node' && agent !== 'undici') return true;
  return agent.startsWith('Mozilla/') && headers.cookie !== undefined && headers['accept-language'] !== undefined;
}
