import type { Manifest } from '@sodium/sdk/manifest';
import semver from 'semver';
import { HttpError } from '../http-error.js';

/** Orders ids so that what others depend on comes first. Cycles keep the order given. */
export function inDependencyOrder(ids: readonly string[], manifestOf: (id: string) => Manifest | undefined): string[] {
  const ordered: string[] = [];
  const visiting = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.includes(id) || visiting.has(id)) return;
    visiting.add(id);
    for (const other of Object.keys(manifestOf(id)?.dependencies ?? {})) if (ids.includes(other)) visit(other);
    visiting.delete(id);
    ordered.push(id);
  };
  ids.forEach(visit);
  return ordered;
}

/** Throws when another plugin that the manifest asks for is not active in a fitting version. */
export function checkDependencies(manifest: Manifest, activeVersion: (id: string) => string | undefined): void {
  for (const [id, range] of Object.entries(manifest.dependencies)) {
    const version = activeVersion(id);
    if (version === undefined)
      throw unmet(
        manifest.id,
        `"${manifest.id}" needs the plugin "${id}" (${range}), which is not active. Activate "${id}" first.`,
      );
    if (!semver.satisfies(version, range)) {
      throw unmet(
        manifest.id,
        `"${manifest.id}" needs the plugin "${id}" in version ${range}, but ${version} is active. Update "${id}" first.`,
      );
    }
  }
}

/** Throws when the plugin would need itself through others: none of them could ever be started or stopped in order. */
export function refuseCycle(manifest: Manifest, manifestOf: (id: string) => Manifest | undefined): void {
  const visit = (id: string, path: string[]): void => {
    if (id === manifest.id)
      throw unmet(id, `"${id}" would need itself: ${[...path, id].join(' > ')}. Remove one of these "dependencies".`);
    if (path.includes(id)) return;
    for (const next of Object.keys(manifestOf(id)?.dependencies ?? {})) visit(next, [...path, id]);
  };
  for (const id of Object.keys(manifest.dependencies)) visit(id, [manifest.id]);
}

const unmet = (plugin: string, message: string): HttpError =>
  new HttpError(409, 'DEPENDENCY_UNMET', message, { plugin });
