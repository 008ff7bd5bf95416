import { isDeepStrictEqual } from 'node:util';
import type { SettingSpecs } from '@sodium/sdk/manifest';
import { HttpError } from '../../http-error.js';
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

/** Refuses a change that was made in sight of other values than those that are there: the second of two admins shall know. */
export function refuseStale(manager: PluginManager, id: string, specs: SettingSpecs, seen: Values): void {
  const now = manager.deps.settings.view(id, specs);
  const fields = Object.keys(seen).filter((key) => key in now && !isDeepStrictEqual(now[key], seen[key]));
  if (fields.length === 0) return;
  const message = `Somebody else changed ${fields.join(', ')} of "${id}" meanwhile. Look at the new values, then save again.`;
  throw new HttpError(409, 'SETTINGS_CHANGED', message, { details: { fields } });
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
