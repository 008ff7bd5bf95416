import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from '@sodium/sdk/manifest';
import { isForBrowsers } from '../package/browser-files.js';
import type { SoundPackage } from '../package/inspect.js';
import type { PackageFile } from '../package/read-folder.js';

/** Packages up to this size stay whole in memory, whatever happens to their folder meanwhile. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** The files of one content of a plugin, as they were checked. Nothing is copied on disk: what changed since is not given out. */
export class PreviewContent {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly #files: ReadonlyMap<string, PackageFile>;
  readonly #kept = new Map<string, Buffer>();

  private constructor(private readonly pkg: SoundPackage) {
    this.manifest = pkg.manifest;
    this.hash = pkg.hash;
    this.#files = new Map(pkg.files.map((file) => [file.path, file]));
  }

  /** Rejects when a file is not any more what was checked. */
  static async open(pkg: SoundPackage): Promise<PreviewContent> {
    const content = new PreviewContent(pkg);
    const wanted = pkg.files.filter((file) => file.path.startsWith('server.js') || isForBrowsers(content, file.path));
    const always = wanted.filter((file) => file.path.startsWith('server.js'));
    const small = wanted.reduce((sum, file) => sum + file.size, 0) <= KEPT_BYTES;
    for (const file of small ? wanted : always) {
      const bytes = await content.#fromDisk(file);
      if (!bytes) throw new Error(`"${file.path}" changed while it was read. Try again.`);
      content.#kept.set(file.path, bytes);
    }
    return content;
  }

  /** Nothing is kept in memory: each file is read, and compared with what was checked, when somebody asks for it. */
  static onDisk(pkg: SoundPackage): PreviewContent {
    return new PreviewContent(pkg);
  }

  get warnings(): readonly string[] {
    return this.pkg.warnings;
  }

  get folder(): string {
    return this.pkg.folder;
  }

  hasFile(file: string): boolean {
    return this.#files.has(file);
  }

  /** Null when there is no such file, or when it is not any more what was checked. */
  async read(name: string): Promise<Buffer | null> {
    const file = this.#files.get(name);
    if (!file) return null;
    return this.#kept.get(name) ?? (await this.#fromDisk(file));
  }

  async readForBrowser(name: string): Promise<Buffer | null> {
    return isForBrowsers(this, name) ? this.read(name) : null;
  }

  async #fromDisk(file: PackageFile): Promise<Buffer | null> {
    const bytes = await readFile(path.join(this.pkg.folder, file.path)).catch(() => null);
    const same = bytes && createHash('sha256').update(bytes).digest('hex') === file.sha256;
    return same ? bytes : null;
  }
}
