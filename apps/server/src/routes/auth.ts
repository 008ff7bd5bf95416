import { json, Router, type Request, type Response } from 'express';
import { loginSchema, registerSchema } from '@sodium/contract';
import type { AccountService, LoggedIn } from '../panel/users/account-service.js';
import { bodyOf } from './http/body.js';
import { requireCaller } from './http/caller.js';
import { clearSessionCookie, setSessionCookie, tokenOf } from './http/session.js';

/** `/api/auth`: the way in and out. */
export function authRouter(accounts: AccountService, onAdminLogin: (loggedIn: LoggedIn, ip: string) => void): Router {
  const router = Router();
  const parse = json({ limit: '16kb' });
  const from = (req: Request): { ip: string; agent?: string } => ({
    ip: req.ip ?? '',
    agent: req.headers['user-agent'],
  });
  const welcome = (req: Request, res: Response, status: number, loggedIn: LoggedIn): void => {
    setSessionCookie(req, res, loggedIn.token, loggedIn.expiresAt);
    res.status(status).json(loggedIn.user);
  };

  router.get('/status', (_req, res) => void res.json(accounts.status()));
  router.post('/register', parse, async (req, res) => {
    welcome(req, res, 201, await accounts.register(bodyOf(req, registerSchema), from(req)));
  });
  router.post('/login', parse, async (req, res) => {
    const loggedIn = await accounts.login(bodyOf(req, loginSchema), from(req));
    if (loggedIn.user.role === 'admin') onAdminLogin(loggedIn, req.ip ?? '');
    welcome(req, res, 200, loggedIn);
  });
  router.post('/logout', async (req, res) => {
    const token = tokenOf(req);
    if (token) await accounts.logout(token);
    clearSessionCookie(req, res);
    res.status(204).end();
  });
  router.get('/me', (req, res) => void res.json(requireCaller(req).user));
  return router;
}
