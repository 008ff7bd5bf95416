import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseManifest, type Manifest, type ManifestIssue } from '@sodium/sdk/manifest';
import type { Problem } from '../problems/problem.js';
import { findJsonError, locateField } from './locate-field.js';

const FILE = 'plugin.json';

export interface CheckedManifest {
  readonly manifest: Manifest | null;
  readonly problems: Problem[];
}

/** Reads the manifest of a folder. Each fault carries its line and column. */
export function checkManifest(folder: string): CheckedManifest {
  const path = join(folder, FILE);
  if (!existsSync(path)) {
    const fix = 'Run this in a plugin’s folder, name one, or make one with "sodium create".';
    return { manifest: null, problems: [{ severity: 'error', file: FILE, message: `${path} does not exist.`, fix }] };
  }
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const result = parseManifest(text, FILE);
  if (result.ok)
    return { manifest: result.manifest, problems: result.warnings.map((issue) => locate(issue, text, 'warning')) };
  const problems = result.issues.map((issue) => locate(issue, text, 'error'));
  return { manifest: null, problems };
}

function locate(issue: ManifestIssue, text: string, severity: Problem['severity']): Problem {
  const broken = issue.field === '' ? findJsonError(text) : null;
  const { line, column } = broken ?? locateField(text, issue.field) ?? { line: 1, column: 1 };
  const found = broken && text.trim() !== '' ? broken.what : issue.found;
  const message = `${issue.field ? `${issue.field}: ` : ''}expected ${issue.expected}, found ${found}.`;
  return { severity, file: FILE, line, column, message, fix: issue.fix };
}
