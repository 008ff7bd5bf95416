import { createHash } from 'node:crypto';
import { COMPILER_VERSION, compilePlugin } from './compile-plugin.js';
import { INLINE_CHARACTERS, runCompiler } from './run-compiler.js';

const DEADLINE_MS = 20_000;
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

  async #inProcess(plugin: string, source: string): Promise<string> {
    const answer = await runCompiler(this.folder, [plugin, 'server.js'], source, DEADLINE_MS);
    if (answer.kind === 'good') return answer.text;
    if (answer.kind === 'bad') throw new Error(answer.message);
    throw new Error('server.js could not be compiled: it is too large or nests too deeply.', { cause: answer.cause });
  }
}

async function inline(plugin: string, source: string): Promise<string> {
  return compilePlugin(source, plugin);
}
