import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { HttpError } from '../../http-error.js';
import type { Consent } from '../consent.js';
import { hashFolder, listFolder } from './read-folder.js';
import type { SoundPackage } from './inspect.js';

/**
 * The copies that admins consented to, by id and content hash. Processes and browsers are served from here alone, so
 * that a change in `data/plugins` is never running code.
 */
export class PackageStore {
  constructor(readonly directory: string) {}

  folder(id: string, hash: string): string {
    return path.join(this.directory, id, hash);
  }

  async has(id: string, hash: string): Promise<boolean> {
    return stat(this.folder(id, hash)).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
  }

  /** Copies a package. The copy appears whole or not at all, and is checked against the hash that was shown. */
  async add(pkg: SoundPackage): Promise<string> {
    const target = this.folder(pkg.manifest.id, pkg.hash);
    if (await this.has(pkg.manifest.id, pkg.hash)) return target;
    const staging = path.join(this.directory, `.staging-${randomUUID()}`);
    try {
      await copyFiles(pkg, staging);
      const { hash } = await hashFolder(await listFolder(staging));
      if (hash !== pkg.hash)
        throw new HttpError(
          409,
          'PACKAGE_CHANGED',
          `The files of "${pkg.manifest.id}" changed while they were copied. Try again.`,
        );
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await rename(staging, target);
      await syncFolder(path.dirname(target));
      return target;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  /** Copies what was consented to to another place. False: the copy is missing or was altered. */
  async copyTo({ id, hash, files }: Readonly<Consent>, target: string): Promise<boolean> {
    if (!(await this.verify(id, hash))) return false;
    await copyFiles({ folder: this.folder(id, hash), files }, target);
    return true;
  }

  /** Whether the copy still is what was consented to: whoever altered it on disk is not running. */
  async verify(id: string, hash: string): Promise<boolean> {
    if (!(await this.has(id, hash))) return false;
    return (await hashFolder(await listFolder(this.folder(id, hash)))).hash === hash;
  }

  async remove(id: string, hash?: string): Promise<void> {
    await rm(hash ? this.folder(id, hash) : path.join(this.directory, id), { recursive: true, force: true });
  }

  /** Deletes what a crash left half-copied. */
  async sweep(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.directory)) {
      if (name.startsWith('.staging-')) await rm(path.join(this.directory, name), { recursive: true, force: true });
    }
  }
}

async function copyFiles(pkg: Pick<SoundPackage, 'folder' | 'files'>, staging: string): Promise<void> {
  for (const file of pkg.files) {
    const target = path.join(staging, file.path);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    await copyFile(path.join(pkg.folder, file.path), target, constants.COPYFILE_EXCL);
    await syncFile(target);
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
