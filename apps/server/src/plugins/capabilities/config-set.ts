import { z } from 'zod';
import { HttpError } from '../../http-error.js';
import type { PluginManager } from '../manager.js';
import type { Capability } from '../sandbox/types.js';
import { updateSettings } from '../settings/update-settings.js';

const args = z.object({ key: z.string().max(100), value: z.unknown() });

/** `sodium.config.set`: a plugin changes a setting of its own, under the same rules as an admin. */
export function configSet(manager: PluginManager): Capability<z.infer<typeof args>> {
  return {
    permission: null,
    args,
    handle: async ({ key, value }, { plugin }) => {
      const running = manager.running(plugin);
      if (!running) throw new HttpError(409, 'PLUGIN_NOT_ACTIVE', `"${plugin}" is not active.`);
      await updateSettings(
        manager,
        plugin,
        running.manifest.settings,
        { [key]: value },
        { id: null, username: `plugin ${plugin}` },
        'plugin',
      );
    },
  };
}
