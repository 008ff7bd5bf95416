/** Ordinary patterns take a fraction of a millisecond. */
const LONGEST_MS = 1_500;
/** Loading the worker is none of a pattern's time. */
const LONGEST_START_MS = 10_000;

export interface PatternQuestion {
  pattern: string;
  text: string;
}

/** Null: it took too long, or there is no worker here. The panel, which bounds it too, has the last word. */
export type PatternAnswer = boolean | null;

/** Tries the patterns that a plugin's author wrote, in a worker: one that takes for ever must not freeze the page. */
export class PatternTrial {
  #worker: Worker | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  /** One question after another, so that it is known which one took too long. */
  ask(question: PatternQuestion): Promise<PatternAnswer> {
    const answer = this.#queue.then(() => this.#try(question));
    this.#queue = answer;
    return answer;
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  async #try(question: PatternQuestion): Promise<PatternAnswer> {
    const worker = this.#worker ?? (await this.#start());
    if (!worker) return null;
    const answer = heard(worker, LONGEST_MS);
    worker.postMessage(question);
    const result = await answer;
    if (result === null) this.dispose();
    return result;
  }

  async #start(): Promise<Worker | null> {
    const worker = new Worker(new URL('./pattern-worker.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    if ((await heard(worker, LONGEST_START_MS)) !== null) return worker;
    this.dispose();
    return null;
  }
}

/** The next word of a worker: its first one says that it is there. */
function heard(worker: Worker, longestMs: number): Promise<PatternAnswer> {
  return new Promise((resolve) => {
    const end = (answer: PatternAnswer): void => {
      clearTimeout(timer);
      worker.onmessage = worker.onerror = null;
      resolve(answer);
    };
    const timer = setTimeout(() => end(null), longestMs);
    worker.onmessage = ({ data }: MessageEvent<boolean>) => end(data);
    worker.onerror = () => end(null);
  });
}
