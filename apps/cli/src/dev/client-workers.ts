import type { ChildProcess } from 'node:child_process';
import { buildClient, forkClientWorker, type ClientJob, type ClientResult } from '../build/build-client.js';

/** Builds clients with a process that is started ahead of its job: by the time of a save it has everything loaded. */
export class ClientWorkers {
  #spare: ChildProcess | null = null;
  #ended = false;

  readonly build = async (job: ClientJob): Promise<ClientResult> => {
    const worker = this.#spare ?? forkClientWorker();
    this.#spare = null;
    try {
      return await buildClient(job, worker);
    } finally {
      this.warm();
    }
  };

  warm(): void {
    // A build that is still under way when everything ends must leave no process behind.
    if (!this.#ended) this.#spare ??= forkClientWorker();
  }

  dispose(): void {
    this.#ended = true;
    this.#spare?.kill();
    this.#spare = null;
  }
}
