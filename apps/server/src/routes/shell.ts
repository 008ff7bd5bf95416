import { readFile } from 'node:fs/promises';
import path from 'node:path';
import express, { Router, type Request, type Response } from 'express';
import { HttpError } from '../http-error.js';
import type { AdminGuard } from './http/admin-guard.js';
import { callerOf } from './http/caller.js';
import { lookOf, withLook } from './http/themed-document.js';
import { iconFiles, type Icons } from './http/icon-files.js';
import type { PreferenceParts } from './preferences.js';
import { frameSource } from './http/frame-policy.js';

const COMMON_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "form-action 'self'",
  "object-src 'none'",
  "base-uri 'none'",
];
const USER_POLICY = [...COMMON_POLICY, "frame-src 'none'", "frame-ancestors 'self'"].join('; ');
/** Frames show plugins' tabs; the rest of the origin stays out of them. */
const adminPolicy = (req: Request): string =>
  [...COMMON_POLICY, `frame-src ${frameSource(req)}`, "frame-ancestors 'none'"].join('; ');

const REMEMBERED = 'public, max-age=3600';

/** The two documents of the shell and their built files. */
export function shellRouter(directory: string, icons: Icons, guard: AdminGuard, looks: PreferenceParts): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(path.join(directory, 'assets'), { immutable: true, maxAge: '1y', fallthrough: false, index: false }),
  );
  router.get(/\.html$/, (_req, _res, next) => next('router'));
  router.use(
    express.static(directory, {
      index: false,
      // The browser asks for the icon again at each change of the address.
      setHeaders: (res, file) => res.setHeader('Cache-Control', file.endsWith('.svg') ? REMEMBERED : 'no-cache'),
      extensions: [],
      redirect: false,
      dotfiles: 'ignore',
    }),
  );
  // After the files: the sprite that every page loads is one of them, and must not wait for the file of all icons.
  router.get(
    '/icons/:name.svg',
    iconFiles(icons, (res, svg) => res.set('Cache-Control', REMEMBERED).send(svg)),
  );
  router.get('/admin{/*path}', (req, res) => sendAdminDocument(directory, guard, looks, req, res));
  router.get('/{*path}', (req, res, next) =>
    wantsDocument(req) ? sendUserDocument(directory, looks, req, res) : next(),
  );
  return router;
}

/** Addresses of the shell may hold dots; a missing file must still be a 404 for whoever did not ask for a page. */
function wantsDocument(req: Request): boolean {
  if (req.headers.accept?.includes('text/html')) return true;
  return req.accepts(['html', 'json']) === 'html' && path.extname(req.path) === '';
}

async function sendUserDocument(directory: string, looks: PreferenceParts, req: Request, res: Response): Promise<void> {
  const html = await readFile(path.join(directory, 'index.html'), 'utf8');
  res
    .set({ 'Content-Security-Policy': USER_POLICY, 'Cache-Control': 'private, no-cache' })
    .type('html')
    .send(withLook(html, lookOf(req, looks)));
}

/**
 * Only to navigations of a whole tab: neither a frame nor a request of a script gets the token. Without an admin's
 * session the document is served without a token, and leads to the login.
 */
async function sendAdminDocument(
  directory: string,
  guard: AdminGuard,
  looks: PreferenceParts,
  req: Request,
  res: Response,
): Promise<void> {
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined && destination !== 'document') {
    throw new HttpError(403, 'ADMIN_DOCUMENT_ONLY', 'The admin area opens as a page of its own, not inside another.');
  }
  const caller = callerOf(req);
  const token = caller?.user.role === 'admin' ? guard.tokenFor(caller.sessionId) : '';
  const html = withLook(await readFile(path.join(directory, 'admin.html'), 'utf8'), lookOf(req, looks));
  res.set({
    'Content-Security-Policy': adminPolicy(req),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'X-Frame-Options': 'DENY',
    'Cache-Control': 'no-store',
  });
  res.type('html').send(html.replace(/(<meta name="sodium-admin-token" content=")[^"]*(")/, `$1${token}$2`));
}
