import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, RequestHandler, Response } from 'express';
import type { SessionService } from '../../panel/users/session-service.js';
import { setCaller } from './caller.js';

export const SESSION_COOKIE = 'sodium_session';

/** Finds out who sent the request. Nobody is refused here. */
export function session(sessions: SessionService): RequestHandler {
  return (req, _res, next) => {
    const found = sessions.authenticate(tokenOf(req));
    if (found) setCaller(req, { user: found.user, sessionId: found.session });
    next();
  };
}

export function tokenOf(req: Pick<Request, 'headers'>): string | undefined {
  return req.headers.cookie === undefined ? undefined : parseCookie(req.headers.cookie)[SESSION_COOKIE];
}

export function setSessionCookie(req: Request, res: Response, token: string, expiresAt: number): void {
  write(req, res, token, new Date(expiresAt));
}

export function clearSessionCookie(req: Request, res: Response): void {
  write(req, res, '', new Date(0));
}

function write(req: Request, res: Response, value: string, expires: Date): void {
  res.append(
    'Set-Cookie',
    stringifySetCookie({
      name: SESSION_COOKIE,
      value,
      httpOnly: true,
      sameSite: 'lax',
      secure: req.secure,
      path: '/',
      expires,
    }),
  );
}
