import { Router } from 'express';
import { exportData } from '../plugins/install/export-data.js';
import { leftOverData, requireLeftOver } from '../plugins/install/left-over-data.js';
import type { PluginRemover } from '../plugins/install/plugin-remover.js';
import type { PluginManager } from '../plugins/manager.js';
import { param } from './http/body.js';
import { actorOf } from './http/caller.js';

/** `/api/admin/plugin-data`: what plugins that are gone have left. */
export function adminPluginDataRouter(manager: PluginManager, remover: PluginRemover): Router {
  const router = Router();
  router.get('/', async (_req, res) => {
    res.json({ items: await leftOverData(manager) });
  });
  router.get('/:id/export', async (req, res) => {
    const id = requireLeftOver(manager, param(req, 'id'));
    const archive = await exportData(manager, id);
    await manager.record({ actor: actorOf(req), action: 'plugin.export', target: id });
    res.set({ 'Content-Type': 'application/zip', 'Content-Disposition': `attachment; filename="${id}-data.zip"` });
    archive.on('error', () => res.destroy()).pipe(res);
  });
  router.delete('/:id', async (req, res) => {
    await remover.remove(requireLeftOver(manager, param(req, 'id')), 'delete', actorOf(req));
    res.status(204).end();
  });
  return router;
}
