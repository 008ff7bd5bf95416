import type { AuthStatus, User } from '@sodium/contract';
import type { ApiClient } from './api-client.js';
import { ApiError } from './api-error.js';

/** Who is looking: nobody yet on a new panel, a visitor without a session, or a user. */
export type Session = { kind: 'setup' } | { kind: 'visitor'; registration: boolean } | { kind: 'user'; user: User };

export async function loadSession(api: ApiClient): Promise<Session> {
  try {
    return { kind: 'user', user: await api.get<User>('/api/auth/me') };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
  }
  const status = await api.get<AuthStatus>('/api/auth/status');
  return status.setup ? { kind: 'setup' } : { kind: 'visitor', registration: status.registration };
}

/** Where to go after signing in: a path of this panel, never another site. */
export function safeNext(next: string | null, origin = location.origin): string {
  if (!next?.startsWith('/')) return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}

export function loginAddress(from: { pathname: string; search: string } = location): string {
  const here = from.pathname + from.search;
  return here === '/' || here.startsWith('/login') ? '/login' : `/login?next=${encodeURIComponent(here)}`;
}
