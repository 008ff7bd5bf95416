import type { z } from 'zod';
import { manifestSchema, type Manifest } from './schema.js';

/** One fault of a manifest: where it is, what was expected, what was found, and how to mend it. */
export interface ManifestIssue {
  /** The file, with the line where that is known: `plugin.json:12`. */
  file: string;
  /** The path of the field, such as `settings.url.type`; empty for the file as a whole. */
  field: string;
  /** What should be there, in words. */
  expected: string;
  /** What is there, shortened. */
  found: string;
  /** A sentence that says how to mend it. */
  fix: string;
}

/** What `parseManifest` found: a manifest with warnings, or everything that is wrong with it. */
export type ManifestResult =
  { ok: true; manifest: Manifest; warnings: ManifestIssue[] } | { ok: false; issues: ManifestIssue[] };

/** Reads the text of a `plugin.json`. Never throws. */
export function parseManifest(text: string, file = 'plugin.json'): ManifestResult {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, issues: [jsonIssue(text, file, error as Error)] };
  }
  const result = manifestSchema.safeParse(value);
  if (result.success) return { ok: true, manifest: result.data, warnings: unknownFields(value, file) };
  return { ok: false, issues: result.error.issues.map((issue) => toIssue(issue, value, file)) };
}

/** One line for a person: `plugin.json: version: expected …, found "x". Fix: …`. */
export function formatManifestIssue(issue: ManifestIssue): string {
  const where = issue.field ? `${issue.file}: ${issue.field}` : issue.file;
  return `${where}: expected ${issue.expected}, found ${issue.found}. ${issue.fix}`;
}

/** Unknown fields do not stop a plugin: it may be written for a newer panel. Its author hears of them, for they may be typos. */
function unknownFields(value: unknown, file: string): ManifestIssue[] {
  const known = Object.keys(manifestSchema.shape);
  return Object.keys(value as object)
    .filter((key) => !known.includes(key))
    .map((key) => ({ file, field: key, expected: 'a known field', found: `"${key}"`, fix: nearest(key, known) }));
}

function jsonIssue(text: string, file: string, error: Error): ManifestIssue {
  const position = /position (\d+)/.exec(error.message)?.[1];
  const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
  return {
    file: line === undefined ? file : `${file}:${line}`,
    field: '',
    expected: 'valid JSON',
    found: text.trim() === '' ? 'an empty file' : error.message,
    fix: 'Mend the JSON there, for example a missing comma, quote or bracket.',
  };
}

function toIssue(issue: z.core.$ZodIssue, root: unknown, file: string): ManifestIssue {
  const field = issue.path.map(String).join('.');
  const found = describe(valueAt(root, issue.path));
  switch (issue.code) {
    case 'unrecognized_keys': {
      const keys = issue.keys.map((key) => `"${key}"`).join(', ');
      return {
        file,
        field,
        expected: 'only known fields',
        found: keys,
        fix: `Remove ${keys} or correct the spelling.`,
      };
    }
    case 'invalid_type':
      return {
        file,
        field,
        expected: issue.expected,
        found,
        fix: found === 'nothing' ? `Add "${field}".` : `Change "${field}" to a ${issue.expected}.`,
      };
    case 'invalid_value': {
      const allowed = issue.values.map((value) => JSON.stringify(value)).join(', ');
      return {
        file,
        field,
        expected: `one of ${allowed}`,
        found,
        fix: nearest(valueAt(root, issue.path), issue.values),
      };
    }
    default:
      return { file, field, expected: issue.message, found, fix: `Correct "${field || 'the manifest'}".` };
  }
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], root);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Suggests the allowed value that shares the longest beginning with what was written. */
function nearest(found: unknown, allowed: readonly unknown[]): string {
  if (typeof found !== 'string') return 'Use one of the values named.';
  const shared = (value: string): number => {
    let length = 0;
    while (length < value.length && value[length] === found[length]) length += 1;
    return length;
  };
  const best = allowed.filter((value) => typeof value === 'string').sort((a, b) => shared(b) - shared(a))[0];
  return best !== undefined && shared(best) > 1 ? `Did you mean "${best}"?` : 'Use one of the values named.';
}
