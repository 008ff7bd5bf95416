import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { Db } from '@sodium/sdk';
import { clone } from './clone.js';
import type { CollectionState, StoredDocument } from './collection.js';
import type { Collections } from './collections.js';
import { DuplicateIdError, UnknownCollectionError } from './db-errors.js';
import { compileOptions, sortRows } from './find-options.js';
import type { RowChange } from './journal-writer.js';
import { compileQuery, describe, findRows } from './query.js';

const MAX_ID_LENGTH = 256;

export interface FacadeHost {
  readonly collections: Collections;
  /** Throws while nothing is loaded. */
  requireLoaded(): void;
  /** Throws when no write is possible. */
  requireRoom(): void;
  /** Sends what was changed. */
  record(operation: string, change: RowChange): void;
}

/**
 * `sodium.db`. Arguments may run the plugin's code when they are read (getters, toJSON, proxies), and that code may
 * call in here again: everything is turned into values of our own first, and only then is the state looked at.
 */
export function createFacade(host: FacadeHost): Db {
  const { collections } = host;

  const stateOf = (collection: unknown): CollectionState => {
    host.requireLoaded();
    const known = typeof collection === 'string' && collections.registered.has(collection);
    const state = known ? collections.states.get(collection) : undefined;
    if (!state) throw unknown(collection, collections);
    return state;
  };
  const store = (state: CollectionState, document: StoredDocument, id: string): StoredDocument => {
    const before = state.rows.get(id) ?? null;
    const json = JSON.stringify(document);
    const after = collections.admit(document, Buffer.byteLength(json), before);
    const change = { state, id, before, after };
    collections.apply(change);
    host.record(`["${before ? 'p' : 'i'}","${state.name}",${json}]`, change);
    return clone(document);
  };
  const select = (collection: unknown, query: unknown, options: unknown): unknown[] => {
    const compiled = compileQuery(query);
    const { sort, offset, limit } = compileOptions(options);
    const rows = findRows(stateOf(collection), compiled, sort.length > 0 ? Infinity : offset + limit);
    return sortRows(rows, sort)
      .slice(offset, offset + limit)
      .map((row) => clone(row.document));
  };

  const facade: Record<keyof Db, (...args: never[]) => unknown> = {
    registerCollections(specs: unknown) {
      host.requireLoaded();
      collections.register(specs);
    },
    find: (collection: unknown, query?: unknown, options?: unknown) => select(collection, query, options),
    findOne(collection: unknown, query?: unknown, options?: unknown) {
      const { sort, offset } = compileOptions(options);
      const plainSort = Object.fromEntries(sort.map(({ field, direction }) => [field, direction]));
      return select(collection, query, { sort: plainSort, offset, limit: 1 })[0] ?? null;
    },
    get(collection: unknown, id: unknown) {
      const row = stateOf(collection).rows.get(requireId(id));
      return row ? clone(row.document) : null;
    },
    count(collection: unknown, query?: unknown) {
      const compiled = compileQuery(query);
      const state = stateOf(collection);
      return compiled.length === 0 ? state.rows.size : findRows(state, compiled).length;
    },
    insert(collection: unknown, given: unknown) {
      const fields = plainFields('document', given);
      const document = fields.id === undefined ? { ...fields, id: randomUUID() as string } : withId(fields);
      const state = stateOf(collection);
      host.requireRoom();
      if (state.rows.has(document.id)) throw new DuplicateIdError(state.name, document.id);
      return store(state, document, document.id);
    },
    update(collection: unknown, givenId: unknown, given: unknown) {
      const id = requireId(givenId);
      const patch = plainFields('patch', given);
      const state = stateOf(collection);
      host.requireRoom();
      if (patch.id !== undefined && patch.id !== id) throw new TypeError(`An update cannot change the id "${id}".`);
      const before = state.rows.get(id);
      return before ? store(state, { ...before.document, ...patch, id }, id) : null;
    },
    delete(collection: unknown, givenId: unknown) {
      const id = requireId(givenId);
      const state = stateOf(collection);
      const before = state.rows.get(id);
      if (!before) return false;
      host.requireRoom();
      const change = { state, id, before, after: null };
      collections.apply(change);
      host.record(`["d","${state.name}",${JSON.stringify(id)}]`, change);
      return true;
    },
  };
  return facade as unknown as Db;
}

/** Runs whatever code the value brings along, and keeps what JSON keeps. */
function plainFields(what: string, given: unknown): Record<string, unknown> {
  const json = JSON.stringify(given) as string | undefined;
  const value: unknown = json === undefined ? undefined : JSON.parse(json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new TypeError(`The ${what} must be an object; found ${describe(value)}.`);
}

function withId(fields: Record<string, unknown>): StoredDocument {
  requireId(fields.id);
  return fields as StoredDocument;
}

function requireId(id: unknown): string {
  if (typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_LENGTH) return id;
  const found = typeof id === 'string' ? `one of ${id.length} characters` : describe(id);
  throw new TypeError(`An id must be a text of 1 to ${MAX_ID_LENGTH} characters; found ${found}.`);
}

function unknown(collection: unknown, { registered }: Collections): Error {
  if (typeof collection !== 'string')
    return new TypeError(`A collection's name must be a text; found ${describe(collection)}.`);
  return new UnknownCollectionError(collection.slice(0, 80), [...registered]);
}
