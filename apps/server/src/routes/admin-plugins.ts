import { json, Router } from 'express';
import { activateSchema, changedSettingsSchema, type PluginState } from '@sodium/contract';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { HttpError, notFound } from '../http-error.js';
import { asAnswer } from '../plugins/install/plugin-installer.js';
import type { PluginManager } from '../plugins/manager.js';
import { pluginDetail } from '../plugins/plugin-detail.js';
import { pluginRow, pluginRows } from '../plugins/plugin-rows.js';
import { canTestSettings, testSettings } from '../plugins/settings/test-settings.js';
import { refuseStale, updateSettings } from '../plugins/settings/update-settings.js';
import { bodyOf, param } from './http/body.js';
import { actorOf } from './http/caller.js';

/** `/api/admin/plugins`: see, activate, set and watch plugins. */
export function adminPluginsRouter(manager: PluginManager): Router {
  const router = Router();
  const parse = json({ limit: '256kb' });

  router.get('/', async (_req, res) => {
    await manager.deps.discovery.scan();
    const { directory } = manager.deps.discovery;
    res.json({ items: pluginRows(manager), suspended: manager.suspended, directory });
  });
  router.get('/:id', async (req, res) => {
    const id = existing(manager, param(req, 'id'), await manager.deps.discovery.scanOne(param(req, 'id')));
    res.json(await pluginDetail(manager, id));
  });
  router.post('/:id/activate', parse, async (req, res) => {
    const id = param(req, 'id');
    await manager.activate(id, bodyOf(req, activateSchema).permissions, actorOf(req)).catch((error: unknown) => {
      throw asAnswer(error);
    });
    res.json(activeRow(manager, id));
  });
  router.post('/:id/deactivate', async (req, res) => {
    await manager.deactivate(param(req, 'id'), actorOf(req));
    res.json(pluginRow(manager, param(req, 'id')));
  });
  router.post('/:id/restart', async (req, res) => {
    await manager.restart(param(req, 'id'), actorOf(req));
    res.json(pluginRow(manager, param(req, 'id')));
  });
  router.get('/:id/settings', async (req, res) => {
    const id = param(req, 'id');
    await manager.deps.discovery.scanOne(id);
    const specs = specsOf(manager, id);
    res.json({ ...settingsOf(manager, id, specs), testable: canTestSettings(manager, id) });
  });
  router.put('/:id/settings', parse, async (req, res) => {
    const id = param(req, 'id');
    const { values, seen = {} } = bodyOf(req, changedSettingsSchema);
    // In turn, and known anew then: values of a plugin that another admin removes meanwhile must not outlive it.
    const specs = await manager.inTurn(id, async () => {
      const current = specsOf(manager, id);
      refuseStale(manager, id, current, seen);
      await updateSettings(manager, id, current, values, actorOf(req), 'admin');
      return current;
    });
    res.json({ ...settingsOf(manager, id, specs), testable: canTestSettings(manager, id) });
  });
  router.post('/:id/settings/test', async (req, res) => {
    const id = existing(manager, param(req, 'id'));
    res.json(await testSettings(manager, id, actorOf(req)));
  });
  return router;
}

function existing(manager: PluginManager, id: string, found: unknown = null): string {
  if (!found && !manager.exists(id)) throw notFound('plugin', id);
  return id;
}

function activeRow(manager: PluginManager, id: string): ReturnType<typeof pluginRow> {
  const row = pluginRow(manager, id);
  if (row.state !== ('active' satisfies PluginState))
    throw new HttpError(422, 'ACTIVATION_FAILED', row.reason ?? `"${id}" is not active.`, { plugin: id });
  return row;
}

function settingsOf(manager: PluginManager, id: string, specs: SettingSpecs): object {
  return { specs, values: manager.deps.settings.view(id, specs) };
}

/** What runs decides; else what the folder offers. */
function specsOf(manager: PluginManager, id: string): SettingSpecs {
  existing(manager, id);
  const folder = manager.deps.discovery.packages.get(id);
  const manifest =
    manager.running(id)?.manifest ??
    (folder?.kind === 'sound' ? folder.manifest : manager.deps.consents.get(id)?.manifest);
  if (!manifest)
    throw new HttpError(
      409,
      'PLUGIN_INVALID',
      `The settings of "${id}" are not known: its plugin.json cannot be read.`,
      { plugin: id },
    );
  return manifest.settings;
}
