import type { ChildProcess } from 'node:child_process';
import { buildClient, forkClientWorker, type ClientJob, type ClientResult } from '../build/build-client.js';

/** Builds clients with a process that is started ahead of its job: by the time of a save it has everything loaded. */
export class ClientWorkers {
  #spare: ChildProcess | null = null;

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
    this.#spare ??= forkClientWorker();
  }

  dispose(): void {
    this.#spare?.kill();
    this.#spare = null;
  }
}
