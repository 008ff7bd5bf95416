import type { SettingSpecs } from '@sodium/sdk/manifest';
import { HttpError } from '../../http-error.js';
import { isSecret, valueSchema } from './value-schema.js';

/** What of a change fits the declared settings; `null` takes a value back to its default. Throws 400 with every fault. */
export function acceptSettings(specs: SettingSpecs, patch: Record<string, unknown>): Record<string, unknown> {
  const accepted: Record<string, unknown> = {};
  const faults: { path: string; message: string }[] = [];
  for (const [key, value] of Object.entries(patch)) {
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (!spec) faults.push({ path: key, message: `The plugin has no setting "${key}".` });
    else if (value === null || (value === '' && (isSecret(spec) || spec.type !== 'string'))) accepted[key] = null;
    else if (isSecret(spec) && typeof value === 'object') continue;
    else {
      const result = valueSchema(spec).safeParse(value);
      if (result.success) accepted[key] = result.data;
      else
        faults.push({
          path: key,
          message: `"${spec.label ?? key}" ${result.error.issues[0]?.message ?? 'is not valid'}.`,
        });
    }
  }
  if (faults.length > 0)
    throw new HttpError(400, 'INVALID_SETTINGS', faults.map((fault) => fault.message).join(' '), { details: faults });
  return accepted;
}
