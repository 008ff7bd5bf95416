import { rm } from 'node:fs/promises';
import { json, Router, type Request } from 'express';
import { z } from 'zod';
import { HttpError } from '../http-error.js';
import { dataSizes } from '../plugins/install/data-sizes.js';
import { exportData } from '../plugins/install/export-data.js';
import { asAnswer } from '../plugins/install/plugin-installer.js';
import type { PackageOperations } from '../plugins/install/recover-operations.js';
import type { PluginManager } from '../plugins/manager.js';
import { pluginDetail } from '../plugins/plugin-detail.js';
import { pluginRow } from '../plugins/plugin-rows.js';
import { bodyOf, param, queryOf } from './http/body.js';
import { actorOf } from './http/caller.js';
import { receiveFile } from './http/receive-file.js';

const PACKAGE_BYTES = 20 * 1024 * 1024;
const UPLOADS_AT_A_TIME = 4;
const removeQuery = z.object({ data: z.enum(['keep', 'delete']).default('keep') });
const dataQuery = z.object({
  count: z
    .enum(['', '1', 'true'])
    .optional()
    .transform((value) => value !== undefined),
});
const permissionsBody = z.strictObject({ revoked: z.array(z.string().max(100)).max(100) });

/** `/api/admin/plugins`: install, remove, roll back, take permissions back. */
export function adminInstallRouter(manager: PluginManager, operations: PackageOperations): Router {
  const router = Router();
  const parse = json({ limit: '64kb' });
  const receive = limited(UPLOADS_AT_A_TIME, (req) => install(operations, req));

  router.post('/install', async (req, res) => {
    const { id, isNew, dependencies } = await receive(req);
    res.status(isNew ? 201 : 200).json({ ...pluginRow(manager, id), dependencies });
  });
  router.delete('/:id', async (req, res) => {
    await operations.remover.remove(param(req, 'id'), queryOf(req, removeQuery).data, actorOf(req));
    res.status(204).end();
  });
  router.delete('/:id/update', async (req, res) => {
    const id = param(req, 'id');
    await operations.installer.discardUpdate(id, actorOf(req));
    res.json(await pluginDetail(manager, id));
  });
  router.get('/:id/data', async (req, res) => {
    res.json(await dataSizes(manager, param(req, 'id'), queryOf(req, dataQuery)));
  });
  router.get('/:id/export', async (req, res) => {
    const id = param(req, 'id');
    const archive = await exportData(manager, id);
    await manager.record({ actor: actorOf(req), action: 'plugin.export', target: id });
    res.set({ 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${id}-data.zip"` });
    archive.on('error', () => res.destroy()).pipe(res);
  });
  router.post('/:id/rollback', async (req, res) => {
    const id = param(req, 'id');
    await operations.rollback.rollback(id, actorOf(req)).catch((error: unknown) => {
      throw asAnswer(error);
    });
    res.json(pluginRow(manager, id));
  });
  router.put('/:id/permissions', parse, async (req, res) => {
    const id = param(req, 'id');
    await manager.setRevoked(id, bodyOf(req, permissionsBody).revoked, actorOf(req));
    res.json(await pluginDetail(manager, id));
  });
  router.post('/:id/quarantine/release', async (req, res) => {
    await manager.releaseQuarantine(param(req, 'id'), actorOf(req));
    res.json(pluginRow(manager, param(req, 'id')));
  });
  return router;
}

async function install(
  { installer }: PackageOperations,
  req: Request,
): ReturnType<PackageOperations['installer']['install']> {
  const file = installer.uploadFile();
  try {
    await receiveFile(req, file, { field: 'package', limit: PACKAGE_BYTES });
    return await installer.install(file, actorOf(req));
  } catch (error) {
    throw asAnswer(error);
  } finally {
    await rm(file, { force: true });
  }
}

/** Each upload takes disk and time: more than a few at once are refused. */
function limited<T>(most: number, work: (req: Request) => Promise<T>): (req: Request) => Promise<T> {
  let running = 0;
  return async (req) => {
    if (running >= most)
      throw new HttpError(
        409,
        'INSTALL_BUSY',
        `${most} packages are being installed at this moment. Try again when they are.`,
      );
    running += 1;
    try {
      return await work(req);
    } finally {
      running -= 1;
    }
  };
}
