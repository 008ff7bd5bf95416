import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { readProcess } from './process-table.js';
import { REAP_SCRIPT } from './reaper.js';

const GIVE_UP_MS = 10_000;
/** Waits until the panel's end of the pipe closes, however the panel ended, and then reaps. */
const SCRIPT = `while read -r line; do :; done\n${REAP_SCRIPT}`;

const processSchema = z.object({ pid: z.int(), start: z.string() });
const stateSchema = z.object({ panel: processSchema, watchdog: processSchema });

/** A small process of its own that outlives a killed panel by the moment it takes to end the panel's servers. */
export class Watchdog {
  readonly #records: string;
  readonly #stateFile: string;
  #child: ChildProcess | null = null;
  #closed = false;

  constructor(records: string, stateFile: string) {
    this.#records = records;
    this.#stateFile = stateFile;
  }

  /** Waits for the watchdog of a panel that died here before, or it would end the servers that are started next. */
  async start(): Promise<void> {
    if (process.platform === 'win32') return;
    await this.#awaitPrevious();
    await this.#spawn();
  }

  /** Lets the watchdog go. Call it when no server runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.ref();
    child.stdin?.end();
    await gone;
    await rm(this.#stateFile, { force: true });
  }

  async #awaitPrevious(): Promise<void> {
    const text = await readFile(this.#stateFile, 'utf8').catch(() => null);
    const state = text === null ? null : stateSchema.safeParse(parseJson(text)).data;
    if (!state) return;
    if (state.panel.pid !== process.pid && isAlive(state.panel))
      throw new Error(
        `Another panel (process ${state.panel.pid}) uses this data folder. Stop it first, or set SODIUM_DATA to another folder.`,
      );
    const deadline = Date.now() + GIVE_UP_MS;
    while (isAlive(state.watchdog) && Date.now() < deadline) await delay(20);
    if (isAlive(state.watchdog)) process.kill(state.watchdog.pid, 'SIGKILL');
  }

  async #spawn(): Promise<void> {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sodium-watchdog', this.#records], {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      // A group of its own: Ctrl-C, or a kill of the panel's group, must not reach it.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    (child.stdin as unknown as { unref(): void }).unref();
    child.unref();
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.once('exit', () => {
      // Somebody killed it: without one, a crash of the panel would leave orphans.
      if (!this.#closed) void this.#spawn().catch(() => undefined);
    });
    const identify = (pid: number) => ({ pid, start: readProcess(pid)?.startTime ?? '' });
    const state = { panel: identify(process.pid), watchdog: identify(child.pid!) };
    await writeFile(this.#stateFile, JSON.stringify(state), { mode: 0o600 });
  }
}

function isAlive({ pid, start }: z.infer<typeof processSchema>): boolean {
  const entry = readProcess(pid);
  return entry !== null && entry.startTime === start;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
