import { isShown, mayBeCron, settingProblem, type SettingJudges, type SettingProblem } from '@sodium/contract/settings';
import type { SettingSpec, SettingSpecs } from '@sodium/sdk/manifest';
import type { PatternQuestion } from './pattern-trial.js';
import { settingWords } from './setting-words.js';

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

  /** What was there when the changes were made, of what they change. */
  get seen(): Record<string, unknown> {
    return Object.fromEntries([...this.#changes.keys()].map((key) => [key, this.saved[key]]));
  }

  /** The same changes to what is there by now. */
  over(specs: SettingSpecs, saved: SavedValues): SettingsDraft {
    const draft = new SettingsDraft(specs, saved);
    for (const [key, value] of this.#changes) if (key in specs) draft.set(key, value);
    return draft;
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
    const spec = this.specs[key];
    return spec !== undefined && isShown(spec, (other) => this.value(other));
  }

  /** What is wrong with the visible fields, by key; patterns are tried elsewhere. The panel checks all of it again. */
  problems(): Record<string, string> {
    const found = this.#shown().flatMap(([key, spec]) => {
      const problem = this.#problemOf(key, spec);
      return problem ? [[key, settingWords(problem)] as const] : [];
    });
    return Object.fromEntries(found);
  }

  /** What else has to match an author's pattern, which may be one that takes for ever. */
  patterned(): (PatternQuestion & { key: string })[] {
    return this.#shown().flatMap(([key, spec]) => {
      const text = isSecret(spec) ? this.#changes.get(key) : this.value(key);
      if (spec.type !== 'string' || spec.pattern === undefined || typeof text !== 'string' || text === '') return [];
      return this.#problemOf(key, spec) ? [] : [{ key, pattern: spec.pattern, text }];
    });
  }

  #shown(): [string, SettingSpec][] {
    return Object.entries(this.specs).filter(([key]) => this.visible(key));
  }

  #problemOf(key: string, spec: SettingSpec): SettingProblem | null {
    const value = isSecret(spec) ? this.#changes.get(key) : this.value(key);
    const there = isSecret(spec) ? this.isSet(key) : !isEmpty(value);
    if (spec.required && !there) return { kind: 'required' };
    return isEmpty(value) ? null : settingProblem(spec, value, JUDGES);
  }
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const JUDGES: SettingJudges = { isCron: mayBeCron, matches: () => true };
