import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '@sodium/sdk/manifest';
import { compileModule, inspectPackage, SODIUM_VERSION, type FolderFault } from '@sodium/server/package-checks';
import { problemFrom, type Problem } from '../problems/problem.js';
import { checkManifest } from './check-manifest.js';
import { checkUsage } from './check-usage.js';
import { sourcePlaces } from './source-places.js';

export interface CheckedPackage {
  readonly manifest: Manifest | null;
  /** The name of the content, as the panel will know it; null while there are errors. */
  readonly hash: string | null;
  readonly problems: Problem[];
}

/** Says of an installable folder what the panel will say of it, by the panel's own code, and what it would only meet at run time. */
export async function checkPackage(folder: string): Promise<CheckedPackage> {
  const { manifest, problems } = checkManifest(folder);
  if (!manifest) return { manifest, hash: null, problems };
  const found = await inspectPackage(folder, manifest.id, SODIUM_VERSION);
  if (found.kind === 'broken') {
    return { manifest, hash: null, problems: [...problems, ...found.faults.map(fromFault)] };
  }
  // Unknown fields of the manifest were found above, with their places.
  const isNew = (warning: string): boolean => !warning.startsWith('plugin.json');
  const all = [
    ...problems,
    ...found.warnings.filter(isNew).map((warning) => problemFrom(warning, '', 'warning')),
    ...checkCompiles(folder),
    ...checkUsage(folder, manifest, sourcePlaces(folder)),
  ];
  return { manifest, hash: all.some(({ severity }) => severity === 'error') ? null : found.hash, problems: all };
}

function fromFault({ message, path, fix }: FolderFault): Problem {
  const problem = problemFrom(message, fix);
  return problem.file === '' && path !== '' && !path.startsWith('/') ? { ...problem, file: path } : problem;
}

/** The sandbox refuses a little more than a parser does, and only when the plugin starts. */
function checkCompiles(folder: string): Problem[] {
  const file = join(folder, 'server.js');
  if (!existsSync(file)) return [];
  try {
    compileModule(readFileSync(file, 'utf8'), 'server.js');
    return [];
  } catch (error) {
    return [problemFrom((error as Error).message)];
  }
}
