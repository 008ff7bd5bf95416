import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { formatManifestIssue, parseManifest, type Manifest } from '@sodium/sdk/manifest';
import semver from 'semver';
import { checkTheme } from '../theme/check-theme.js';
import { checkTrusted, type SourceCheck } from './check-sources.js';
import { hashFolder, listFolder, type FolderFault, type FolderListing, type PackageFile } from './read-folder.js';
import type { Signatures } from './signatures.js';

/** A folder that could be activated. */
export interface SoundPackage {
  kind: 'sound';
  folder: string;
  signature: string;
  manifest: Manifest;
  hash: string;
  files: PackageFile[];
  warnings: string[];
}

/** A folder that could not, with every reason found. */
export interface BrokenPackage {
  kind: 'broken';
  folder: string;
  signature: string;
  /** What could be read of the manifest, for the admin's list. */
  manifest: Partial<Manifest> | null;
  faults: FolderFault[];
}

export type InspectedPackage = SoundPackage | BrokenPackage;

export interface InspectOptions {
  checkSource?: SourceCheck;
  /** Whether this content was checked before: what ran already need not be parsed again. */
  isKnown?(id: string, hash: string): boolean;
  signatures?: Signatures;
}

/** Checks everything about a package that can be known without running it. Never throws for what the package holds. */
export async function inspectPackage(
  folder: string,
  expectedId: string,
  sodiumVersion: string,
  options: InspectOptions = {},
): Promise<InspectedPackage> {
  const listing = await listFolder(folder);
  const broken = (manifest: Partial<Manifest> | null, faults: FolderFault[]): BrokenPackage => ({
    kind: 'broken',
    folder,
    signature: listing.signature,
    manifest,
    faults: [...listing.faults, ...faults],
  });

  const read = await readManifest(folder);
  if (!read.ok) return broken(read.partial, read.faults);
  const { manifest, warnings } = read;
  const faults = [...checkManifest(manifest, expectedId, sodiumVersion), ...checkFiles(manifest, listing)];
  // Too much, or something else than files: not even read.
  if (listing.faults.length > 0) return broken(manifest, faults);
  const { hash, files } = await hashFolder(listing);
  if (!options.isKnown?.(manifest.id, hash))
    faults.push(...(await checkSources(folder, listing, options.checkSource ?? checkTrusted)));
  const unsigned = await options.signatures?.check({ id: manifest.id, hash, folder, files });
  if (unsigned) faults.push(unsigned);
  const theme = await checkTheme(folder, manifest, listing);
  faults.push(...theme.faults);
  if (faults.length > 0) return broken(manifest, faults);
  return {
    kind: 'sound',
    folder,
    signature: listing.signature,
    manifest,
    hash,
    files,
    warnings: [...warnings, ...theme.warnings],
  };
}

async function checkSources(folder: string, listing: FolderListing, check: SourceCheck): Promise<FolderFault[]> {
  const faults: FolderFault[] = [];
  for (const file of ['server.js', 'client.js'] as const) {
    const fault = has(listing, file) ? await check(folder, file) : null;
    if (fault) faults.push(fault);
  }
  return faults;
}

type ManifestRead =
  | { ok: true; manifest: Manifest; warnings: string[] }
  | { ok: false; partial: Partial<Manifest> | null; faults: FolderFault[] };

async function readManifest(folder: string): Promise<ManifestRead> {
  let text: string;
  try {
    text = await readFile(path.join(folder, 'plugin.json'), 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = missing ? 'plugin.json is missing.' : `plugin.json could not be read: ${(error as Error).message}`;
    return {
      ok: false,
      partial: null,
      faults: [{ path: 'plugin.json', message, fix: 'Add a plugin.json with id, name, version, type and sodium.' }],
    };
  }
  const result = parseManifest(text);
  if (result.ok) return { ok: true, manifest: result.manifest, warnings: result.warnings.map(formatManifestIssue) };
  const faults = result.issues.map((issue) => ({
    path: issue.file,
    message: formatManifestIssue(issue),
    fix: issue.fix,
  }));
  return { ok: false, partial: readable(text), faults };
}

/** The few fields that an admin's list can still show of a manifest that is refused. */
function readable(text: string): Partial<Manifest> | null {
  try {
    const { name, version, type, description } = JSON.parse(text) as Record<string, unknown>;
    const string = (value: unknown): string | undefined =>
      typeof value === 'string' ? value.slice(0, 200) : undefined;
    const types = ['hook', 'widget', 'feature', 'theme'] as const;
    return {
      name: string(name),
      version: string(version),
      description: string(description),
      type: types.find((t) => t === type),
    };
  } catch {
    return null;
  }
}

function checkManifest(manifest: Manifest, expectedId: string, sodiumVersion: string): FolderFault[] {
  const faults: FolderFault[] = [];
  if (manifest.id !== expectedId) {
    faults.push({
      path: 'plugin.json',
      message: `plugin.json: id: expected the name of its folder "${expectedId}", found "${manifest.id}".`,
      fix: `Rename the folder to "${manifest.id}" (if no other folder has that name), or set "id" to "${expectedId}".`,
    });
  }
  if (!semver.satisfies(sodiumVersion, manifest.sodium, { includePrerelease: true })) {
    faults.push({
      path: 'plugin.json',
      message: `plugin.json: sodium: this panel is version ${sodiumVersion}, the plugin asks for "${manifest.sodium}".`,
      fix: `Install a version of the plugin made for Sodium ${sodiumVersion}, or update the panel.`,
    });
  }
  return faults;
}

const has = (listing: FolderListing, file: string): boolean => listing.entries.some((entry) => entry.path === file);

function checkFiles(manifest: Manifest, listing: FolderListing): FolderFault[] {
  const needed: [string, string][] = [];
  if (manifest.type === 'hook') needed.push(['server.js', 'a plugin of type "hook" has one']);
  if (manifest.type === 'widget') needed.push(['client.js', 'a plugin of type "widget" has one']);
  if (manifest.hooks.length > 0) needed.push(['server.js', 'the manifest lists hooks']);
  if (manifest.type === 'theme')
    needed.push([manifest.theme?.stylesheet ?? 'assets/theme.css', 'a theme has a stylesheet']);
  else if (manifest.theme) needed.push([manifest.theme.stylesheet, '"theme.stylesheet" names it']);
  for (const style of manifest.styles) needed.push([style, '"styles" names it']);
  if (manifest.icon) needed.push([manifest.icon, '"icon" names it']);
  for (const shot of manifest.screenshots ?? []) needed.push([shot, '"screenshots" names it']);
  const faults = needed
    .filter(([file], index) => !has(listing, file) && needed.findIndex(([other]) => other === file) === index)
    .map(([file, why]) => ({
      path: file,
      message: `${file} is missing: ${why}.`,
      fix: `Add ${file} or change plugin.json.`,
    }));
  if (manifest.type === 'feature' && !has(listing, 'server.js') && !has(listing, 'client.js')) {
    faults.push({
      path: 'server.js',
      message: 'Neither server.js nor client.js is there.',
      fix: 'Add at least one of them.',
    });
  }
  if (manifest.type === 'theme') {
    for (const file of ['server.js', 'client.js']) {
      if (has(listing, file))
        faults.push({
          path: file,
          message: `${file} is not allowed: a theme holds no code.`,
          fix: `Remove ${file}, or change "type" to "feature".`,
        });
    }
  }
  return faults;
}
