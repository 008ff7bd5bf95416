import { readdir } from 'node:fs/promises';
import { Router } from 'express';
import { notFound } from '../http-error.js';

const PACKAGE = /^sodium-(?:cli|sdk)(?:-\d+\.\d+\.\d+)?\.tgz$/;

/**
 * The authors' command and the SDK as npm installs them: `sodium-cli.tgz` is whatever version this panel has, so that
 * an author's tools fit the panel they write for. `directory` is what their build leaves.
 */
export function authorPackagesRouter(directory: string): Router {
  const router = Router();
  router.get('/:name', async (req, res) => {
    const file = PACKAGE.test(req.params.name) ? await findPackage(directory, req.params.name) : null;
    if (!file) throw notFound('package', req.params.name);
    res.set('Cache-Control', 'no-cache').sendFile(file, { root: directory });
  });
  return router;
}

async function findPackage(directory: string, name: string): Promise<string | null> {
  const files = await readdir(directory).catch(() => []);
  const prefix = name.replace(/\.tgz$/, '-');
  return files.find((file) => file === name || (file.startsWith(prefix) && PACKAGE.test(file))) ?? null;
}
