import { AsyncResource } from 'node:async_hooks';
import { Low } from 'lowdb';
import { z } from 'zod';
import { HttpError } from '../http-error.js';
import { CommitQueue } from './commit-queue.js';
import type { Change, Collection, StoreProblem } from './core-store-types.js';
import { JsonAdapter } from './json-adapter.js';
import { frozenJson } from './plain-json.js';
import { StoreUnavailableError, StoreWriteError } from './store-errors.js';

interface Contents<T> {
  documents: Map<string, Readonly<T>>;
  /** Documents that do not fit the schema: out of reach, but written back as they were found. */
  quarantined: unknown[];
}

export interface CollectionFile {
  file: string;
  /** The parsed array, or why there is none. */
  found: { kind: 'documents'; values: unknown[] } | { kind: 'unavailable'; reason: string };
}

export class CoreCollection<T extends { id: string }> implements Collection<T> {
  readonly #low: Low<Contents<T>>;
  readonly #queue: CommitQueue;
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #unavailable: StoreUnavailableError | null = null;

  constructor(
    readonly name: string,
    private readonly file: string,
    private readonly schema: z.ZodType<T>,
    found: CollectionFile['found'],
    onProblem: (problem: StoreProblem) => void,
  ) {
    const adapter = new JsonAdapter<Contents<T>>(file, (data) => [...data.documents.values(), ...data.quarantined]);
    this.#low = new Low<Contents<T>>(adapter, { documents: new Map(), quarantined: [] });
    this.#queue = new CommitQueue(() => this.#low.write());
    if (found.kind === 'documents') this.#unavailable = this.#load(found.values, onProblem);
    else this.#unavailable = new StoreUnavailableError(file, found.reason);
  }

  all(): Readonly<T>[] {
    return [...this.#documents().values()];
  }

  get(id: string): Readonly<T> | undefined {
    return this.#documents().get(id);
  }

  find(predicate: (document: Readonly<T>) => boolean): Readonly<T>[] {
    return this.all().filter(predicate);
  }

  findOne(predicate: (document: Readonly<T>) => boolean): Readonly<T> | undefined {
    for (const document of this.#documents().values()) if (predicate(document)) return document;
    return undefined;
  }

  async insert(document: T): Promise<Readonly<T>> {
    const documents = this.#writable();
    const after = frozenJson(this.#validate(document));
    if (documents.has(after.id) || this.#isQuarantined(after.id)) {
      throw new HttpError(409, 'DUPLICATE_ID', `"${this.name}" already holds a document with the id "${after.id}".`);
    }
    documents.set(after.id, after);
    await this.#commit({ operation: 'insert', id: after.id, after }, () => documents.delete(after.id));
    return after;
  }

  async update(id: string, patch: Partial<T>): Promise<Readonly<T>> {
    const documents = this.#writable();
    const before = documents.get(id);
    if (!before) throw new HttpError(404, 'NOT_FOUND', `"${this.name}" holds no document with the id "${id}".`);
    const after = this.#merge(before, patch);
    documents.set(id, after);
    await this.#commit({ operation: 'update', id, before, after }, () => documents.set(id, before));
    return after;
  }

  async delete(id: string): Promise<boolean> {
    const documents = this.#writable();
    const before = documents.get(id);
    if (!before) return false;
    const order = [...documents.keys()];
    documents.delete(id);
    await this.#commit({ operation: 'delete', id, before }, () => putBack(documents, id, before, order));
    return true;
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  flush(): Promise<void> {
    return this.#queue.flush();
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #documents(): Map<string, Readonly<T>> {
    if (this.#unavailable) throw this.#unavailable;
    return this.#low.data.documents;
  }

  #writable(): Map<string, Readonly<T>> {
    const documents = this.#documents();
    if (this.#queue.closed) throw new StoreWriteError(this.file, new Error('The store is closed.'));
    return documents;
  }

  #isQuarantined(id: string): boolean {
    return this.#low.data.quarantined.some((value) => (value as { id?: unknown } | null)?.id === id);
  }

  #validate(document: unknown): T {
    const result = this.schema.safeParse(document);
    if (result.success) return result.data;
    throw new TypeError(`A document does not fit the collection "${this.name}":\n${z.prettifyError(result.error)}`);
  }

  /** Fields that this version of the schema does not know are kept: another version may have written them. */
  #merge(before: Readonly<T>, patch: Partial<T>): Readonly<T> {
    if (patch.id !== undefined && patch.id !== before.id) throw new TypeError('An update cannot change the id.');
    const kept: Record<string, unknown> = { ...before };
    for (const key of Object.keys(patch)) delete kept[key];
    return frozenJson({ ...kept, ...this.#validate({ ...before, ...patch, id: before.id }) });
  }

  #commit(change: Change<T>, undo: () => void): Promise<void> {
    // Commits are shared: each is announced as what its own caller did.
    const announce = AsyncResource.bind(() => {
      for (const listener of this.#listeners) listener(change);
    });
    return this.#queue.commit(undo, announce);
  }

  /** One broken document costs itself; nothing but broken ones means that something else is wrong. */
  #load(values: unknown[], onProblem: (problem: StoreProblem) => void): StoreUnavailableError | null {
    const { documents, quarantined } = this.#low.data;
    const reasons: string[] = [];
    for (const [index, value] of values.entries()) {
      const result = this.schema.safeParse(value);
      const duplicate = result.success && documents.has(result.data.id);
      if (result.success && !duplicate) {
        documents.set(result.data.id, frozenJson({ ...(value as T), ...result.data }));
        continue;
      }
      quarantined.push(value);
      reasons.push(
        `entry ${index + 1}: ${result.success ? `the id "${result.data.id}" is taken` : z.prettifyError(result.error)}`,
      );
    }
    if (reasons.length === 0) return null;
    const message = `${reasons.length} of ${values.length} documents cannot be used.\n${reasons.slice(0, 5).join('\n')}`;
    onProblem({
      file: this.file,
      message,
      fix: 'They stay in the file. Mend or remove them there, then restart the panel.',
    });
    return documents.size === 0 ? new StoreUnavailableError(this.file, message) : null;
  }
}

/** Undoing a delete restores the order too. Later inserts were undone before. */
function putBack<T>(documents: Map<string, T>, id: string, document: T, order: string[]): void {
  const others = new Map(documents);
  documents.clear();
  for (const key of order) {
    const value = key === id ? document : others.get(key);
    if (value !== undefined) documents.set(key, value);
  }
}
