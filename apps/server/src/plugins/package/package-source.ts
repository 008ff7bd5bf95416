import type { PluginManager } from '../manager.js';
import type { PackageFile } from './read-folder.js';

/** Where the content of a plugin lies. */
export interface PackageSource {
  folder: string;
  /** Null: the folder is too broken to be hashed. */
  files: readonly PackageFile[] | null;
}

/** What runs, or else what lies in the folder, broken or not. */
export function packageSource(manager: PluginManager, id: string): PackageSource | null {
  const running = manager.running(id);
  const { packages, discovery } = manager.deps;
  if (running) return { folder: packages.folder(id, running.hash), files: running.consent.files };
  return folderSource(manager, id) ?? consentedSource(manager, id, discovery.packages.has(id));
}

/** What lies in `data/plugins`, whatever runs. */
export function folderSource({ deps }: PluginManager, id: string): PackageSource | null {
  const found = deps.discovery.packages.get(id);
  if (!found) return null;
  return { folder: found.folder, files: found.kind === 'sound' ? found.files : null };
}

/** Its folder has gone, and the copy that was consented to is still there. */
function consentedSource({ deps }: PluginManager, id: string, isThere: boolean): PackageSource | null {
  const consent = isThere ? undefined : deps.consents.get(id);
  return consent ? { folder: deps.packages.folder(id, consent.hash), files: consent.files } : null;
}
