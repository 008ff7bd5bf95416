import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import express, { Router, type Response } from 'express';
import { notFound } from '../http-error.js';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The kit's elements set their positions as styles.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
/** What programs and editors ask for, at addresses that stay. Other origins may read them: they are public. */
const DOCUMENTS = ['openapi.json', 'plugin.schema.json'];
const PAGE = /^\/?([a-z0-9-]+(?:\/[a-z0-9-]+)*)?\/?$/;

/** The guide: static pages that anybody may read. `directory` is what its build leaves. */
export function docsRouter(directory: string): Router {
  const router = Router();
  router.use(
    '/_',
    express.static(path.join(directory, '_'), {
      index: false,
      redirect: false,
      setHeaders: (res, file) =>
        res.setHeader(
          'Cache-Control',
          /-[0-9a-f]{12}\./.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    }),
  );
  router.get(
    DOCUMENTS.map((name) => `/${name}`),
    (req, res) => {
      res.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' });
      res.sendFile(req.path, { root: path.join(directory, '_'), cacheControl: false });
    },
  );
  router.get('/{*page}', async (req, res) => {
    const [, page] = PAGE.exec(req.path) ?? [];
    const file = path.join(directory, `${page ?? 'index'}.html`);
    const isPage =
      PAGE.test(req.path) &&
      (await stat(file).then(
        (entry) => entry.isFile(),
        () => false,
      ));
    if (!isPage) throw notFound('page of the guide', req.path);
    sendPage(res, file);
  });
  return router;
}

function sendPage(res: Response, file: string): void {
  res.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' }).type('html');
  createReadStream(file).pipe(res);
}
