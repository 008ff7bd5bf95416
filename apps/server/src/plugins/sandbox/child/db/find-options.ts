import type { Row } from './collection.js';
import { fieldValue } from './field-value.js';
import { describe } from './query.js';

export interface CompiledOptions {
  sort: readonly { field: string; direction: 1 | -1 }[];
  offset: number;
  limit: number;
}

export function compileOptions(options: unknown): CompiledOptions {
  if (options === undefined || options === null) return { sort: [], offset: 0, limit: Infinity };
  if (typeof options !== 'object') throw new TypeError(`Find options must be an object; found ${describe(options)}.`);
  const { sort, offset, limit } = options as { sort?: unknown; offset?: unknown; limit?: unknown };
  return { sort: compileSort(sort), offset: count('offset', offset, 0), limit: count('limit', limit, Infinity) };
}

export function sortRows(rows: Row[], sort: CompiledOptions['sort']): Row[] {
  if (sort.length === 0) return rows;
  return rows.sort((a, b) => {
    for (const { field, direction } of sort) {
      const order = compare(fieldValue(a.document, field), fieldValue(b.document, field));
      if (order !== 0) return order * direction;
    }
    return a.position - b.position;
  });
}

function compileSort(sort: unknown): CompiledOptions['sort'] {
  if (sort === undefined || sort === null) return [];
  if (typeof sort !== 'object')
    throw new TypeError(`"sort" must be an object such as { createdAt: -1 }; found ${describe(sort)}.`);
  return Object.entries(sort).map(([field, direction]) => {
    if (direction === 1 || direction === -1) return { field, direction };
    throw new TypeError(`"sort" at "${field}" must be 1 or -1.`);
  });
}

function count(name: string, value: unknown, absent: number): number {
  if (value === undefined || value === null) return absent;
  if (typeof value === 'number' && (value === Infinity || Number.isInteger(value)) && value >= 0) return value;
  throw new TypeError(
    `"${name}" must be a whole number from 0 up; found ${typeof value === 'number' ? value : describe(value)}.`,
  );
}

/** Missing and null first, then booleans, numbers, strings, and the rest as equals. */
function compare(a: unknown, b: unknown): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || a === b) return rank;
  if (typeof a === 'object' || a === undefined) return 0;
  return (a as string) < (b as string) ? -1 : 1;
}

function rankOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const rank = ['boolean', 'number', 'string'].indexOf(typeof value);
  return rank < 0 ? 4 : rank + 1;
}
