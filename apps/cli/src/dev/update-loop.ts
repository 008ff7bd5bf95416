import { BuildError } from '../problems/problem.js';
import { relativeProblems } from '../problems/relative-problems.js';
import { buildPlugin, type BuildOptions, type BuildResult } from '../build/index.js';
import type { DevListener } from './dev-events.js';

export interface UpdateLoopOptions {
  readonly folder: string;
  readonly outDir: string;
  readonly build: BuildOptions;
  /** Brings what was built to where it is seen. */
  deploy(built: BuildResult): Promise<void>;
  readonly tell: DevListener;
}

/** Builds and deploys, one after another; saves in between lead to one more update at the end. */
export class UpdateLoop {
  #running: Promise<void> | null = null;
  #again = false;
  #hash: string | null = null;
  /** Whether what was deployed last did not run: then even what ran before has to be deployed again. */
  #failed = false;

  constructor(readonly options: UpdateLoopOptions) {}

  /** Resolves when everything saved so far was seen. Never rejects: what goes wrong is told. */
  update(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#runUntilCurrent().finally(() => (this.#running = null));
    return this.#running;
  }

  async #runUntilCurrent(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#runOnce();
    }
  }

  async #runOnce(): Promise<void> {
    const { folder, outDir, build, deploy, tell } = this.options;
    const started = performance.now();
    try {
      const built = await buildPlugin(folder, outDir, build);
      if (built.hash !== this.#hash || this.#failed) await deploy(built);
      this.#hash = built.hash;
      this.#failed = false;
      const { version, hash } = built;
      tell({ event: 'updated', version, hash, ms: Math.round(performance.now() - started) });
    } catch (error) {
      this.#failed = true;
      const problems = error instanceof BuildError ? error.problems : new BuildError(String(error)).problems;
      tell({ event: 'failed', problems: relativeProblems(problems, folder), kept: this.#hash !== null });
    }
  }
}
