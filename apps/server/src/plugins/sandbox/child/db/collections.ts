import { Low } from 'lowdb';
import { COLLECTION_NAME } from '../../../../storage/plugin-store/store-frames.js';
import { CollectionState, type Row, type Rows, type StoredDocument } from './collection.js';
import { QuotaError } from './db-errors.js';
import type { RowChange } from './journal-writer.js';
import { describe } from './query.js';
import type { HeapEstimate } from './heap-estimate.js';

const MAX_COLLECTIONS = 100;
const MAX_INDEXES = 16;
const MAX_FIELD_LENGTH = 100;
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

export interface StoreLimits {
  /** Of JSON, all collections together. */
  quotaBytes: number;
  /** What the documents may take on the heap, by estimate. */
  maxHeapBytes: number;
}

/** All collections of the plugin, with their sizes. */
export class Collections {
  readonly states = new Map<string, CollectionState>();
  readonly registered = new Set<string>();
  #bytes = 0;
  #weight = 0;
  #documents = 0;
  #position = 0;

  constructor(
    private readonly limits: StoreLimits,
    private readonly estimate: HeapEstimate,
    private readonly compact: () => Promise<unknown>,
  ) {}

  get bytes(): number {
    return this.#bytes;
  }

  get documents(): number {
    return this.#documents;
  }

  /** What was on disk. */
  async adopt(loaded: ReadonlyMap<string, Rows>, position: number): Promise<void> {
    this.#position = position;
    for (const [name, rows] of loaded) {
      const state = this.#create(name, rows);
      await state.low.read();
      for (const row of rows.values()) this.#count(row, 1);
    }
  }

  register(specs: unknown): void {
    const list = Array.isArray(specs) ? Array.from(specs as unknown[]) : [specs];
    for (const { name, indexes } of list.map(readSpec)) {
      if (!this.states.has(name) && this.states.size >= MAX_COLLECTIONS) {
        throw new QuotaError(`A plugin may have at most ${MAX_COLLECTIONS} collections.`);
      }
      const state = this.states.get(name) ?? this.#create(name, new Map());
      this.registered.add(name);
      for (const field of indexes) state.addIndex(field);
    }
  }

  /** Refuses a document before it is stored, or before it takes the place of `before`. */
  admit(document: StoredDocument, bytes: number, before: Row | null): Row {
    if (bytes > MAX_DOCUMENT_BYTES) {
      throw new QuotaError(`A document may have at most 1 MB of JSON; this one has ${bytes} bytes.`);
    }
    const weight = this.estimate.ofDocument(document);
    const row = { document, position: before?.position ?? this.#position + 1, bytes, weight };
    const grows = bytes > (before?.bytes ?? 0) || row.weight > (before?.weight ?? 0);
    if (grows && this.#bytes - (before?.bytes ?? 0) + bytes > this.limits.quotaBytes) {
      throw new QuotaError(
        `The documents of this plugin would exceed ${megabytes(this.limits.quotaBytes)} MB. Delete some first.`,
      );
    }
    if (grows && this.#weight - (before?.weight ?? 0) + row.weight > this.limits.maxHeapBytes) {
      throw new QuotaError(
        'The documents of this plugin would not fit into its memory. Delete some, or store fewer small fields.',
      );
    }
    return row;
  }

  apply({ state, id, before, after }: RowChange): void {
    if (before) this.#count(before, -1);
    if (after) {
      this.#count(after, 1);
      this.#position = Math.max(this.#position, after.position);
      state.put(after);
    } else state.remove(id);
  }

  takeBack(change: RowChange): void {
    this.apply({ ...change, before: change.after, after: change.before });
  }

  #count(row: Row, sign: 1 | -1): void {
    this.#bytes += sign * row.bytes;
    this.#weight += sign * row.weight;
    this.#documents += sign;
  }

  #create(name: string, rows: Rows): CollectionState {
    const adapter = { read: async () => rows, write: async () => void (await this.compact()) };
    const state = new CollectionState(name, new Low<Rows>(adapter, rows));
    this.states.set(name, state);
    return state;
  }
}

function readSpec(spec: unknown): { name: string; indexes: string[] } {
  const { name, indexes = [] } = (typeof spec === 'object' && spec !== null ? spec : { name: spec }) as {
    name?: unknown;
    indexes?: unknown;
  };
  if (typeof name !== 'string' || !COLLECTION_NAME.test(name)) {
    const found = typeof name === 'string' ? `"${name.slice(0, 80)}"` : describe(name);
    throw new TypeError(
      `A collection is named with a-z, 0-9 and _, beginning with a letter, at most 63 characters; found ${found}.`,
    );
  }
  const fields = Array.isArray(indexes) ? Array.from(indexes as unknown[]) : [indexes];
  const valid = fields.every(
    (field) => typeof field === 'string' && field.length > 0 && field.length <= MAX_FIELD_LENGTH,
  );
  if (!valid || fields.length > MAX_INDEXES) {
    throw new TypeError(`"indexes" of the collection "${name}" must be a list of at most ${MAX_INDEXES} field names.`);
  }
  return { name, indexes: fields as string[] };
}

function megabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}
