import { Low } from 'lowdb';
import { z } from 'zod';
import { CommitQueue } from './commit-queue.js';
import type { Document, StoreProblem } from './core-store-types.js';
import { JsonAdapter } from './json-adapter.js';
import { frozenJson } from './plain-json.js';
import { StoreUnavailableError, StoreWriteError } from './store-errors.js';

export type FoundObject =
  { kind: 'object'; value: object } | { kind: 'missing' } | { kind: 'unavailable'; reason: string };

export class CoreDocument<T extends object> implements Document<T> {
  readonly #low: Low<{ value: Readonly<T> }>;
  readonly #queue: CommitQueue;
  readonly #listeners = new Set<(change: { before: Readonly<T>; after: Readonly<T> }) => void>();
  readonly #unavailable: StoreUnavailableError | null = null;

  constructor(
    readonly name: string,
    private readonly file: string,
    private readonly schema: z.ZodType<T>,
    defaults: T,
    found: FoundObject,
    onProblem: (problem: StoreProblem) => void,
  ) {
    const adapter = new JsonAdapter<{ value: Readonly<T> }>(file, (data) => data.value);
    this.#low = new Low<{ value: Readonly<T> }>(adapter, { value: frozenJson(defaults) });
    this.#queue = new CommitQueue(() => this.#low.write());
    if (found.kind === 'object') this.#unavailable = this.#load(found.value, onProblem);
    else if (found.kind === 'unavailable') this.#unavailable = new StoreUnavailableError(file, found.reason);
  }

  get(): Readonly<T> {
    if (this.#unavailable) throw this.#unavailable;
    return this.#low.data.value;
  }

  async update(patch: Partial<T>): Promise<Readonly<T>> {
    const before = this.get();
    if (this.#queue.closed) throw new StoreWriteError(this.file, new Error('The store is closed.'));
    const result = this.schema.safeParse({ ...before, ...patch });
    if (!result.success) throw new TypeError(`"${this.name}" would not fit:\n${z.prettifyError(result.error)}`);
    const after = frozenJson({ ...withoutKeys(before, Object.keys(patch)), ...result.data });
    this.#low.data.value = after;
    await this.#queue.commit(
      () => (this.#low.data.value = before),
      () => this.#listeners.forEach((listener) => listener({ before, after })),
    );
    return after;
  }

  onChange(listener: (change: { before: Readonly<T>; after: Readonly<T> }) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #load(value: object, onProblem: (problem: StoreProblem) => void): StoreUnavailableError | null {
    const result = this.schema.safeParse(value);
    if (result.success) {
      this.#low.data.value = frozenJson({ ...(value as T), ...result.data });
      return null;
    }
    const message = `it does not have the expected fields.\n${z.prettifyError(result.error)}`;
    onProblem({
      file: this.file,
      message,
      fix: `Mend "${this.file}", or delete it to start from defaults, then restart the panel.`,
    });
    return new StoreUnavailableError(this.file, message);
  }
}

function withoutKeys(value: object, keys: string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
