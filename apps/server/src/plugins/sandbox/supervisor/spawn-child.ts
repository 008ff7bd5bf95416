import { spawn, type ChildProcess } from 'node:child_process';
import { realpathSync, writeFile } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { launchPrefix } from './launch-prefix.js';

/** The code caches are built with the same flags (`build-sandbox.mjs`). */
const V8_FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1', ...withoutWasm()];
const NICE = 10;

export interface SpawnedChild {
  child: ChildProcess;
  pid: number;
  stream: Duplex;
}

/** Starts one plugin process: no environment, no files but its own code, low priority, first to go when memory is short. */
export function spawnChild(folder: string): SpawnedChild {
  const code = realpathSync(folder);
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const command = [
    ...launchPrefix(),
    process.execPath,
    ...V8_FLAGS,
    permission,
    `--allow-fs-read=${code}${path.sep}`,
    '--no-warnings',
    path.join(code, 'child.cjs'),
  ];
  const [file, ...args] = command as [string, ...string[]];
  const child = spawn(file, args, { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const stream = child.stdio[3] as Duplex;
  if (child.pid === undefined) {
    child.on('error', () => undefined);
    stream.on('error', () => undefined);
    throw new Error(
      'A plugin process could not be started: the system refused (too many processes or too little memory).',
    );
  }
  lowerPriority(child.pid);
  return { child, pid: child.pid, stream };
}

function lowerPriority(pid: number): void {
  try {
    os.setPriority(pid, NICE);
  } catch {
    // It has ended already, or the system does not allow it.
  }
  writeFile(`/proc/${pid}/oom_score_adj`, '1000', () => undefined);
}

/** Node.js 24 has no such flag any more; there only the scrubbed realm keeps WebAssembly away. */
function withoutWasm(): string[] {
  return Number(process.versions.node.split('.')[0]) < 24 ? ['--no-expose-wasm'] : [];
}
