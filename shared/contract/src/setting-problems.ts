import type { SettingSpec } from '@sodium/sdk/manifest';

/** What is wrong with the value of a setting. */
export type SettingProblem =
  | { kind: 'required' | 'text' | 'number' | 'boolean' | 'address' | 'colour' | 'cron' }
  | { kind: 'short' | 'small'; least: number }
  | { kind: 'long' | 'large'; most: number }
  | { kind: 'pattern'; pattern: string }
  | { kind: 'option'; options: readonly string[] };

/** The checks that form and panel do each in its own way. */
export interface SettingJudges {
  isCron(text: string): boolean;
  /** Whether all of a text matches the author's pattern, which may be one that takes for ever. */
  matches(pattern: string, text: string): boolean;
}

const LONGEST_TEXT = 10_000;
const LONGEST_ADDRESS = 2048;
const COLOUR = /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i;

type Spec<T extends SettingSpec['type']> = Extract<SettingSpec, { type: T }>;

/** What the form says before it asks and the panel says when it is asked; null when a value fits its declaration. */
export function settingProblem(spec: SettingSpec, value: unknown, judges: SettingJudges): SettingProblem | null {
  switch (spec.type) {
    case 'string':
      return textProblem(spec, value, judges);
    case 'number':
      return numberProblem(spec, value);
    case 'boolean':
      return typeof value === 'boolean' ? null : { kind: 'boolean' };
    case 'select':
      return optionProblem(optionValues(spec), value);
    case 'url':
      return addressProblem(value);
    case 'color':
      return typeof value === 'string' && COLOUR.test(value) ? null : { kind: 'colour' };
    case 'cron':
      return typeof value === 'string' && judges.isCron(value) ? null : { kind: 'cron' };
  }
}

/** A text that nobody filled in fits: only `required` asks for one. */
function textProblem(spec: Spec<'string'>, value: unknown, judges: SettingJudges): SettingProblem | null {
  const { pattern, minLength = 0, maxLength = LONGEST_TEXT } = spec;
  if (typeof value !== 'string') return { kind: 'text' };
  if (value === '') return null;
  if (value.length < minLength) return { kind: 'short', least: minLength };
  if (value.length > maxLength) return { kind: 'long', most: maxLength };
  return pattern === undefined || judges.matches(pattern, value) ? null : { kind: 'pattern', pattern };
}

function numberProblem({ min, max }: Spec<'number'>, value: unknown): SettingProblem | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { kind: 'number' };
  if (min !== undefined && value < min) return { kind: 'small', least: min };
  return max !== undefined && value > max ? { kind: 'large', most: max } : null;
}

function optionProblem(options: readonly string[], value: unknown): SettingProblem | null {
  return typeof value === 'string' && options.includes(value) ? null : { kind: 'option', options };
}

function addressProblem(value: unknown): SettingProblem | null {
  if (typeof value !== 'string' || !isAddress(value)) return { kind: 'address' };
  return value.length > LONGEST_ADDRESS ? { kind: 'long', most: LONGEST_ADDRESS } : null;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

export function optionValues({ options }: Spec<'select'>): string[] {
  return options.map((option) => (typeof option === 'string' ? option : option.value));
}

/** Whether a setting is there at all while the others have these values. */
export function isShown({ when = {} }: SettingSpec, valueOf: (key: string) => unknown): boolean {
  return Object.entries(when).every(([key, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(valueOf(key)) : valueOf(key) === wanted,
  );
}

/** A pattern as it is meant: for the whole text. */
export const wholePattern = (pattern: string): string => `^(?:${pattern})$`;

/** What is wrong, for below the field. The form says the same in the language of its reader. */
export function fieldWords(problem: SettingProblem): string {
  if (problem.kind === 'required') return 'This is required.';
  const words = problemWords(problem);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** What is wrong, to follow the name of the setting. */
export function problemWords(problem: SettingProblem): string {
  switch (problem.kind) {
    case 'required':
      return 'is required';
    case 'text':
      return 'must be text';
    case 'number':
      return 'must be a number';
    case 'boolean':
      return 'must be true or false';
    case 'address':
      return 'must be an address that begins with https:// or http://';
    case 'colour':
      return 'must be a colour such as #3366ff';
    case 'cron':
      return 'must be a cron expression such as "0 3 * * *"';
    case 'short':
      return `needs at least ${problem.least} characters`;
    case 'long':
      return `has at most ${problem.most} characters`;
    case 'small':
      return `must be ${problem.least} or more`;
    case 'large':
      return `must be ${problem.most} or less`;
    case 'pattern':
      return `must match ${problem.pattern}`;
    case 'option':
      return `must be one of ${problem.options.join(', ')}`;
  }
}
