import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Launch } from '../isolation/isolation.js';
import { OutputReader } from './output-reader.js';
import { processesOf, readProcessTable } from './process-table.js';
import { signal, signalGroup, sweep } from './sweep.js';

/** Output still in the pipe when the process is gone is read for this long. */
const LAST_OUTPUT_MS = 500;
const MAX_UNREAD_INPUT = 64 * 1024;

export interface ProcessOptions {
  id: string;
  folder: string;
  launch: Launch;
  env: Record<string, string>;
  onLine(stream: 'out' | 'err' | 'panel', text: string): void;
}

/** One run of a server's command: the process, its group, and whatever it started. */
export class ServerProcess {
  readonly pid: number;
  readonly startedAt = Date.now();
  /** Resolves when neither it nor anything it started is left. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  readonly #child: ChildProcess;
  readonly #options: ProcessOptions;

  private constructor(child: ChildProcess, options: ProcessOptions) {
    this.#child = child;
    this.#options = options;
    this.pid = child.pid!;
    const readers = [this.#reader(child.stdout!, 'out'), this.#reader(child.stderr!, 'err')];
    // What it does not read, or reads no more, is its own matter.
    child.stdin!.on('error', () => undefined);
    this.ended = this.#end(readers);
  }

  /** Rejects when the command cannot be started. */
  static async spawn(options: ProcessOptions): Promise<ServerProcess> {
    const { launch, folder, env } = options;
    const identity = launch.uid === null ? {} : { uid: launch.uid, gid: launch.gid ?? launch.uid };
    const child = spawn(launch.command, launch.args, { cwd: folder, env, detached: true, stdio: 'pipe', ...identity });
    await once(child, 'spawn');
    return new ServerProcess(child, options);
  }

  /** False when it reads too slowly, or not at all. */
  write(line: string): boolean {
    const input = this.#child.stdin!;
    if (!input.writable || input.writableLength > MAX_UNREAD_INPUT) return false;
    input.write(`${line}\n`);
    return true;
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    if (!this.#options.launch.wrapped) return void signalGroup(this.pid, name);
    // The wrapper would end at once and take the server with it before the server could finish.
    const members = processesOf(await readProcessTable(), { pid: this.pid, uid: null });
    for (const { pid } of members) if (pid !== this.pid) signal(pid, name);
  }

  kill(): void {
    signalGroup(this.pid, 'SIGKILL');
    signal(this.pid, 'SIGKILL');
  }

  #reader(stream: NonNullable<ChildProcess['stdout']>, name: 'out' | 'err'): OutputReader {
    return new OutputReader(stream, {
      line: (text) => this.#options.onLine(name, text),
      dropped: (bytes) => this.#options.onLine('panel', `Too much output at once: ${bytes} bytes were left out.`),
    });
  }

  async #end(readers: OutputReader[]): Promise<{ code: number | null; signal: string | null }> {
    const closed = once(this.#child, 'close').catch(() => undefined);
    const [code, name] = (await once(this.#child, 'exit')) as [number | null, string | null];
    await sweep(this.#options.id, this.#options.launch.uid, this.pid);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, LAST_OUTPUT_MS)))]);
    clearTimeout(timer);
    for (const reader of readers) reader.end();
    this.#child.stdin!.destroy();
    return { code, signal: name };
  }
}
