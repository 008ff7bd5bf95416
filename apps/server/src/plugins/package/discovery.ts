import { lstat, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { inspectPackage, type InspectedPackage, type InspectOptions } from './inspect.js';
import { listFolder } from './read-folder.js';

/** Finds the plugins in `data/plugins`. A folder that has not changed since the last look is not read again. */
export class Discovery {
  private readonly known = new Map<string, InspectedPackage>();
  private running: Promise<void> | null = null;

  constructor(
    readonly directory: string,
    private readonly sodiumVersion: string,
    private readonly options: InspectOptions = {},
  ) {}

  get packages(): ReadonlyMap<string, InspectedPackage> {
    return this.known;
  }

  /** Looks at every folder; calls during a scan share it. */
  scan(): Promise<void> {
    this.running ??= this.scanAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** Looks at one folder, or forgets it when it has gone. */
  async scanOne(id: string): Promise<InspectedPackage | null> {
    if (!isFolderName(id)) return null;
    const folder = path.join(this.directory, id);
    const found = await this.inspect(id, folder).catch((error: NodeJS.ErrnoException) => unreadable(folder, error));
    if (found) this.known.set(id, found);
    else this.known.delete(id);
    return found;
  }

  /** Looks at a folder that lies elsewhere, as if it were the one of this id. */
  examine(folder: string, id: string): Promise<InspectedPackage> {
    return inspectPackage(folder, id, this.sodiumVersion, this.options);
  }

  private async scanAll(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.directory, { withFileTypes: true });
    const names = entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && isFolderName(entry.name))
      .map((entry) => entry.name);
    for (const id of this.known.keys()) if (!names.includes(id)) this.known.delete(id);
    for (const id of names.sort()) await this.scanOne(id);
  }

  private async inspect(id: string, folder: string): Promise<InspectedPackage | null> {
    if ((await lstat(folder)).isSymbolicLink()) return linked(folder);
    const before = this.known.get(id);
    if (before && (await listFolder(folder)).signature === before.signature) return before;
    return inspectPackage(folder, id, this.sodiumVersion, this.options);
  }
}

/** One name, not a way to somewhere else: it may come from a request. */
export function isFolderName(id: string): boolean {
  return id !== '' && id.length <= 100 && !id.startsWith('.') && !/[/\\\0]/.test(id);
}

function linked(folder: string): InspectedPackage {
  const fault = {
    path: folder,
    message: 'The folder is a link to another place.',
    fix: 'Replace the link by a copy of the folder.',
  };
  return { kind: 'broken', folder, signature: '', manifest: null, faults: [fault] };
}

function unreadable(folder: string, error: NodeJS.ErrnoException): InspectedPackage | null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  const fault = {
    path: folder,
    message: `The folder could not be read: ${error.message}`,
    fix: 'Check the rights of the folder.',
  };
  return { kind: 'broken', folder, signature: '', manifest: null, faults: [fault] };
}
