import type { SettingSpec, SettingSpecs } from '@sodium/sdk/manifest';
import { HttpError } from '../../http-error.js';
import { isSecret, valueSchema } from './value-schema.js';

/** What of a change fits the declared settings; `null` takes a value back to its default. Throws 400 with every fault. */
export function acceptSettings(specs: SettingSpecs, patch: Record<string, unknown>): Record<string, unknown> {
  const accepted: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [key, value] of Object.entries(patch)) {
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (!spec) faults.push(unknownSetting(key));
    else if (value === null || (value === '' && (isSecret(spec) || spec.type !== 'string'))) accepted[key] = null;
    else if (isSecret(spec) && typeof value === 'object') continue;
    else {
      const result = valueSchema(spec).safeParse(value);
      if (result.success) accepted[key] = result.data;
      else faults.push(faultOf(key, spec, result.error.issues[0]?.message ?? 'is not valid'));
    }
  }
  if (faults.length > 0)
    throw new HttpError(400, 'INVALID_SETTINGS', faults.map(({ sentence }) => sentence).join(' '), {
      details: faults.map(({ path, message }) => ({ path, message })),
    });
  return accepted;
}

interface Fault {
  path: string;
  /** For below the field, in the words of the form. */
  message: string;
  /** For where no field is near. */
  sentence: string;
}

function faultOf(path: string, spec: SettingSpec, what: string): Fault {
  const message = `${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
  return { path, message, sentence: `"${spec.label ?? path}" ${what}.` };
}

function unknownSetting(path: string): Fault {
  const message = `The plugin has no setting "${path}".`;
  return { path, message, sentence: message };
}
