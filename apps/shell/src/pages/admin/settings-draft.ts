import { msg, str } from '@lit/localize';
import type { SettingSpec, SettingSpecs } from '@sodium/sdk/manifest';

/** What the panel says of a secret instead of telling it. */
export interface SecretState {
  set: boolean;
}
export type SavedValues = Readonly<Record<string, unknown>>;

export function isSecret(spec: SettingSpec): boolean {
  return 'secret' in spec && spec.secret === true;
}

/**
 * The settings of a plugin while they are edited. Secrets cannot be read back: a draft of one is a new value, `null` to
 * remove it, or absent to leave it.
 */
export class SettingsDraft {
  readonly #changes = new Map<string, unknown>();

  constructor(
    readonly specs: SettingSpecs,
    readonly saved: SavedValues,
  ) {}

  get dirty(): boolean {
    return this.#changes.size > 0;
  }

  /** Nothing was ever set: there is nothing to go back to. */
  get isDefault(): boolean {
    return Object.entries(this.specs).every(([key, spec]) =>
      isSecret(spec)
        ? (this.saved[key] as SecretState | undefined)?.set !== true
        : (this.saved[key] ?? null) === (spec.default ?? (spec.type === 'boolean' ? false : null)),
    );
  }

  get changes(): Record<string, unknown> {
    return Object.fromEntries(this.#changes);
  }

  value(key: string): unknown {
    if (this.#changes.has(key)) return this.#changes.get(key);
    const spec = this.specs[key];
    if (spec && isSecret(spec)) return undefined;
    return this.saved[key] ?? spec?.default;
  }

  isSet(key: string): boolean {
    if (this.#changes.has(key)) return this.#changes.get(key) !== null;
    return (this.saved[key] as SecretState | undefined)?.set === true;
  }

  set(key: string, value: unknown): void {
    const spec = this.specs[key];
    if (spec && !isSecret(spec) && Object.is(value, this.saved[key] ?? spec.default)) this.#changes.delete(key);
    else this.#changes.set(key, value);
  }

  /** Takes a change back. */
  reset(key: string): void {
    this.#changes.delete(key);
  }

  visible(key: string): boolean {
    const when = this.specs[key]?.when ?? {};
    return Object.entries(when).every(([other, wanted]) =>
      Array.isArray(wanted) ? wanted.includes(this.value(other)) : this.value(other) === wanted,
    );
  }

  /** What is wrong with the visible fields, by key. The panel checks again. */
  problems(): Record<string, string> {
    const found = Object.entries(this.specs).flatMap(([key, spec]) => {
      if (!this.visible(key)) return [];
      const problem = isSecret(spec) ? this.#secretProblem(key, spec) : problemOf(spec, this.value(key));
      return problem ? [[key, problem] as const] : [];
    });
    return Object.fromEntries(found);
  }

  #secretProblem(key: string, spec: SettingSpec): string | null {
    if (spec.required && !this.isSet(key)) return msg('This is required.');
    const value = this.#changes.get(key);
    return typeof value === 'string' ? problemOf(spec, value) : null;
  }
}

function problemOf(spec: SettingSpec, value: unknown): string | null {
  const empty = value === undefined || value === null || value === '';
  if (empty) return spec.required ? msg('This is required.') : null;
  switch (spec.type) {
    case 'number':
      return numberProblem(spec, value);
    case 'string':
      return textProblem(spec, String(value));
    case 'url':
      return isUrl(String(value)) ? null : msg('Must be an address that begins with https:// or http://.');
    case 'color':
      return /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(String(value))
        ? null
        : msg('Must be a colour such as #3366ff.');
    case 'cron':
      return /^(\S+\s+){4,5}\S+$/.test(String(value).trim())
        ? null
        : msg('Must be a cron expression such as "0 3 * * *".');
    case 'select':
    case 'boolean':
      return null;
  }
}

function numberProblem(spec: Extract<SettingSpec, { type: 'number' }>, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return msg('Must be a number.');
  if (spec.min !== undefined && value < spec.min) return msg(str`Must be ${spec.min} or more.`);
  if (spec.max !== undefined && value > spec.max) return msg(str`Must be ${spec.max} or less.`);
  return null;
}

function textProblem(spec: Extract<SettingSpec, { type: 'string' }>, value: string): string | null {
  if (spec.minLength !== undefined && value.length < spec.minLength)
    return msg(str`Needs at least ${spec.minLength} characters.`);
  if (spec.maxLength !== undefined && value.length > spec.maxLength)
    return msg(str`Has at most ${spec.maxLength} characters.`);
  // The pattern is the author's: the panel checks it, where a slow one cannot freeze this page.
  return null;
}

function isUrl(value: string): boolean {
  try {
    return /^https?:$/.test(new URL(value).protocol);
  } catch {
    return false;
  }
}
