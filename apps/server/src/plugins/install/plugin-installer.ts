import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import semver from 'semver';
import { HttpError, notFound } from '../../http-error.js';
import type { Consent } from '../consent.js';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';
import { isFolderName } from '../package/discovery.js';
import type { InspectedPackage, SoundPackage } from '../package/inspect.js';
import type { FolderFault } from '../package/read-folder.js';
import { stagingName, swapFolder, sweepFolders, uploadName, type FolderStep } from './swap-folder.js';
import { UnpackError, unpackZip } from './unpack-zip.js';

export type InstallStep = 'received' | 'unpacked' | 'checked' | FolderStep;

export interface ReportedDependency {
  id: string;
  range: string;
  /** The version that is active now, or null. */
  found: string | null;
  satisfied: boolean;
}

export interface Installed {
  id: string;
  /** False: a folder of this id was there, and what runs of it goes on. */
  isNew: boolean;
  dependencies: ReportedDependency[];
}

/** Brings packages into `data/plugins`. Nothing of a package is visible before all of it was found sound. */
export class PluginInstaller {
  constructor(
    private readonly manager: PluginManager,
    private readonly onStep: (step: InstallStep) => void = () => undefined,
  ) {}

  /** Where an upload is kept until it is installed or refused. */
  uploadFile(): string {
    return path.join(this.directory, uploadName());
  }

  /** Installs a zip file. Rejects with 400 and every fault, or 409 while something else is done to the plugin. */
  async install(file: string, actor: Actor): Promise<Installed> {
    const staging = path.join(this.directory, stagingName());
    try {
      this.onStep('received');
      await unpackZip(file, staging);
      this.onStep('unpacked');
      const pkg = await this.check(staging);
      this.onStep('checked');
      return await this.manager.exclusive(pkg.manifest.id, () => this.place(pkg, actor));
    } catch (error) {
      throw asAnswer(error);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  /** Puts back what an admin consented to, in place of whatever lies in the folder. What runs goes on untouched. */
  async discardUpdate(id: string, actor: Actor): Promise<void> {
    const { manager } = this;
    if (!isFolderName(id)) throw notFound('plugin', id);
    await manager.exclusive(id, async () => {
      const offered = await manager.deps.discovery.scanOne(id);
      if (!manager.exists(id)) throw notFound('plugin', id);
      const consent = manager.deps.consents.get(id);
      if (!consent) throw neverActivated(id);
      if (offered?.kind === 'sound' && offered.hash === consent.hash) throw notFound('update of the plugin', id);
      await this.putBack(consent);
      await manager.rescanOne(id);
      const details = { before: versionOf(offered), after: { version: consent.manifest.version, hash: consent.hash } };
      await manager.record({ actor, action: 'plugin.discard-update', target: id, details });
    });
  }

  /** Deletes what a crash left half done, and puts back what it left aside. */
  sweep(): Promise<void> {
    return sweepFolders(this.directory);
  }

  private get directory(): string {
    return this.manager.deps.discovery.directory;
  }

  private async putBack(consent: Readonly<Consent>): Promise<void> {
    const { id } = consent;
    const staging = path.join(this.directory, stagingName());
    try {
      if (!(await this.manager.deps.packages.copyTo(consent, staging))) throw copyMissing(consent);
      await swapFolder(staging, path.join(this.directory, id), this.onStep);
    } catch (error) {
      throw asAnswer(error);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  private async check(staging: string): Promise<SoundPackage> {
    const pkg = await this.manager.deps.discovery.examine(staging, await statedId(staging));
    if (pkg.kind === 'broken') throw invalidPackage(pkg.faults);
    return pkg;
  }

  private async place(pkg: SoundPackage, actor: Actor): Promise<Installed> {
    const { manager } = this;
    const { id, version } = pkg.manifest;
    const before = await manager.deps.discovery.scanOne(id);
    const isNew = !before && !manager.exists(id);
    await swapFolder(pkg.folder, path.join(this.directory, id), this.onStep);
    await manager.rescanOne(id);
    const details = { version, hash: pkg.hash, before: before?.manifest?.version ?? null };
    await manager.record({ actor, action: 'plugin.install', target: id, details });
    return { id, isNew, dependencies: this.dependenciesOf(pkg) };
  }

  private dependenciesOf({ manifest }: SoundPackage): ReportedDependency[] {
    return Object.entries(manifest.dependencies).map(([id, range]) => {
      const found = this.manager.running(id)?.manifest.version ?? null;
      return {
        id,
        range,
        found,
        satisfied: found !== null && semver.satisfies(found, range, { includePrerelease: true }),
      };
    });
  }
}

const stated = z.object({ id: z.string().refine(isFolderName) });

/** The id that the manifest states. Whether it may be one is checked with the rest. */
async function statedId(folder: string): Promise<string> {
  try {
    const text = await readFile(path.join(folder, 'plugin.json'), 'utf8');
    return stated.parse(JSON.parse(text.replace(/^\uFEFF/, ''))).id;
  } catch {
    return '';
  }
}

function neverActivated(id: string): HttpError {
  const message = `"${id}" was never activated: there is nothing to go back to. Remove it instead.`;
  return new HttpError(409, 'NEVER_ACTIVATED', message, { plugin: id });
}

function copyMissing({ id, manifest }: Readonly<Consent>): HttpError {
  const message = `The copy of version ${manifest.version} of "${id}" is missing or was altered on disk. Install that version again, or remove the plugin.`;
  return new HttpError(409, 'COPY_MISSING', message, { plugin: id });
}

/** What a folder holds, for the audit log. */
function versionOf(pkg: InspectedPackage | null): object | null {
  if (!pkg) return null;
  return pkg.kind === 'sound' ? { version: pkg.manifest.version, hash: pkg.hash } : { faults: pkg.faults.length };
}

function invalidPackage(faults: FolderFault[]): HttpError {
  const message = faults
    .map((fault) => fault.message)
    .join(' ')
    .slice(0, 2000);
  return new HttpError(400, 'INVALID_PACKAGE', message, { details: faults });
}

/** The disk's refusals are told as what they are; nothing was changed then. */
export function asAnswer(error: unknown): unknown {
  if (error instanceof UnpackError) return invalidPackage(error.faults);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new HttpError(
    507,
    'DISK_FULL',
    'The disk is full. Nothing was changed. Make room in the data folder and try again.',
    {},
    { cause: error },
  );
}
