import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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

/** Builds a client in a process of its own. */
export async function buildClient(job: ClientJob): Promise<ClientResult> {
  const worker = new ClientWorker();
  try {
    return await worker.build(job);
  } finally {
    worker.end();
  }
}

/** A process that builds clients, one after another. It ends with whoever started it. */
export class ClientWorker {
  readonly #process: ChildProcess;
  #output = '';

  /** `warm`: it has its tools loaded and running by the time the first job comes. */
  constructor({ warm = false } = {}) {
    this.#process = fork(fileURLToPath(new URL('client-worker.js', import.meta.url)), warm ? ['--warm'] : [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Whatever the caller's environment is: packages answer differently to development and production.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
  }

  get alive(): boolean {
    return this.#process.connected;
  }

  async build(job: ClientJob): Promise<ClientResult> {
    this.#output = '';
    const answer = await this.#ask(job);
    if (answer.ok) return answer.result;
    throw new BuildError(answer.problems);
  }

  end(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  async #ask(job: ClientJob): Promise<WorkerAnswer> {
    const listening = new AbortController();
    const answered = once(this.#process, 'message', listening);
    const gone = once(this.#process, 'exit', listening).then(([code]) => {
      throw new BuildError(`${job.entry}: could not be built: exit code ${code}\n${this.#output}`.trimEnd());
    });
    this.#process.send(job);
    try {
      const [answer] = (await Promise.race([answered, gone])) as [WorkerAnswer];
      return answer;
    } finally {
      listening.abort();
    }
  }
}
