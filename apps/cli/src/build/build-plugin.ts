import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { sharedRanges } from '@sodium/federation';
import { installedVersions } from '@sodium/federation/installed-versions';
import { checkPackage } from '../check/check-package.js';
import { BuildError, type Problem } from '../problems/problem.js';
import { buildClient, type ClientJob, type ClientResult } from './build-client.js';
import { buildServer } from './build-server.js';
import { listSizes, type FileSize } from './list-sizes.js';
import { copyNamedFiles, copyPackageFiles, writeManifest } from './package-files.js';
import { readPluginSource, type PluginSource } from './plugin-source.js';
import { recordContributions } from './record-contributions.js';

export interface BuildOptions {
  /** Default true. */
  readonly minify?: boolean;
  /** Whether `client.js` gets a source map. Default true. */
  readonly clientMap?: boolean;
  /** Who builds the client; by default a new process. */
  readonly client?: (job: ClientJob) => Promise<ClientResult>;
}

export interface BuildResult {
  readonly id: string;
  readonly version: string;
  readonly outDir: string;
  /** The name of the content. */
  readonly hash: string;
  readonly files: FileSize[];
  /** What the author should know, but may leave as it is. */
  readonly warnings: Problem[];
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
    const { hash, problems } = await checkPackage(draft);
    if (hash === null) throw new BuildError(problems.map((problem) => inSource(problem, source)));
    replaceFolder(draft, target);
    const { id, version } = source.manifest;
    return { id, version, outDir: target, hash, files: listSizes(target), warnings: problems };
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
  const job =
    client?.kind === 'built'
      ? {
          folder,
          id: manifest.id,
          entry: client.entry,
          outDir,
          minify: options.minify ?? true,
          map: options.clientMap ?? true,
        }
      : null;
  const [built, served] = await Promise.allSettled([
    job ? (options.client ?? buildClient)(job) : null,
    server?.kind === 'built' ? buildServer(folder, server.entry, join(outDir, 'server.js')) : null,
  ]);
  // Faults of both halves are told at once.
  const failures = [built, served].flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (failures.length > 0) throw joinFailures(failures);
  const contributes = await contributesOf(source, outDir, options);
  const styles = built.status === 'fulfilled' ? built.value?.styles : undefined;
  if (!styles) return contributes;
  const added: Record<string, unknown> = { ...contributes, shared: sharedRanges(installedVersions(folder)) };
  return styles.length > 0 ? { ...added, styles: [...manifest.styles, ...styles] } : added;
}

/** What the author declares is taken as it is. While one develops, the panel may run the client to know. */
async function contributesOf({ folder, manifest }: PluginSource, outDir: string, options: BuildOptions) {
  const client = join(outDir, 'client.js');
  if (manifest.contributes || options.client || !existsSync(client)) return {};
  const contributes = await recordContributions({ client, folder });
  return contributes ? { contributes } : {};
}

function joinFailures(failures: Error[]): Error {
  const other = failures.find((failure) => !(failure instanceof BuildError));
  return other ?? new BuildError(failures.flatMap((failure) => (failure as BuildError).problems));
}

/** A file of the draft that the author wrote as it is lies in the author's folder under the same name. */
function inSource(problem: Problem, { folder }: PluginSource): Problem {
  const file = join(folder, problem.file);
  return problem.file !== '' && existsSync(file) ? { ...problem, file } : problem;
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
