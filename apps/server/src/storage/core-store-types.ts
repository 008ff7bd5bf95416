import type { z } from 'zod';

/** Something on disk that the panel could not read as it stands. Shown to admins; never a reason not to start. */
export interface StoreProblem {
  file: string;
  message: string;
  fix: string;
}

export interface Change<T> {
  operation: 'insert' | 'update' | 'delete';
  id: string;
  before?: Readonly<T>;
  after?: Readonly<T>;
}

/**
 * Documents of one kind, held in memory and kept in one JSON file. Returned documents are deeply frozen.
 * A mutation changes the memory before its call returns; its promise resolves when the change is on disk. When the
 * disk refuses, the promise rejects with `StoreWriteError` and the memory is as before.
 */
export interface Collection<T extends { id: string }> {
  readonly name: string;
  /** In the order of insertion. */
  all(): Readonly<T>[];
  get(id: string): Readonly<T> | undefined;
  find(predicate: (document: Readonly<T>) => boolean): Readonly<T>[];
  findOne(predicate: (document: Readonly<T>) => boolean): Readonly<T> | undefined;
  /** Rejects when the id is taken or the document does not fit the schema. */
  insert(document: T): Promise<Readonly<T>>;
  /** Replaces the named fields; a field set to undefined is removed. Rejects when there is no such document. */
  update(id: string, patch: Partial<T>): Promise<Readonly<T>>;
  /** False when there was no such document. */
  delete(id: string): Promise<boolean>;
  /** Called after a change is on disk, in the order of the changes. Returns the end of the subscription. */
  onChange(listener: (change: Change<T>) => void): () => void;
}

/** One JSON object in a file of its own, such as the panel's settings. The same promises as `Collection`. */
export interface Document<T extends object> {
  readonly name: string;
  get(): Readonly<T>;
  update(patch: Partial<T>): Promise<Readonly<T>>;
  onChange(listener: (change: { before: Readonly<T>; after: Readonly<T> }) => void): () => void;
}

export interface CoreStoreOptions {
  /** Told about each problem when it is found. All of them stay in `problems`. */
  onProblem?(problem: StoreProblem): void;
}

/**
 * The panel's own documents: one file per collection in one folder.
 * Names are `^[a-z][a-z0-9-]{0,62}$`; asking for one twice gives the same object.
 */
export interface CoreStoreApi {
  readonly directory: string;
  readonly problems: readonly StoreProblem[];
  collection<T extends { id: string }>(name: string, schema: z.ZodType<T>): Collection<T>;
  document<T extends object>(name: string, schema: z.ZodType<T>, defaults: T): Document<T>;
  /** Resolves when everything changed so far is on disk; rejects when a write was refused. */
  flush(): Promise<void>;
  /** Flushes; later mutations reject. */
  close(): Promise<void>;
}
