import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLoaded } from './testing/open-pair.js';

type Doc = { id: string; [field: string]: unknown };
type Step =
  | { kind: 'insert' | 'update'; id: string; fields: Record<string, unknown> }
  | { kind: 'delete'; id: string }
  | { kind: 'compact' | 'restart' };

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const value = fc.oneof(fc.constantFrom(1, 2, 'x', null, true), fc.jsonValue({ maxDepth: 2 }));
const fields = fc.dictionary(fc.constantFrom('k', 'n', 'o', 'text', '__proto__'), value, {
  maxKeys: 3,
  noNullPrototype: true,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('insert' as const, 'update' as const), id, fields }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('compact' as const, 'restart' as const) }) },
);

const plain = <T>(given: T): T => JSON.parse(JSON.stringify(given)) as T;
const has = (document: Doc, key: string, wanted: unknown): boolean =>
  Object.hasOwn(document, key) && JSON.stringify(document[key]) === JSON.stringify(wanted);

test('the store behaves like a Map, through compactions and restarts, with and without an index', async () => {
  const run = fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, indexed) => {
    const root = await mkdtemp(path.join(tmpdir(), 'model-'));
    const spec = [indexed ? { name: 'items', indexes: ['k', 'n'] } : 'items'] as string[];
    let pair = await openLoaded(path.join(root, 'plugins_m'), spec);
    const model = new Map<string, Doc>();
    try {
      for (const current of steps) {
        const { facade } = pair.db;
        if (current.kind === 'insert' && !model.has(current.id)) {
          const document = plain({ ...current.fields, id: current.id });
          model.set(current.id, document);
          expect(facade.insert('items', document)).toEqual(document);
        } else if (current.kind === 'update') {
          const before = model.get(current.id);
          const after = before && ({ ...before, ...plain(current.fields) } as Doc);
          if (after) model.set(current.id, after);
          expect(facade.update('items', current.id, current.fields)).toEqual(after ?? null);
        } else if (current.kind === 'delete') expect(facade.delete('items', current.id)).toBe(model.delete(current.id));
        else if (current.kind === 'compact') await pair.db.compact();
        else if (current.kind === 'restart') {
          await pair.db.barrier();
          await pair.close();
          pair = await openLoaded(path.join(root, 'plugins_m'), spec);
        }
        const all = [...model.values()];
        expect(pair.db.facade.find('items')).toEqual(all);
        for (const wanted of [1, 'x', null]) {
          expect(pair.db.facade.find('items', { k: wanted })).toEqual(
            all.filter((document) => has(document, 'k', wanted)),
          );
          expect(pair.db.facade.count('items', { n: { $ne: wanted } })).toBe(
            all.filter((document) => !has(document, 'n', wanted)).length,
          );
        }
      }
    } finally {
      await pair.close();
      await rm(root, { recursive: true, force: true });
    }
  });
  await fc.assert(run, { numRuns: 60 });
}, 60_000);
