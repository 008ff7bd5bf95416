import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makePrivateDirectory, syncDirectory } from '../../storage/durable-file.js';
import type { Collection } from '../../storage/index.js';
import { consentSchema, type Consent } from '../consent.js';
import type { PackageStore } from '../package/package-store.js';
import { exchangeFolder, removeFolder, stagingName, sweepFolders, type Exchange } from './swap-folder.js';

export const keptVersionSchema = z.object({
  id: z.string(),
  plugin: z.string(),
  at: z.string(),
  /** What replaced it. */
  reason: z.enum(['update', 'rollback']),
  consent: consentSchema,
  /** The folder with its documents as they were, below `backups_<plugin>`; null when it had none. */
  data: z.string().nullable(),
});
export type KeptVersion = z.infer<typeof keptVersionSchema>;

const KEPT = 3;
const BACKUPS = 'backups_';

/** Earlier versions of plugins: what was consented to, and the documents as they were when another version took over. */
export class VersionHistory {
  constructor(
    private readonly stored: Collection<KeptVersion>,
    private readonly packages: PackageStore,
    private readonly databaseDirectory: string,
  ) {}

  /** Newest first. */
  list(plugin: string): Readonly<KeptVersion>[] {
    return this.stored.find((version) => version.plugin === plugin).reverse();
  }

  get(id: string): Readonly<KeptVersion> | undefined {
    return this.stored.get(id);
  }

  /** The version that was there before this content. */
  previous(plugin: string, hash: string): Readonly<KeptVersion> | undefined {
    return this.list(plugin).find((version) => version.consent.hash !== hash);
  }

  /** Keeps a version with a copy of its documents. Nothing of the plugin may run meanwhile. `needed` stays in any case. */
  async keep(
    consent: Readonly<Consent>,
    reason: KeptVersion['reason'],
    needed?: Readonly<KeptVersion>,
  ): Promise<Readonly<KeptVersion>> {
    const at = new Date().toISOString();
    const data = await this.copyData(consent.id, `${consent.hash}-${at.replace(/[:.]/g, '-')}`);
    const version = { id: randomUUID(), plugin: consent.id, at, reason, data };
    try {
      await this.stored.insert({ ...version, consent: structuredClone(consent) as Consent });
    } catch (error) {
      await this.dropData(version);
      throw error;
    }
    await this.prune(consent.id, needed);
    return this.stored.get(version.id)!;
  }

  /** Puts a version's documents back. Whole or not at all; doing it twice does no harm. */
  async restoreData(version: Readonly<KeptVersion>): Promise<void> {
    await (await this.exchangeData(version)).keep();
  }

  /** The same, while it may still turn out that the documents there are now have to stay. */
  async exchangeData({ plugin, data }: Readonly<KeptVersion>): Promise<Exchange> {
    if (data === null) return exchangeFolder(null, this.dataFolder(plugin));
    const staging = path.join(this.databaseDirectory, stagingName());
    try {
      await copyFlat(path.join(this.backups(plugin), data), staging);
      return await exchangeFolder(staging, this.dataFolder(plugin));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  /** Whether a version is still there with its documents. */
  async isWhole(id: string): Promise<boolean> {
    const version = this.stored.get(id);
    if (!version) return false;
    return version.data === null || isFolder(path.join(this.backups(version.plugin), version.data));
  }

  async drop(version: Readonly<KeptVersion>): Promise<void> {
    await this.stored.delete(version.id);
    await this.dropData(version);
    return this.dropPackage(version.plugin, version.consent.hash);
  }

  /** Its documents first, which makes room for what has to be written. */
  async discard(version: Readonly<KeptVersion>): Promise<void> {
    await this.dropData(version);
    await this.drop(version);
  }

  async forget(plugin: string): Promise<void> {
    for (const version of this.list(plugin)) await this.stored.delete(version.id);
    await removeFolder(this.backups(plugin));
  }

  /** Bytes of the copies that are kept. */
  async bytes(plugin: string): Promise<number> {
    const sizes = await Promise.all(
      this.list(plugin).map(({ data }) => (data === null ? 0 : folderBytes(path.join(this.backups(plugin), data)))),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  dataFolder(plugin: string): string {
    return path.join(this.databaseDirectory, `plugins_${plugin}`);
  }

  /** Deletes what a crash left: copies that nothing names. */
  async sweep(): Promise<void> {
    await sweepFolders(this.packages.directory);
    await sweepFolders(this.databaseDirectory);
    for (const name of await readdir(this.databaseDirectory)) {
      if (!name.startsWith(BACKUPS)) continue;
      const known = new Set(this.list(name.slice(BACKUPS.length)).map(({ data }) => data));
      const folder = path.join(this.databaseDirectory, name);
      for (const entry of await readdir(folder))
        if (!known.has(entry)) await rm(path.join(folder, entry), { recursive: true, force: true });
    }
  }

  private backups(plugin: string): string {
    return path.join(this.databaseDirectory, `${BACKUPS}${plugin}`);
  }

  private async copyData(plugin: string, name: string): Promise<string | null> {
    const source = this.dataFolder(plugin);
    if (!(await isFolder(source))) return null;
    const staging = path.join(this.backups(plugin), stagingName());
    await makePrivateDirectory(this.backups(plugin));
    try {
      await copyFlat(source, staging);
      await rename(staging, path.join(this.backups(plugin), name));
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    await syncDirectory(this.backups(plugin));
    return name;
  }

  private async dropData({ plugin, data }: Pick<KeptVersion, 'plugin' | 'data'>): Promise<void> {
    if (data !== null) await rm(path.join(this.backups(plugin), data), { recursive: true, force: true });
  }

  private async prune(plugin: string, needed?: Readonly<KeptVersion>): Promise<void> {
    for (const version of this.list(plugin).slice(KEPT)) if (version.id !== needed?.id) await this.drop(version);
  }

  /** The newest of its copies is what runs, and is never among those that are dropped with their last record. */
  private async dropPackage(plugin: string, hash: string): Promise<void> {
    const isKept = this.list(plugin).some((version) => version.consent.hash === hash) || this.isCurrent(plugin, hash);
    if (!isKept) await this.packages.remove(plugin, hash);
  }

  /** Told by the owner of the consents: this content may not be deleted. */
  isCurrent: (plugin: string, hash: string) => boolean = () => true;
}

/** A plugin's documents lie in one folder, without folders in it. */
async function copyFlat(source: string, target: string): Promise<void> {
  await makePrivateDirectory(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const copy = path.join(target, entry.name);
    await copyFile(path.join(source, entry.name), copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await sync(copy);
  }
  await syncDirectory(target);
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  );

/** The size of the files of one folder; 0 when there is none. */
export async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
