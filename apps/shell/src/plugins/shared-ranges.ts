import satisfies from 'semver/functions/satisfies.js';
import type { RegistryEntry } from '@sodium/contract';

/** Refuses a plugin that was built against modules this panel does not have. */
export function checkSharedRanges(entry: RegistryEntry, versions: Readonly<Record<string, string>>): void {
  for (const [name, range] of Object.entries(entry.shared)) {
    const version = versions[name];
    if (version !== undefined && satisfies(version, range)) continue;
    const found = version === undefined ? 'this panel does not share it' : `this panel has ${version}`;
    throw new Error(
      `It was built against "${name}" ${range}, but ${found}. Install a version of the plugin that was built for this panel, or update the panel.`,
    );
  }
}
