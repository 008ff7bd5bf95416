import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SHARED_PACKAGES, type SharedVersions } from './shared-modules.js';

/** The versions of the shared packages as installed for `folder`, found the way Node finds packages. */
export function installedVersions(folder: string): SharedVersions {
  return Object.fromEntries(SHARED_PACKAGES.map((name) => [name, installedVersion(name, folder)])) as SharedVersions;
}

// Read from the folder, not through `require.resolve`: most packages do not export their package.json.
function installedVersion(name: string, folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    const file = join(current, 'node_modules', name, 'package.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (current === dirname(current)) {
      throw new Error(`The shared package "${name}" is not installed for ${folder}. Run "npm install" there.`);
    }
  }
}
