import { type Low } from 'lowdb';
import { fieldValue } from './field-value.js';

export type StoredDocument = { id: string } & Record<string, unknown>;

export interface Row {
  readonly document: StoredDocument;
  /** Grows with each insert: the order that `find` keeps. */
  readonly position: number;
  /** Of its JSON. */
  readonly bytes: number;
  /** Of its objects on the heap, roughly. */
  readonly weight: number;
}

export type Rows = Map<string, Row>;
type IndexKey = string | number | boolean | null | undefined;

/** The documents of one collection, by id and by the values of its indexed fields. */
export class CollectionState {
  readonly low: Low<Rows>;
  readonly #indexes = new Map<string, Map<IndexKey, Set<Row>>>();

  constructor(
    readonly name: string,
    low: Low<Rows>,
  ) {
    this.low = low;
  }

  get rows(): Rows {
    return this.low.data;
  }

  get indexedFields(): readonly string[] {
    return [...this.#indexes.keys()];
  }

  addIndex(field: string): void {
    if (this.#indexes.has(field)) return;
    this.#indexes.set(field, new Map());
    for (const row of this.rows.values()) this.#addToIndex(field, row);
  }

  put(row: Row): void {
    const { id } = row.document;
    const before = this.rows.get(id);
    if (before) this.#forget(before);
    this.rows.set(id, row);
    for (const field of this.#indexes.keys()) this.#addToIndex(field, row);
  }

  remove(id: string): void {
    const row = this.rows.get(id);
    if (!row) return;
    this.rows.delete(id);
    this.#forget(row);
  }

  /** After rows were put back: the order of insertion again. */
  restoreOrder(): void {
    const sorted = [...this.rows].sort(([, a], [, b]) => a.position - b.position);
    this.rows.clear();
    for (const [id, row] of sorted) this.rows.set(id, row);
  }

  /** The rows with one of these values, unordered; null when an index cannot tell. */
  lookup(field: string, values: readonly unknown[]): Row[] | null {
    const index = this.#indexes.get(field);
    if (!index || !values.every(isIndexKey)) return null;
    const found: Row[] = [];
    for (const value of new Set(values)) for (const row of index.get(value as IndexKey) ?? []) found.push(row);
    return found;
  }

  #addToIndex(field: string, row: Row): void {
    const key = fieldValue(row.document, field);
    if (!isIndexKey(key)) return;
    const index = this.#indexes.get(field)!;
    const rows = index.get(key);
    if (rows) rows.add(row);
    else index.set(key, new Set([row]));
  }

  #forget(row: Row): void {
    for (const [field, index] of this.#indexes) {
      const key = fieldValue(row.document, field);
      if (!isIndexKey(key)) continue;
      const rows = index.get(key);
      rows?.delete(row);
      if (rows?.size === 0) index.delete(key);
    }
  }
}

/** Objects and lists are compared by content, which a Map cannot do. */
function isIndexKey(value: unknown): value is IndexKey {
  return typeof value !== 'object' || value === null;
}
