import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BuildError, type Problem } from '../problems/problem.js';

export interface ClientJob {
  readonly folder: string;
  readonly id: string;
  readonly entry: string;
  readonly outDir: string;
  readonly minify: boolean;
  /** Whether a source map is written beside it. */
  readonly map: boolean;
}

export interface ClientResult {
  /** Style sheets to load with the client, relative to the package. */
  readonly styles: string[];
  /** The author's files that it was made of. */
  readonly inputs: string[];
}

export type WorkerAnswer = { ok: true; result: ClientResult } | { ok: false; problems: Problem[] };

/**
 * Builds a client in a process of its own: the federation plugin keeps its options in module variables, so that a
 * second build in one process silently produces a broken entry.
 */
export function buildClient(job: ClientJob, worker: ChildProcess = forkClientWorker()): Promise<ClientResult> {
  let output = '';
  worker.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  worker.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    let answer: WorkerAnswer | undefined;
    worker.on('message', (message) => (answer = message as WorkerAnswer));
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (answer?.ok) resolve(answer.result);
      else if (answer) reject(new BuildError(answer.problems));
      else reject(new BuildError(`${job.entry}: could not be built: exit code ${code}\n${output}`.trimEnd()));
    });
    worker.send(job);
  });
}

/** A process that waits for one job. `warm`: it has its tools loaded and running by the time the job comes. */
export function forkClientWorker({ warm = false } = {}): ChildProcess {
  return fork(fileURLToPath(new URL('client-worker.js', import.meta.url)), warm ? ['--warm'] : [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Whatever the caller's environment is: packages answer differently to development and production.
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
