import type { Request } from 'express';
import type { User } from '@sodium/contract';
import { HttpError } from '../../http-error.js';

/** Who sent a request, known once the session middleware has run. */
export interface Caller {
  user: User;
  sessionId: string;
}

const callers = new WeakMap<Request, Caller>();

export function setCaller(req: Request, caller: Caller): void {
  callers.set(req, caller);
}

export const callerOf = (req: Request): Caller | null => callers.get(req) ?? null;

/** The caller, or 401. */
export function requireCaller(req: Request): Caller {
  const caller = callers.get(req);
  if (!caller) throw new HttpError(401, 'LOGIN_REQUIRED', 'Log in to do this.');
  return caller;
}

/** The caller as the audit log names them. */
export function actorOf(req: Request): { id: string | null; username: string } {
  const { user } = requireCaller(req);
  return { id: user.id, username: user.username };
}
