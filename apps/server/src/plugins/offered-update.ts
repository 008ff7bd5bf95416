import { declaredHooks, type Manifest } from '@sodium/sdk/manifest';
import type { PluginManager } from './manager.js';
import { readDocument } from './package/read-package.js';
import type { PackageFile } from './package/read-folder.js';

interface Change<T = string> {
  added: T[];
  removed: T[];
}

/** How the content of a plugin's folder differs from what an admin consented to. */
export interface OfferedUpdate {
  from: { version: string; hash: string };
  to: { version: string; hash: string };
  permissions: Change;
  hooks: Change;
  hosts: Change;
  publicRoutes: Change;
  settings: Change;
  files: Change & { changed: string[] };
  /** What the new changelog says that the old one did not; null without a changelog. */
  changelog: string | null;
}

/** Null: there is nothing else in the folder than what runs. */
export async function offeredUpdate(manager: PluginManager, id: string): Promise<OfferedUpdate | null> {
  const agreed = manager.agreed(id);
  const offered = manager.deps.discovery.packages.get(id);
  if (!agreed || offered?.kind !== 'sound' || offered.hash === agreed.hash) return null;
  const [before, after] = [agreed.manifest, offered.manifest];
  const compare = (of: (manifest: Manifest) => string[]): Change => changeOf(of(before), of(after));
  return {
    from: { version: before.version, hash: agreed.hash },
    to: { version: after.version, hash: offered.hash },
    permissions: compare(({ permissions }) => permissions),
    hooks: compare((manifest) => declaredHooks(manifest).map(({ event, onError }) => hookLabel(event, onError))),
    hosts: compare(({ network }) => network?.hosts ?? []),
    publicRoutes: compare(({ http }) => http?.public ?? []),
    settings: compare(({ settings }) => Object.keys(settings)),
    files: changedFiles(agreed.files, offered.files),
    changelog: await newInChangelog(manager.deps.packages.folder(id, agreed.hash), offered.folder),
  };
}

const hookLabel = (event: string, onError: string): string =>
  onError === 'allow' ? `${event} (onError: allow)` : event;

function changeOf(before: readonly string[], after: readonly string[]): Change {
  return {
    added: after.filter((entry) => !before.includes(entry)),
    removed: before.filter((entry) => !after.includes(entry)),
  };
}

function changedFiles(before: readonly PackageFile[], after: readonly PackageFile[]): OfferedUpdate['files'] {
  const old = new Map(before.map(({ path, sha256 }) => [path, sha256]));
  const paths = (files: readonly PackageFile[]): string[] => files.map(({ path }) => path);
  const changed = after.filter(({ path, sha256 }) => old.has(path) && old.get(path) !== sha256);
  return { ...changeOf(paths(before), paths(after)), changed: paths(changed) };
}

/** What the offered changelog says and the one that was consented to does not. */
async function newInChangelog(oldFolder: string, newFolder: string): Promise<string | null> {
  const after = (await readDocument(newFolder, 'changelog'))?.text;
  if (after === undefined) return null;
  const before = (await readDocument(oldFolder, 'changelog'))?.text;
  return before === undefined ? after : newSections(before, after);
}

/** The sections, each from its heading to the next, that the old text does not hold word for word. */
export function newSections(before: string, after: string): string {
  const sections = (text: string): string[] => text.split(/^(?=##? )/m).map((section) => section.trim());
  const old = new Set(sections(before));
  return sections(after)
    .filter((section) => section !== '' && !old.has(section))
    .join('\n\n');
}
