import { fieldWords, isShown, problemWords, type SettingProblem } from '@sodium/contract/settings';
import type { SettingSpec, SettingSpecs } from '@sodium/sdk/manifest';
import { HttpError } from '../../http-error.js';
import { isSecret, valueProblem } from './value-problem.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * What of a change fits the declared settings; `null` takes a value back to its default, also a required one. Throws
 * 400 with every fault. `current` tells which settings are there at all.
 */
export function acceptSettings(specs: SettingSpecs, patch: Values, current: Values = {}): Record<string, unknown> {
  const accepted: Record<string, unknown> = {};
  const faults: Fault[] = [];
  const valueOf = (key: string): unknown => (Object.hasOwn(patch, key) ? patch[key] : current[key]);
  for (const [key, value] of Object.entries(patch)) {
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (!spec) faults.push(unknownSetting(key));
    else if (isMark(spec, value)) continue;
    else {
      const problem = problemOf(spec, value, valueOf);
      if (problem) faults.push(faultOf(key, spec, problem));
      else accepted[key] = value === '' && !isPlainText(spec) ? null : value;
    }
  }
  if (faults.length > 0)
    throw new HttpError(400, 'INVALID_SETTINGS', faults.map(({ sentence }) => sentence).join(' '), {
      details: faults.map(({ path, message }) => ({ path, message })),
    });
  return accepted;
}

function problemOf(spec: SettingSpec, value: unknown, valueOf: (key: string) => unknown): SettingProblem | null {
  if (value === null) return null;
  if (value !== '') return valueProblem(spec, value);
  return isMissed(spec) && isShown(spec, valueOf) ? { kind: 'required' } : null;
}

/** Emptied by hand although it must be there, and nothing stands in for it. A secret may always be removed. */
function isMissed(spec: SettingSpec): boolean {
  return spec.required === true && !isSecret(spec) && (isPlainText(spec) || spec.default === undefined);
}

const isPlainText = (spec: SettingSpec): boolean => spec.type === 'string' && !isSecret(spec);

/** What the panel itself says in a secret's place: nothing was typed. */
const isMark = (spec: SettingSpec, value: unknown): boolean =>
  isSecret(spec) && typeof value === 'object' && value !== null;

interface Fault {
  path: string;
  /** For below the field, in the words of the form. */
  message: string;
  /** For where no field is near. */
  sentence: string;
}

function faultOf(path: string, spec: SettingSpec, problem: SettingProblem): Fault {
  return { path, message: fieldWords(problem), sentence: `"${spec.label ?? path}" ${problemWords(problem)}.` };
}

function unknownSetting(path: string): Fault {
  const message = `The plugin has no setting "${path}".`;
  return { path, message, sentence: message };
}
