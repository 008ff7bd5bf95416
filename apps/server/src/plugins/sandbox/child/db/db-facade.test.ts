import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '@sodium/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLoaded, type Pair } from './testing/open-pair.js';

let root: string;
let pair: Pair;
let db: Db;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'facade-'));
  pair = await openLoaded(path.join(root, 'plugins_shop'), ['items']);
  db = pair.db.facade;
});
afterEach(async () => {
  await pair.close();
  await rm(root, { recursive: true, force: true });
});

const ids = (documents: { id: string }[]): string => documents.map((document) => document.id).join('');

test('an insert without an id makes a UUID, and a taken id is refused', () => {
  const made = db.insert('items', { name: 'a' });
  expect(made.id).toMatch(/^[0-9a-f-]{36}$/);
  db.insert('items', { id: '1' });
  expect(() => db.insert('items', { id: '1' })).toThrow(expect.objectContaining({ name: 'DuplicateIdError' }));
});

test('an unregistered collection is named, with what to add', () => {
  expect(() => db.find('invoices')).toThrow("registerCollections(['invoices'])");
  expect(() => db.find('__proto__')).toThrow('There is no collection');
  for (const name of ['', 'A', '../x', 'a-b', '__proto__', 'x'.repeat(64)]) {
    expect(() => db.registerCollections([name])).toThrow('A collection is named with');
  }
});

test('documents are copies, both ways', () => {
  const given = { id: '1', tags: ['a'] };
  const returned = db.insert<{ id: string; tags: string[] }>('items', given);
  given.tags.push('b');
  returned.tags.push('c');
  db.get<{ id: string; tags: string[] }>('items', '1')!.tags.push('d');
  expect(db.get('items', '1')).toEqual({ id: '1', tags: ['a'] });
});

test('what is stored is what JSON keeps', () => {
  const document = { id: '1', when: new Date(0), gone: undefined, nan: NaN, f: () => 1 };
  expect(db.insert('items', document)).toEqual({ id: '1', when: '1970-01-01T00:00:00.000Z', nan: null });
});

test('an update merges, returns null for a missing document, and keeps the id', () => {
  db.insert('items', { id: '1', a: 1, b: { c: 1 } });
  expect(db.update('items', '1', { b: 2, d: 3 })).toEqual({ id: '1', a: 1, b: 2, d: 3 });
  expect(db.update('items', '9', { a: 1 })).toBeNull();
  expect(() => db.update('items', '1', { id: '2' })).toThrow('cannot change the id');
  expect([db.delete('items', '1'), db.delete('items', '1')]).toEqual([true, false]);
});

test('queries compare fields, paths and ranges, with and without an index', () => {
  db.insert('items', { id: 'a', n: 1, user: { id: 'u1' }, tags: ['x'] });
  db.insert('items', { id: 'b', n: 2, user: { id: 'u2' }, tags: ['y'] });
  db.insert('items', { id: 'c', n: '2', user: { id: 'u1' } });
  for (let round = 0; round < 2; round++) {
    expect(ids(db.find('items', { 'user.id': 'u1' }))).toBe('ac');
    expect(ids(db.find('items', { n: 2 }))).toBe('b');
    expect(ids(db.find('items', { n: { $gt: 1 } }))).toBe('b');
    expect(ids(db.find('items', { n: { $gte: 1, $lte: 2 } }))).toBe('ab');
    expect(ids(db.find('items', { n: { $lt: 2 } }))).toBe('a');
    expect(ids(db.find('items', { n: { $ne: 2 } }))).toBe('ac');
    expect(ids(db.find('items', { n: { $in: ['2', 1] } }))).toBe('ac');
    expect(ids(db.find('items', { 'tags.0': 'x' }))).toBe('a');
    expect(ids(db.find('items', { user: { id: 'u2' } }))).toBe('b');
    expect(ids(db.find('items', { tags: undefined }))).toBe('c');
    expect(ids(db.find('items', { id: { $in: ['c', 'a'] } }))).toBe('ac');
    db.registerCollections([{ name: 'items', indexes: ['n', 'user.id', 'tags.0', 'tags'] }]);
  }
});

test('a missing value in a query never matches everything', () => {
  db.insert('items', { id: 'a', owner: 'x' });
  expect(db.find('items', { owner: undefined })).toEqual([]);
});

test('sorts, skips and limits; equals keep the order of insertion', () => {
  for (const [id, n] of [
    ['a', 2],
    ['b', 1],
    ['c', 2],
    ['d', null],
  ] as const)
    db.insert('items', { id, n });
  expect(ids(db.find('items', {}, { sort: { n: 1 } }))).toBe('dbac');
  expect(ids(db.find('items', {}, { sort: { n: -1 }, offset: 1, limit: 2 }))).toBe('cb');
  expect(ids(db.find('items', {}, { limit: 2, offset: 1 }))).toBe('bc');
  expect(db.findOne('items', {}, { sort: { n: 1 } })?.id).toBe('d');
  expect(db.count('items', { n: 2 })).toBe(2);
  expect(() => db.find('items', {}, { limit: '2' as never })).toThrow('"limit" must be a whole number');
});

test('an index keeps the order of insertion after updates', () => {
  db.registerCollections([{ name: 'items', indexes: ['n'] }]);
  for (const id of ['a', 'b', 'c']) db.insert('items', { id, n: 1 });
  db.update('items', 'a', { n: 2 });
  db.update('items', 'a', { n: 1 });
  expect(ids(db.find('items', { n: 1 }))).toBe('abc');
});

test('mistaken queries are refused with what is possible', () => {
  expect(() => db.find('items', { n: { $regex: 'x' } })).toThrow('"$regex" at "n" is not an operator');
  expect(() => db.find('items', { $or: [] })).toThrow('"$or" is not a field');
  expect(() => db.find('items', { n: { $in: 1 } } as never)).toThrow('expects a list');
  expect(() => db.find('items', { n: () => 1 })).toThrow('JSON cannot hold');
});

test('code that arguments bring along cannot corrupt the state', () => {
  const nested = {
    id: 'x',
    get evil() {
      db.insert('items', { id: 'x', from: 'getter' });
      return 1;
    },
  };
  expect(() => db.insert('items', nested)).toThrow('already holds');
  expect(db.get('items', 'x')).toEqual({ id: 'x', from: 'getter' });
  const deleting = { toJSON: () => (db.delete('items', 'x'), { n: 1 }) };
  expect(db.update('items', 'x', deleting as never)).toBeNull();
  const throwing = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('from the proxy');
      },
    },
  );
  expect(() => db.insert('items', throwing)).toThrow('from the proxy');
  const changing = { toString: () => 'items' } as unknown as string;
  expect(() => db.insert(changing, { id: '1' })).toThrow('must be a text');
  expect(db.count('items')).toBe(0);
  expect(pair.db.stats().bytes).toBe(0);
});

test('"__proto__" is a field like any other', async () => {
  const document = JSON.parse('{"id":"1","__proto__":{"admin":true},"a":{"__proto__":1}}') as Record<string, unknown>;
  db.insert('items', document);
  const updated = db.update<{ id: string; admin?: boolean }>('items', '1', { b: 1 })!;
  expect(updated.admin).toBeUndefined();
  expect(Object.getPrototypeOf(updated)).toBe(Object.prototype);
  expect(Object.keys(updated)).toContain('__proto__');
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  expect(db.find('items', { '__proto__.admin': true })).toHaveLength(1);
  expect(db.find('items', { 'constructor.name': 'Object' })).toHaveLength(0);
});

test('documents too deep, too large or of another kind are refused', () => {
  let deep: unknown = 1;
  for (let n = 0; n < 200; n++) deep = { deep };
  expect(() => db.insert('items', { deep })).toThrow('100 levels');
  expect(() => db.insert('items', { text: 'x'.repeat(1024 * 1024) })).toThrow(
    expect.objectContaining({ name: 'QuotaError' }),
  );
  for (const wrong of [null, [], 'text', 5, undefined])
    expect(() => db.insert('items', wrong as never)).toThrow('must be an object');
  for (const id of [5, '', null, 'x'.repeat(257)])
    expect(() => db.insert('items', { id } as never)).toThrow('An id must be a text');
  expect(db.count('items')).toBe(0);
});

test('short JSON that is large in memory is refused before the memory is gone', () => {
  const fill = (): void => {
    for (let n = 0; ; n++) db.insert('items', { id: `${n}`, a: Array.from({ length: 50_000 }, () => []) });
  };
  expect(fill).toThrow(expect.objectContaining({ name: 'QuotaError' }));
  expect(pair.db.stats().bytes).toBeLessThan(4 * 1024 * 1024);
});
