import type { SettingSpec } from '@sodium/sdk/manifest';
import { validate as validCron } from 'node-cron';
import { z } from 'zod';
import { matchesPattern } from './matches-pattern.js';

/** What a setting's value must be, from its declaration in the manifest. */
export function valueSchema(spec: SettingSpec): z.ZodType {
  switch (spec.type) {
    case 'string':
      return stringSchema(spec);
    case 'number':
      return numberSchema(spec);
    case 'boolean':
      return z.boolean('must be true or false');
    case 'select':
      return z.enum(optionValues(spec), `must be one of ${optionValues(spec).join(', ')}`);
    case 'url':
      return z
        .string('must be an address')
        .max(2048)
        .refine(isUrl, 'must be an address that begins with https:// or http://');
    case 'color':
      return z
        .string('must be a colour')
        .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/, 'must be a colour such as #3366ff');
    case 'cron':
      return z
        .string('must be a cron expression')
        .refine((text) => validCron(text), 'must be a cron expression such as "0 3 * * *"');
  }
}

type Spec<T extends SettingSpec['type']> = Extract<SettingSpec, { type: T }>;

function stringSchema(spec: Spec<'string'>): z.ZodType {
  const { pattern, minLength = 0, maxLength = 10_000 } = spec;
  const base = z
    .string('must be text')
    .min(minLength, `needs at least ${minLength} characters`)
    .max(maxLength, `has at most ${maxLength} characters`);
  if (pattern === undefined) return base;
  return base.refine((text) => matchesPattern(pattern, text), `must match ${pattern}`);
}

function numberSchema(spec: Spec<'number'>): z.ZodType {
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = spec;
  return z.number('must be a number').min(min, `must be ${min} or more`).max(max, `must be ${max} or less`);
}

export function optionValues(spec: Spec<'select'>): [string, ...string[]] {
  return spec.options.map((option) => (typeof option === 'string' ? option : option.value)) as [string, ...string[]];
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

/** The value before anybody set one. */
export function defaultValue(spec: SettingSpec): unknown {
  if (spec.default !== undefined) return spec.default;
  if (spec.type === 'boolean') return false;
  return null;
}

export const isSecret = (spec: SettingSpec): boolean => 'secret' in spec && spec.secret === true;
