import type { IncomingMessage } from 'node:http';
import { parse } from 'cookie';
import type { Authenticated, SessionService } from '../users/session-service.js';

export const SESSION_COOKIE = 'sodium_session';

export function authenticateRequest(request: IncomingMessage, sessions: SessionService): Authenticated | null {
  return sessions.authenticate(parse(request.headers.cookie ?? '')[SESSION_COOKIE]);
}

/** A browser names the page that connects; clients that are not browsers name none. */
export function isSameHost(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false; // `null`, the origin of sandboxed frames, too.
  }
}
