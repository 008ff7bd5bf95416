import type { SettingSpecs } from '@sodium/sdk/manifest';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';

/** Stores settings and answers once the running plugin has them. Of secrets the audit log tells that they changed, never their values. */
export async function updateSettings(
  manager: PluginManager,
  id: string,
  specs: SettingSpecs,
  patch: Record<string, unknown>,
  actor: Actor,
  by: 'admin' | 'plugin',
): Promise<void> {
  const { settings } = manager.deps;
  const before = settings.view(id, specs);
  const changed = await settings.update(id, specs, patch, by);
  if (changed.length === 0) return;
  await manager.record({
    actor,
    action: 'plugin.settings',
    target: id,
    details: { changed, ...changeOf(changed, before, settings.view(id, specs)) },
  });
  const all = settings.values(id, specs);
  const instance = manager.running(id)?.instance;
  await instance?.updateConfig(Object.fromEntries(changed.map((key) => [key, all[key]])), all);
}

const LONGEST = 200;
type Values = Record<string, unknown>;

function changeOf(keys: readonly string[], before: Values, after: Values): { before: Values; after: Values } {
  const pick = (values: Values): Values => Object.fromEntries(keys.map((key) => [key, toldOf(values[key])]));
  return { before: pick(before), after: pick(after) };
}

/** `view` has put marks in the place of secrets. */
function toldOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return (value as { set?: boolean }).set ? '(secret)' : '(not set)';
  return typeof value === 'string' && value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}
