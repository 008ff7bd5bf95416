import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PluginSource } from './plugin-source.js';

/** Never part of a package, whatever kind of plugin it is. */
const LEFT_OUT =
  /^(?:\..*|node_modules|dist|src|types|tests?|vendor|coverage|package(?:-lock)?\.json|[jt]sconfig.*\.json|.*\.(?:test|config)\.[cm]?[jt]s|.*\.(?:ts|map|zip|tgz|pem|key|tsbuildinfo))$/;
/** What the build writes itself. */
const WRITTEN_BY_BUILD = new Set(['plugin.json']);

/** Copies what goes into the package as it is: hand-written code, assets, texts, images. */
export function copyPackageFiles({ folder }: PluginSource, outDir: string): void {
  for (const name of readdirSync(folder).sort()) {
    if (LEFT_OUT.test(name) || WRITTEN_BY_BUILD.has(name)) continue;
    cpSync(join(folder, name), join(outDir, name), {
      recursive: true,
      filter: (path) => !/\.(?:test\.[jt]s|map)$/.test(path),
    });
  }
  // A server that the author bundled: the panel's logs name places by its map, and browsers never see it.
  if (existsSync(join(folder, 'server.js')) && existsSync(join(folder, 'server.js.map')))
    cpSync(join(folder, 'server.js.map'), join(outDir, 'server.js.map'));
}

/** Files outside of the well-known places that the manifest names, such as `src/style.css`. */
export function copyNamedFiles({ folder, manifest }: PluginSource, outDir: string): void {
  for (const path of [manifest.icon, ...manifest.styles, ...(manifest.screenshots ?? [])]) {
    if (!path || existsSync(join(outDir, path)) || !existsSync(join(folder, path))) continue;
    mkdirSync(dirname(join(outDir, path)), { recursive: true });
    cpSync(join(folder, path), join(outDir, path));
  }
}

/** Writes plugin.json with the author's fields in the author's order, then what the build adds. */
export function writeManifest({ manifestJson }: PluginSource, outDir: string, added: Record<string, unknown>): void {
  const manifest = { ...manifestJson, ...added };
  delete manifest.$schema;
  writeFileSync(join(outDir, 'plugin.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
