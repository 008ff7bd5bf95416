import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { CoreCollection } from './core-collection.js';
import { CoreDocument } from './core-document.js';
import type { Collection, CoreStoreApi, CoreStoreOptions, Document, StoreProblem } from './core-store-types.js';
import { makePrivateDirectory } from './durable-file.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import { type Generation, readGenerations } from './generations.js';

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Everything is read when the store opens, so that asking for a collection needs no waiting. */
export class CoreStore implements CoreStoreApi {
  readonly #problems: StoreProblem[] = [];
  readonly #found = new Map<string, Generation>();
  #lock: FolderLock | null = null;
  readonly #opened = new Map<string, CoreCollection<never> | CoreDocument<never>>();

  private constructor(
    readonly directory: string,
    private readonly options: CoreStoreOptions,
  ) {}

  static async open(directory: string, options: CoreStoreOptions = {}): Promise<CoreStore> {
    const store = new CoreStore(path.resolve(directory), options);
    await makePrivateDirectory(store.directory);
    await chmod(store.directory, 0o700);
    store.#lock = await lockFolder(store.directory);
    await store.#read();
    return store;
  }

  get problems(): readonly StoreProblem[] {
    return this.#problems;
  }

  collection<T extends { id: string }>(name: string, schema: z.ZodType<T>): Collection<T> {
    return this.#once(name, CoreCollection<T>, () => {
      const found = this.#found.get(name) ?? { kind: 'missing' };
      const file = this.#file(name);
      return new CoreCollection<T>(name, file, schema, asDocuments(found), (problem) => this.#report(problem));
    });
  }

  document<T extends object>(name: string, schema: z.ZodType<T>, defaults: T): Document<T> {
    return this.#once(name, CoreDocument<T>, () => {
      const found = this.#found.get(name) ?? { kind: 'missing' };
      const file = this.#file(name);
      return new CoreDocument<T>(name, file, schema, defaults, asObject(found), (problem) => this.#report(problem));
    });
  }

  async flush(): Promise<void> {
    await settleAll([...this.#opened.values()].map((opened) => opened.flush()));
  }

  async close(): Promise<void> {
    await settleAll([...this.#opened.values()].map((opened) => opened.close())).finally(() => this.#lock?.release());
  }

  #once<K extends object>(name: string, kind: new (...args: never[]) => K, make: () => K): K {
    if (!NAME.test(name)) throw new TypeError(`"${name}" cannot name a collection: expected ${NAME}.`);
    const known: unknown = this.#opened.get(name);
    if (known instanceof kind) return known;
    if (known) throw new TypeError(`"${name}" is already open as another kind.`);
    const made = make();
    this.#opened.set(name, made as never);
    this.#found.delete(name);
    return made;
  }

  #file(name: string): string {
    return path.join(this.directory, `${name}.json`);
  }

  #report(problem: StoreProblem): void {
    this.#problems.push(problem);
    this.options.onProblem?.(problem);
  }

  async #read(): Promise<void> {
    const names = new Set<string>();
    for (const entry of await readdir(this.directory)) {
      if (entry.endsWith('.json.tmp')) await rm(path.join(this.directory, entry), { recursive: true, force: true });
      const name = entry.replace(/\.json(\.bak)?$/, '');
      if (name !== entry && NAME.test(name)) names.add(name);
    }
    for (const name of names) {
      this.#found.set(name, await readGenerations(this.#file(name), isContainer, (problem) => this.#report(problem)));
    }
  }
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function asDocuments(
  found: Generation,
): { kind: 'documents'; values: unknown[] } | { kind: 'unavailable'; reason: string } {
  if (found.kind === 'unavailable') return found;
  if (found.kind === 'missing') return { kind: 'documents', values: [] };
  if (Array.isArray(found.value)) return { kind: 'documents', values: found.value };
  return { kind: 'unavailable', reason: 'expected a JSON array of documents, found an object.' };
}

function asObject(found: Generation): { kind: 'object'; value: object } | Exclude<Generation, { kind: 'good' }> {
  if (found.kind !== 'good') return found;
  if (Array.isArray(found.value)) return { kind: 'unavailable', reason: 'expected a JSON object, found an array.' };
  return { kind: 'object', value: found.value as object };
}

/** Waits for all before it reports the first failure. */
async function settleAll(promises: Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
