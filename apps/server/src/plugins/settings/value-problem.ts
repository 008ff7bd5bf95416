import { settingProblem, type SettingProblem } from '@sodium/contract/settings';
import type { SettingSpec } from '@sodium/sdk/manifest';
import { validate as isCron } from 'node-cron';
import { matchesPattern } from './matches-pattern.js';

/** Why a value does not fit the declaration of its setting, or null. What the form found fine is judged here again. */
export function valueProblem(spec: SettingSpec, value: unknown): SettingProblem | null {
  return settingProblem(spec, value, { isCron, matches: matchesPattern });
}

/** The value before anybody set one. */
export function defaultValue(spec: SettingSpec): unknown {
  if (spec.default !== undefined) return spec.default;
  if (spec.type === 'boolean') return false;
  return null;
}

export const isSecret = (spec: SettingSpec): boolean => 'secret' in spec && spec.secret === true;
