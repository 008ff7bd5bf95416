import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../commands/command-context.js';
import { PANEL_MAIN } from '../create/own-packages.js';
import { keepToOwnPorts } from './own-ports.js';

export interface StartedPanel {
  readonly url: string;
  /** Resolves when it has gone, whoever ended it, with how it did: an exit code or a signal. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Runs in the panel's process: it ends when the command does, however that was ended. */
const LIFELINE = `process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel.unref();`;

/** Starts a panel of its own on a free port. What it writes goes to `onOutput`. It ends with `signal`, too. */
export async function startPanel(
  dataFolder: string,
  onOutput: (text: string) => void,
  signal: AbortSignal,
): Promise<StartedPanel> {
  const main = PANEL_MAIN.find(existsSync);
  if (!main)
    throw new UsageError(
      'No panel came with this command.',
      'Run "npm run build" in the panel’s folder, or use --url.',
    );
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  keepToOwnPorts(join(dataFolder, 'config.json'));
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(LIFELINE)}`, main], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, SODIUM_DATA: dataFolder, PORT: '0', HOST: '127.0.0.1', SODIUM_LOG_LEVEL: 'warn' },
  });
  const ended = once(child, 'exit').then(([code, signal]) => (signal ? `signal ${signal}` : `exit code ${code}`));
  const stop = (): boolean => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const output = (chunk: Buffer): void => onOutput(chunk.toString());
  child.stderr!.on('data', output);
  const url = await addressOf(child, ended);
  child.stdout!.on('data', output);
  return {
    url,
    ended,
    stop: async () => {
      stop();
      await ended;
    },
  };
}

/** The panel says where it listens as soon as it does. */
async function addressOf(child: ChildProcess, ended: Promise<string>): Promise<string> {
  let text = '';
  const said = new Promise<string>((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      const found = /listens on (http:\S+)/.exec((text += chunk.toString()))?.[1];
      if (found) resolve(found);
    });
  });
  const failed = ended.then((how) => {
    throw new UsageError(`The panel ended while it started, with ${how}.\n${text}`);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new UsageError(`The panel did not start within ${START_MS / 1000} s.\n${text}`));
    }, START_MS);
  });
  try {
    return await Promise.race([said, failed, late]);
  } finally {
    // It would end a panel that has long been used.
    clearTimeout(timer);
  }
}
