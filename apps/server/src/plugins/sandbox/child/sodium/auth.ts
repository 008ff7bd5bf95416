import type { HttpRequest } from './http-request.js';
import type { HttpResponse } from './http-response.js';

/** Route handlers that answer for callers who may not go on. */
export const auth = {
  requireUser: (req: HttpRequest, res: HttpResponse, next: () => void): void => {
    if (req.user) return next();
    res.status(401).json({ error: { code: 'UNAUTHENTICATED', message: 'Log in to use this.' } });
  },
  requireAdmin: (req: HttpRequest, res: HttpResponse, next: () => void): void => {
    if (!req.user) return auth.requireUser(req, res, next);
    if (req.user.role === 'admin') return next();
    res.status(403).json({ error: { code: 'FORBIDDEN', message: 'Only administrators may use this.' } });
  },
};
