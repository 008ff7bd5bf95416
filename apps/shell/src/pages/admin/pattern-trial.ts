/** Ordinary patterns take a fraction of a millisecond; starting the worker takes most of it. */
const LONGEST_MS = 1_000;

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

  #try(question: PatternQuestion): Promise<PatternAnswer> {
    const worker = (this.#worker ??= new Worker(new URL('./pattern-worker.ts', import.meta.url), { type: 'module' }));
    return new Promise((resolve) => {
      const end = (answer: PatternAnswer): void => {
        clearTimeout(timer);
        worker.onmessage = worker.onerror = null;
        if (answer === null) this.dispose();
        resolve(answer);
      };
      const timer = setTimeout(() => end(null), LONGEST_MS);
      worker.onmessage = ({ data }: MessageEvent<boolean>) => end(data);
      worker.onerror = () => end(null);
      worker.postMessage(question);
    });
  }
}
