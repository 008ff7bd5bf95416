import type { SettingSpecs } from '@sodium/sdk/manifest';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';

/** Stores settings and answers once the running plugin has them. The audit log names the keys, never the values. */
export async function updateSettings(
  manager: PluginManager,
  id: string,
  specs: SettingSpecs,
  patch: Record<string, unknown>,
  actor: Actor,
  by: 'admin' | 'plugin',
): Promise<void> {
  const { settings } = manager.deps;
  const changed = await settings.update(id, specs, patch, by);
  if (changed.length === 0) return;
  await manager.record({ actor, action: 'plugin.settings', target: id, details: { changed } });
  const all = settings.values(id, specs);
  const instance = manager.running(id)?.instance;
  await instance?.updateConfig(Object.fromEntries(changed.map((key) => [key, all[key]])), all);
}
