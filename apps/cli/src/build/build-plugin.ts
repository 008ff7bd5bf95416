import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sharedRanges } from '@sodium/federation';
import { installedVersions } from '@sodium/federation/installed-versions';
import { buildClient } from './build-client.js';
import { buildServer } from './build-server.js';
import { checkPackage } from './check-package.js';
import { copyNamedFiles, copyPackageFiles, writeManifest } from './package-files.js';
import { readPluginSource, type PluginSource } from './plugin-source.js';

export interface BuildOptions {
  /** Default true. */
  readonly minify?: boolean;
}

export interface BuildResult {
  readonly id: string;
  readonly version: string;
  readonly outDir: string;
  /** What the author should know, but may leave as it is. */
  readonly warnings: string[];
}

/**
 * Builds the plugin in `folder` into an installable package in `outDir`, which is replaced as a whole once everything
 * has succeeded. Throws `BuildError` with what to mend.
 */
export async function buildPlugin(folder: string, outDir: string, options: BuildOptions = {}): Promise<BuildResult> {
  const source = readPluginSource(resolve(folder));
  const target = resolve(outDir);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
  chmodSync(draft, 0o755);
  try {
    copyPackageFiles(source, draft);
    writeManifest(source, draft, await buildParts(source, draft, options));
    copyNamedFiles(source, draft);
    const warnings = checkPackage(draft);
    replaceFolder(draft, target);
    return { id: source.manifest.id, version: source.manifest.version, outDir: target, warnings };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Returns the fields that the build adds to the manifest. */
async function buildParts(
  source: PluginSource,
  outDir: string,
  options: BuildOptions,
): Promise<Record<string, unknown>> {
  const { folder, manifest, client, server } = source;
  if (server?.kind === 'built') await buildServer(folder, server.entry, join(outDir, 'server.js'));
  if (client?.kind !== 'built') return {};
  const job = { folder, id: manifest.id, entry: client.entry, outDir, minify: options.minify ?? true };
  const { styles } = await buildClient(job);
  const added: Record<string, unknown> = { shared: sharedRanges(installedVersions(folder)) };
  return styles.length > 0 ? { ...added, styles: [...manifest.styles, ...styles] } : added;
}

function replaceFolder(draft: string, target: string): void {
  const old = `${draft}-old`;
  if (existsSync(target)) renameSync(target, old);
  try {
    renameSync(draft, target);
  } catch {
    cpSync(draft, target, { recursive: true });
  }
  rmSync(old, { recursive: true, force: true });
}
