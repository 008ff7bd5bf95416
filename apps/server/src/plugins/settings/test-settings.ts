import { z } from 'zod';
import { HttpError } from '../../http-error.js';
import { PluginError } from '../errors.js';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';
import { isSecret } from './value-problem.js';

const METHOD = 'testSettings';
const MOST_CHARACTERS = 500;
const answerSchema = z.object({ ok: z.boolean(), message: z.string().default('') });

/** What a plugin says of the settings it has. */
export type SettingsTest = z.infer<typeof answerSchema>;

/** Whether the plugin offers a test and could run it now. */
export function canTestSettings(manager: PluginManager, id: string): boolean {
  const running = manager.running(id);
  return running?.instance !== null && (running?.registrations.methods.includes(METHOD) ?? false);
}

/** Asks a running plugin to try its saved settings. Its own failure is an answer, and no answer repeats a secret. */
export async function testSettings(manager: PluginManager, id: string, actor: Actor): Promise<SettingsTest> {
  const running = manager.running(id);
  if (!running?.instance)
    throw new HttpError(
      409,
      'PLUGIN_NOT_ACTIVE',
      `"${id}" is not active: only an active plugin can try its settings.`,
      {
        plugin: id,
      },
    );
  if (!canTestSettings(manager, id))
    throw new HttpError(409, 'NO_SETTINGS_TEST', `"${id}" offers no method "${METHOD}".`, { plugin: id });
  const answer = await ask(running.instance);
  await manager.record({ actor, action: 'plugin.settings.test', target: id, details: { ok: answer.ok } });
  const message = withoutSecrets(manager, id, answer.message).slice(0, MOST_CHARACTERS);
  return { ok: answer.ok, message };
}

async function ask(instance: { method(name: string, args: [], chain: []): Promise<unknown> }): Promise<SettingsTest> {
  try {
    const answer = answerSchema.safeParse(await instance.method(METHOD, [], []));
    if (answer.success) return answer.data;
    const expected = 'Its answer cannot be read: expected { ok: boolean, message: string }.';
    return { ok: false, message: expected };
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    return { ok: false, message: error.message };
  }
}

function withoutSecrets(manager: PluginManager, id: string, text: string): string {
  const specs = manager.running(id)?.manifest.settings ?? {};
  const values = manager.deps.settings.values(id, specs);
  const secrets = Object.keys(specs)
    .filter((key) => isSecret(specs[key]!) && typeof values[key] === 'string' && values[key] !== '')
    .map((key) => String(values[key]));
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '•••'), text);
}
