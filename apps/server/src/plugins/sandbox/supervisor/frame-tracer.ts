import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Position } from '../compile/trace-positions.js';
import { runCompiler } from '../compile/run-compiler.js';

const MAX_MAP_BYTES = 16 * 1024 * 1024;
const DEADLINE_MS = 5_000;
/** Positions asked for at once, and kept. */
const MAX_POSITIONS = 100;
const MAX_KNOWN = 1000;
/** Errors at ever new places cost a process each; a plugin may cause no more than this much work in the window. */
const MAX_WORK_MS = 5_000;
const WINDOW_MS = 60_000;

const answerSchema = z.array(z.string().max(300).nullable()).max(MAX_POSITIONS);

/**
 * Leads the frames in a plugin's stacks back to its author's files, where the package holds a source map. The map is the
 * plugin's own and may be hostile: it is read in a process of its own, when an error needs it, and never in the panel.
 */
export class FrameTracer {
  /** By `line:column` of the server.js that runs. What cannot be led back stands for itself. */
  readonly #known = new Map<string, string>();
  readonly #frame: RegExp;
  #hasMap = false;
  #work = { since: 0, ms: 0 };

  constructor(
    readonly plugin: string,
    readonly serverFile: string,
    readonly compilerFolder: string,
    /** Instead of what lies at `serverFile` and beside it. */
    readonly given?: { code: string; map: string | null },
  ) {
    this.#frame = new RegExp(`plugin:${plugin}/server\\.js:(\\d{1,9}):(\\d{1,9})`, 'g');
  }

  /** Looks once per start whether there is a map, so that plugins without one pay nothing afterwards. */
  async prepare(source: string): Promise<void> {
    this.#hasMap =
      /\/\/[#@] sourceMappingURL=data:/.test(source.slice(source.lastIndexOf('\n//'))) || (await this.#mapSize()) > 0;
  }

  /** Whether `learn` could tell more about a text. */
  isUnknown(text: string): boolean {
    return this.#hasMap && this.#unknownIn(text).length > 0;
  }

  /** The text with every frame that is known led back. */
  apply(text: string): string {
    if (!this.#hasMap) return text;
    return text.replace(this.#frame, (frame, line: string, column: string) => {
      const found = this.#known.get(`${line}:${column}`);
      return found ? `plugin:${this.plugin}/${found}` : frame;
    });
  }

  /** Never rejects: what cannot be learned stays as it is. */
  async learn(texts: readonly string[]): Promise<void> {
    const wanted = [...new Set(texts.flatMap((text) => this.#unknownIn(text)))].slice(0, MAX_POSITIONS);
    const now = Date.now();
    if (now - this.#work.since > WINDOW_MS) this.#work = { since: now, ms: 0 };
    if (wanted.length === 0 || this.#work.ms > MAX_WORK_MS) return;
    if (this.#known.size + wanted.length > MAX_KNOWN) this.#known.clear();
    const found = await this.#trace(wanted).catch(() => null);
    this.#work.ms += Date.now() - now;
    // A map that cannot be read will not get better before the next start.
    if (found) wanted.forEach((position, index) => this.#known.set(position, found[index] ?? ''));
    else this.#hasMap = false;
  }

  #unknownIn(text: string): string[] {
    const positions = [...text.matchAll(this.#frame)].map(([, line, column]) => `${line}:${column}`);
    return positions.filter((position) => !this.#known.has(position));
  }

  async #trace(wanted: readonly string[]): Promise<(string | null)[] | null> {
    const positions: Position[] = wanted.map((text) => {
      const [line = 1, column = 1] = text.split(':').map(Number);
      return { line, column };
    });
    const { code: source, map } = this.given ?? (await this.#read());
    const args = ['trace', String(source.length), JSON.stringify(positions)];
    const answer = await runCompiler(this.compilerFolder, args, source + (map ?? ''), DEADLINE_MS);
    return answer.kind === 'good' ? answerSchema.parse(JSON.parse(answer.text)) : null;
  }

  async #read(): Promise<{ code: string; map: string | null }> {
    const code = await readFile(this.serverFile, 'utf8');
    return { code, map: (await this.#mapSize()) > 0 ? await readFile(this.#mapFile, 'utf8') : null };
  }

  get #mapFile(): string {
    return `${this.serverFile}.map`;
  }

  async #mapSize(): Promise<number> {
    if (this.given) return this.given.map?.length ?? 0;
    const found = await stat(this.#mapFile).catch(() => null);
    return found?.isFile() && found.size <= MAX_MAP_BYTES ? found.size : 0;
  }
}
