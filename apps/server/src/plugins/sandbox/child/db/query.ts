import type { CollectionState, Row } from './collection.js';
import { fieldValue } from './field-value.js';

type Test = (value: unknown) => boolean;
interface Condition {
  field: string;
  test: Test;
  /** The only values that can pass, when there are few. */
  equals: readonly unknown[] | null;
}

/** A query made of our own values: no code of the caller runs after it was compiled. */
export type CompiledQuery = readonly Condition[];

const OPERATORS: Record<string, (operand: unknown) => Test> = {
  $gt: ordered((value, operand) => value > operand),
  $gte: ordered((value, operand) => value >= operand),
  $lt: ordered((value, operand) => value < operand),
  $lte: ordered((value, operand) => value <= operand),
  $ne: (operand) => (value) => !sameJson(value, operand),
  $in: (operand) => oneOf(operand as unknown[]),
};

/** Long lists are common: only objects and lists among the items need a comparison each. */
function oneOf(items: unknown[]): Test {
  const simple = new Set(items.filter((item) => typeof item !== 'object' || item === null));
  const others = items.filter((item) => typeof item === 'object' && item !== null);
  return (value) => simple.has(value) || others.some((item) => sameJson(value, item));
}

export function compileQuery(query: unknown): CompiledQuery {
  if (query === undefined || query === null) return [];
  if (typeof query !== 'object' || Array.isArray(query)) {
    throw new TypeError(`A query must be an object such as { userId: '1' }; found ${describe(query)}.`);
  }
  return Object.entries(query).flatMap(([field, wanted]) => compileField(field, wanted));
}

function compileField(field: string, wanted: unknown): Condition[] {
  if (field.startsWith('$'))
    throw new TypeError(`"${field}" is not a field. Operators stand inside one: { total: { $gt: 5 } }.`);
  const operators = operatorsOf(wanted);
  if (!operators) {
    const operand = plain(field, wanted);
    return [{ field, test: (value) => sameJson(value, operand), equals: [operand] }];
  }
  return operators.map(([name, operand]) => compileOperator(field, name, operand));
}

/** Null for a plain value. One key that begins with `$` makes all of them operators. */
function operatorsOf(wanted: unknown): [string, unknown][] | null {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted) || wanted instanceof Date) return null;
  const entries = Object.entries(wanted);
  return entries.some(([name]) => name.startsWith('$')) ? entries : null;
}

function compileOperator(field: string, name: string, given: unknown): Condition {
  const build = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!build) {
    throw new TypeError(`"${name}" at "${field}" is not an operator. Known: ${Object.keys(OPERATORS).join(', ')}.`);
  }
  if (name !== '$in') return { field, test: build(plain(field, given)), equals: null };
  if (!Array.isArray(given)) throw new TypeError(`$in at "${field}" expects a list; found ${describe(given)}.`);
  const items = Array.from(given, (item: unknown) => plain(field, item));
  return { field, test: build(items), equals: items };
}

/** What JSON keeps of a value; undefined stays, and means a missing field. */
function plain(field: string, value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number') return value;
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined)
    throw new TypeError(`The query compares "${field}" with ${describe(value)}, which JSON cannot hold.`);
  return JSON.parse(json) as unknown;
}

/** The matching rows in the order of insertion, at most `limit` of them. */
export function findRows(state: CollectionState, query: CompiledQuery, limit = Infinity): Row[] {
  const found: Row[] = [];
  for (const row of candidates(state, query)) {
    if (found.length >= limit) break;
    if (matchesQuery(row.document, query)) found.push(row);
  }
  return found;
}

export function matchesQuery(document: object, query: CompiledQuery): boolean {
  return query.every(({ field, test }) => test(fieldValue(document, field)));
}

/** Whatever narrows the search most: the id, an index, or nothing. */
function candidates(state: CollectionState, query: CompiledQuery): Iterable<Row> {
  let best: Row[] | null = null;
  for (const { field, equals } of query) {
    if (!equals) continue;
    const rows = field === 'id' ? byId(state, equals) : state.lookup(field, equals);
    if (rows && (!best || rows.length < best.length)) best = rows;
  }
  return best ? best.sort((a, b) => a.position - b.position) : state.rows.values();
}

function byId(state: CollectionState, ids: readonly unknown[]): Row[] {
  return [...new Set(ids)].flatMap((id) => (typeof id === 'string' ? (state.rows.get(id) ?? []) : []));
}

/** Numbers with numbers, texts with texts; nothing else has an order. */
function ordered(holds: (value: string | number, operand: string | number) => boolean): (operand: unknown) => Test {
  return (operand) => (value) => {
    if (typeof value === 'number' && typeof operand === 'number') return holds(value, operand);
    return typeof value === 'string' && typeof operand === 'string' && holds(value, operand);
  };
}

export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson((a as never)[key], (b as never)[key]));
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
