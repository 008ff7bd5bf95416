import { Router } from 'express';
import { z } from 'zod';
import { notFound } from '../http-error.js';
import type { PluginManager } from '../plugins/manager.js';
import { offeredUpdate } from '../plugins/offered-update.js';
import { folderSource, packageSource, type PackageSource } from '../plugins/package/package-source.js';
import { readDocument, readImage, type DocumentName } from '../plugins/package/read-package.js';
import { param, queryOf } from './http/body.js';

/** Opened by itself a file shows nothing and runs nothing: SVG is a document too. */
const SEALED = "default-src 'none'; sandbox";
/** `folder`: what lies in `data/plugins`, also while another content runs. */
const fromQuery = z.object({ from: z.enum(['running', 'folder']).default('running') });

/**
 * `/api/admin/plugins/:id`: what a package brings for people to read, of every plugin, also of one that is inactive or
 * cannot be parsed. Texts are JSON, pictures are served as nothing but pictures.
 */
export function adminPackageRouter(manager: PluginManager): Router {
  const router = Router();
  const sourceOf = async (id: string, from: 'running' | 'folder'): Promise<PackageSource> => {
    await manager.deps.discovery.scanOne(id);
    const source = from === 'folder' ? folderSource(manager, id) : packageSource(manager, id);
    if (!source) throw notFound('plugin', id);
    return source;
  };
  for (const name of ['readme', 'changelog'] satisfies DocumentName[]) {
    router.get(`/:id/${name}`, async (req, res) => {
      const id = param(req, 'id');
      const document = await readDocument((await sourceOf(id, queryOf(req, fromQuery).from)).folder, name);
      if (!document) throw notFound(`${name} of the plugin`, id);
      res.json(document);
    });
  }
  router.get('/:id/files', async (req, res) => {
    const { files } = await sourceOf(param(req, 'id'), queryOf(req, fromQuery).from);
    res.json({ items: files ?? [] });
  });
  router.get('/:id/files/*path', async (req, res) => {
    const id = param(req, 'id');
    const file = ([] as string[]).concat(req.params.path ?? []).join('/');
    const image = await readImage((await sourceOf(id, queryOf(req, fromQuery).from)).folder, file);
    if (!image) throw notFound(`picture of the plugin "${id}"`, file.slice(0, 200));
    res.set({
      'Content-Security-Policy': SEALED,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Content-Disposition': 'attachment',
      'Content-Type': image.type,
    });
    res.end(image.bytes);
  });
  router.get('/:id/update', async (req, res) => {
    const id = param(req, 'id');
    await manager.deps.discovery.scanOne(id);
    if (!manager.exists(id)) throw notFound('plugin', id);
    const update = await offeredUpdate(manager, id);
    if (!update) throw notFound('update of the plugin', id);
    res.json(update);
  });
  return router;
}
