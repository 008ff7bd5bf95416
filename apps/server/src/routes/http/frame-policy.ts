import type { Request, RequestHandler, Response } from 'express';
import { HttpError } from '../../http-error.js';

/** Where frames live. Everything below belongs to one frame's token. */
export const FRAMES = '/preview';

/** The address of the panel as this browser knows it; what policies name. */
export function originOf(req: Request): string {
  const host = req.headers.host ?? '';
  // It goes into policies, where a space or a semicolon would start something else.
  if (!/^[A-Za-z0-9.\-_:[\]]{1,255}$/.test(host))
    throw new HttpError(400, 'INVALID_HOST', 'The name of the panel in the request is not valid.');
  return `${req.protocol}://${host}`;
}

/** What the admin document may show in frames: the frames of plugins, and nothing else of this origin. */
export const frameSource = (req: Request): string => `${originOf(req)}${FRAMES}/`;

/**
 * What every answer below a frame's address carries, errors too: opened as a document by a frame that navigates itself,
 * it shows nothing, runs nothing and reaches nothing. Frames have no origin of their own, so all may read.
 */
export const sealAnswers: RequestHandler = (_req, res, next) => {
  seal(res);
  next();
};

export function seal(res: Response): void {
  res.removeHeader('X-Frame-Options');
  res.set({
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Connection-Allowlist': '()',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Access-Control-Allow-Origin': '*',
  });
}

/** The one document that runs code: a plugin's, with nothing within reach but the addresses below `prefix`. */
export function openFrameDocument(req: Request, res: Response, prefix: string): void {
  const base = `${originOf(req)}${prefix}/`;
  const policy = [
    "default-src 'none'",
    `script-src ${base}`,
    `style-src ${base} 'unsafe-inline'`,
    `img-src ${base} data: blob:`,
    `font-src ${base}`,
    `connect-src ${base}`,
    "worker-src 'none'",
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts allow-forms',
  ];
  res.set({ 'Content-Security-Policy': policy.join('; '), 'Connection-Allowlist': allowList(base) });
}

/** Behind a proxy that ends TLS the browser knows the panel by https, whatever arrives here. */
function allowList(base: string): string {
  const address = base.replace(/^https?:/, '');
  return `("http:${address}*" "https:${address}*")`;
}
