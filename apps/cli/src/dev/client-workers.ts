import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient, forkClientWorker, type ClientJob, type ClientResult } from '../build/build-client.js';

interface Kept {
  readonly state: string;
  readonly result: ClientResult;
}

/**
 * Builds clients with a process that is started ahead of its job: by the time of a save it has everything loaded. A
 * client whose files are as they were is not built again.
 */
export class ClientWorkers {
  #spare: ChildProcess | null = null;
  #ended = false;
  #kept: Kept | null = null;

  /** `folder`: where the last client is kept. */
  constructor(private readonly folder: string) {}

  readonly build = async (job: ClientJob): Promise<ClientResult> => {
    const kept = this.#kept;
    if (kept?.state !== undefined && kept.state === stateOf(job, kept.result.inputs))
      return this.#copy(job, kept.result);
    this.#kept = null;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    const worker = this.#spare ?? forkClientWorker();
    this.#spare = null;
    const started = Date.now();
    const result = await buildClient({ ...job, outDir: this.folder }, worker);
    // What was saved while it was built may be in it or not.
    if (result.inputs.every((file) => modifiedAt(file) < started))
      this.#kept = { state: stateOf(job, result.inputs), result };
    return this.#copy(job, result);
  };

  /** Makes the next process ready. Best when nothing else is to be done: it takes some computing. */
  warm(): void {
    // A build that is still under way when everything ends must leave no process behind.
    if (!this.#ended) this.#spare ??= forkClientWorker({ warm: true });
  }

  dispose(): void {
    this.#ended = true;
    this.#spare?.kill();
    this.#spare = null;
  }

  #copy({ outDir }: ClientJob, result: ClientResult): ClientResult {
    cpSync(this.folder, outDir, { recursive: true });
    return result;
  }
}

/** Changes when one of the files does. */
function stateOf({ folder, entry, id }: ClientJob, inputs: readonly string[]): string {
  const files = [...inputs, join(folder, 'tsconfig.json'), join(folder, 'package.json')];
  return JSON.stringify([entry, id, files.map((file) => [file, modifiedAt(file)])]);
}

const modifiedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
