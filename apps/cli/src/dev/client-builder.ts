import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClientWorker, type ClientJob, type ClientResult } from '../build/build-client.js';

interface Kept {
  readonly state: string;
  readonly result: ClientResult;
}

/** What each build leaves behind in its process comes to about a megabyte. */
const BUILDS_EACH = 100;

/**
 * Builds clients in a process that stays: by the time of a save it has everything loaded. A client whose files are as
 * they were is not built again.
 */
export class ClientBuilder {
  #worker: ClientWorker | null = null;
  #builds = 0;
  #building = false;
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
    const started = Date.now();
    const result = await this.#run({ ...job, outDir: this.folder });
    // What was saved while it was built may be in it or not.
    if (result.inputs.every((file) => modifiedAt(file) < started))
      this.#kept = { state: stateOf(job, result.inputs), result };
    return this.#copy(job, result);
  };

  /** Makes the process ready. Best when nothing else is to be done: it takes some computing. */
  warm(): void {
    if (this.#ended) return;
    if (this.#builds >= BUILDS_EACH) this.#endWorker();
    if (!this.#worker?.alive) this.#worker = new ClientWorker({ warm: true });
  }

  /** A build that is under way is still finished. */
  dispose(): void {
    this.#ended = true;
    if (!this.#building) this.#endWorker();
  }

  async #run(job: ClientJob): Promise<ClientResult> {
    if (!this.#worker?.alive) this.#worker = new ClientWorker();
    this.#builds += 1;
    this.#building = true;
    try {
      return await this.#worker.build(job);
    } finally {
      this.#building = false;
      if (this.#ended) this.#endWorker();
    }
  }

  #endWorker(): void {
    this.#worker?.end();
    this.#worker = null;
    this.#builds = 0;
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
