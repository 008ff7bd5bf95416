import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { COMPILER_VERSION, compilePlugin } from './compile-plugin.js';

/** Sources up to this size compile within a few milliseconds; larger ones get a process, so that the panel keeps answering. */
const INLINE_CHARACTERS = 24 * 1024;
const DEADLINE_MS = 20_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_CACHED_CHARACTERS = 32 * 1024 * 1024;

/** Compiles plugins, each content once. */
export class CompileCache {
  readonly #texts = new Map<string, Promise<string>>();
  readonly #sizes = new Map<string, number>();
  #characters = 0;

  constructor(readonly folder: string) {}

  compile(plugin: string, source: string): Promise<string> {
    const key = createHash('sha256').update(`${COMPILER_VERSION}\0${plugin}\0${source}`).digest('hex');
    const known = this.#texts.get(key);
    if (known) {
      // The order of the map is the order of use.
      this.#texts.delete(key);
      this.#texts.set(key, known);
      return known;
    }
    const text = source.length <= INLINE_CHARACTERS ? inline(plugin, source) : this.#inProcess(plugin, source);
    this.#texts.set(key, text);
    text.then(
      (compiled) => this.#keep(key, compiled.length),
      () => this.#texts.delete(key),
    );
    return text;
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

  #inProcess(plugin: string, source: string): Promise<string> {
    const args = ['--max-old-space-size=512', path.join(this.folder, 'compile.cjs'), plugin, 'server.js'];
    const options = {
      env: {},
      cwd: '/',
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_OUTPUT_BYTES,
    };
    return new Promise((resolve, reject) => {
      const child = execFile(process.execPath, args, options, (error, output) => {
        if (output.startsWith('+')) return resolve(output.slice(1));
        if (output.startsWith('-'))
          return reject(new Error((JSON.parse(output.slice(1)) as { message: string }).message));
        reject(new Error('server.js could not be compiled: it is too large or nests too deeply.', { cause: error }));
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(source);
    });
  }
}

async function inline(plugin: string, source: string): Promise<string> {
  return compilePlugin(source, plugin);
}
