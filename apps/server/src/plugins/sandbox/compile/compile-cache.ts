import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { compilePlugin } from './compile-plugin.js';
import { CompiledFiles } from './compiled-files.js';
import { INLINE_CHARACTERS, runCompiler } from './run-compiler.js';

const DEADLINE_MS = 20_000;
const MAX_CACHED_CHARACTERS = 32 * 1024 * 1024;

/** Compiles plugins, each content once. */
export class CompileCache {
  readonly #texts = new Map<string, Promise<string>>();
  readonly #sizes = new Map<string, number>();
  readonly #files: CompiledFiles | null;
  #characters = 0;
  #compiler: Promise<string> | null = null;

  /** `folder` holds `compile.cjs`; what it compiles is kept in `cacheFolder`, if there is one. */
  constructor(
    readonly folder: string,
    cacheFolder?: string,
  ) {
    this.#files = cacheFolder === undefined ? null : new CompiledFiles(cacheFolder);
  }

  /** `keep`: on disk too, where that saves time at the next start. */
  compile(plugin: string, source: string, { keep } = { keep: true }): Promise<string> {
    const key = sha256(`${plugin}\0${source}`);
    const known = this.#texts.get(key);
    if (known) {
      // The order of the map is the order of use.
      this.#texts.delete(key);
      this.#texts.set(key, known);
      return known;
    }
    const text = source.length <= INLINE_CHARACTERS ? inline(plugin, source) : this.#fromDisk(plugin, source, keep);
    this.#texts.set(key, text);
    text.then(
      (compiled) => this.#keep(key, compiled.length),
      () => this.#texts.delete(key),
    );
    return text;
  }

  /** Waits until what was compiled is kept. */
  async close(): Promise<void> {
    await this.#files?.written();
  }

  #keep(key: string, characters: number): void {
    this.#sizes.set(key, characters);
    this.#characters += characters;
    for (const oldest of this.#texts.keys()) {
      if (this.#characters <= MAX_CACHED_CHARACTERS || oldest === key) return;
      this.#texts.delete(oldest);
      this.#characters -= this.#sizes.get(oldest) ?? 0;
      this.#sizes.delete(oldest);
    }
  }

  async #fromDisk(plugin: string, source: string, keep: boolean): Promise<string> {
    if (!this.#files) return this.#inProcess(plugin, source);
    // The compiler's own content stands for its version: another one's output is never taken.
    const compiler = await (this.#compiler ??= contentHash(path.join(this.folder, 'compile.cjs')));
    const key = sha256(`${compiler}\0${plugin}\0${source}`);
    const kept = await this.#files.read(key);
    if (kept !== null) return kept;
    const text = await this.#inProcess(plugin, source);
    if (keep) void this.#files.write(key, text);
    return text;
  }

  async #inProcess(plugin: string, source: string): Promise<string> {
    const answer = await runCompiler(this.folder, ['compile', plugin], source, DEADLINE_MS);
    if (answer.kind === 'good') return answer.text;
    if (answer.kind === 'bad') throw new Error(answer.message);
    throw new Error('server.js could not be compiled: it is too large or nests too deeply.', { cause: answer.cause });
  }
}

async function inline(plugin: string, source: string): Promise<string> {
  return compilePlugin(source, plugin);
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

async function contentHash(file: string): Promise<string> {
  return sha256(await readFile(file));
}
