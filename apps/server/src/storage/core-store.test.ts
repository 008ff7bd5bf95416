import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CoreStore, StoreUnavailableError, StoreWriteError } from './index.js';
import { bundleProcess, readLines, startProcess } from './testing/run-process.js';

const user = z.object({ id: z.string(), name: z.string(), tags: z.array(z.string()).default([]) });
type User = z.infer<typeof user>;

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'core-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

const file = (name: string): string => path.join(directory, name);
const users = (store: CoreStore) => store.collection<User>('users', user);
const someone = (id: string, name = `name-${id}`): User => ({ id, name, tags: [] });

describe('a collection', () => {
  test('has a change in memory at once and on disk when the promise resolves', async () => {
    const store = await CoreStore.open(directory);
    const writing = users(store).insert(someone('1'));
    expect(users(store).get('1')?.name).toBe('name-1');
    await writing;
    await users(store).update('1', { name: 'other' });
    const again = users(await CoreStore.open(directory));
    expect(again.all()).toEqual([someone('1', 'other')]);
    expect(await again.delete('1')).toBe(true);
    expect(await again.delete('1')).toBe(false);
  });

  test('keeps its files to the panel alone', async () => {
    const store = await CoreStore.open(directory);
    await users(store).insert(someone('1'));
    expect((await stat(file('users.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  test('refuses a taken id, a missing document, and what its schema refuses', async () => {
    const collection = users(await CoreStore.open(directory));
    await collection.insert(someone('1'));
    await expect(collection.insert(someone('1'))).rejects.toMatchObject({ code: 'DUPLICATE_ID' });
    await expect(collection.update('2', { name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(collection.update('1', { name: 5 as never })).rejects.toThrow('does not fit');
    expect(collection.get('1')?.name).toBe('name-1');
  });

  test('hands out documents that nobody can change', async () => {
    const collection = users(await CoreStore.open(directory));
    await collection.insert({ ...someone('1'), tags: ['a'] });
    expect(() => collection.get('1')!.tags.push('b')).toThrow(TypeError);
  });

  test('shares one write among changes made together', async () => {
    const collection = users(await CoreStore.open(directory));
    const started = performance.now();
    await Promise.all(Array.from({ length: 500 }, (_, n) => collection.insert(someone(String(n)))));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(users(await CoreStore.open(directory)).all()).toHaveLength(500);
  });

  test('announces changes once they are on disk', async () => {
    const collection = users(await CoreStore.open(directory));
    const seen: unknown[] = [];
    const stop = collection.onChange(({ operation, id, before, after }) =>
      seen.push([operation, id, before?.name, after?.name]),
    );
    const writing = collection.insert(someone('1', 'a'));
    expect(seen).toEqual([]);
    await writing;
    await collection.update('1', { name: 'b' });
    stop();
    await collection.delete('1');
    expect(seen).toEqual([
      ['insert', '1', undefined, 'a'],
      ['update', '1', 'a', 'b'],
    ]);
  });

  test('takes back what the disk refused, and goes on when it accepts again', async () => {
    const collection = users(await CoreStore.open(directory));
    for (const id of ['1', '2', '3']) await collection.insert(someone(id));
    await mkdir(file('users.json.tmp'));
    const refused = await Promise.allSettled([
      collection.delete('1'),
      collection.update('2', { name: 'changed' }),
      collection.insert(someone('4')),
    ]);
    expect(refused.map((result) => result.status === 'rejected' && result.reason)).toEqual(
      Array(3).fill(expect.any(StoreWriteError)),
    );
    expect(collection.all()).toEqual(['1', '2', '3'].map((id) => someone(id)));
    await rm(file('users.json.tmp'), { recursive: true });
    await collection.insert(someone('5'));
    expect(
      users(await CoreStore.open(directory))
        .all()
        .map(({ id }) => id),
    ).toEqual(['1', '2', '3', '5']);
  });

  test('keeps fields that this version does not know', async () => {
    await writeFile(file('users.json'), JSON.stringify([{ ...someone('1'), later: { deep: 1 } }]));
    await users(await CoreStore.open(directory)).update('1', { name: 'new' });
    expect(JSON.parse(await readFile(file('users.json'), 'utf8'))).toEqual([
      { ...someone('1', 'new'), later: { deep: 1 } },
    ]);
  });
});

describe('damage', () => {
  test('a torn file is replaced by its backup without losing a change, and kept', async () => {
    const store = await CoreStore.open(directory);
    await users(store).insert(someone('1'));
    await users(store).insert(someone('2'));
    await writeFile(file('users.json'), '[{"id":"1","na');
    const told: string[] = [];
    const again = await CoreStore.open(directory, { onProblem: (problem) => told.push(problem.file) });
    expect(users(again).all()).toEqual([someone('1'), someone('2')]);
    expect(told).toEqual([file('users.json')]);
    const torn = (await readdir(directory)).find((name) => name.startsWith('users.json.torn-'))!;
    expect(await readFile(file(torn), 'utf8')).toBe('[{"id":"1","na');
    expect(JSON.parse(await readFile(file('users.json'), 'utf8'))).toEqual([someone('1'), someone('2')]);
  });

  test('what is told of a torn file quotes none of it', async () => {
    await writeFile(file('users.json'), '[{"id":"1","passwordHash":$argon2');
    expect(JSON.stringify((await CoreStore.open(directory)).problems)).not.toMatch(/argon2|passwordHash/);
  });

  test('a failing restoration leaves the collection unavailable, and the panel starts', async () => {
    const store = await CoreStore.open(directory);
    await users(store).insert(someone('1'));
    await users(store).insert(someone('2'));
    await rm(file('users.json'));
    await mkdir(file('users.json'));
    const again = await CoreStore.open(directory);
    expect(() => users(again).all()).toThrow(StoreUnavailableError);
  });

  test('with no good generation the collection is unavailable and untouched', async () => {
    await writeFile(file('users.json'), '[{"id"');
    const store = await CoreStore.open(directory);
    expect(() => users(store).all()).toThrow(StoreUnavailableError);
    await expect(users(store).insert(someone('1'))).rejects.toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
    expect(store.problems[0]).toMatchObject({
      file: file('users.json'),
      fix: expect.stringContaining('backup') as string,
    });
    await store.close();
    expect(await readdir(directory)).toEqual(['users.json']);
    expect(await readFile(file('users.json'), 'utf8')).toBe('[{"id"');
  });

  test('one broken document costs itself, and its bytes survive writes', async () => {
    const broken = { id: '2', name: 7, precious: true };
    await writeFile(file('users.json'), JSON.stringify([someone('1'), broken, someone('1', 'twice')]));
    const store = await CoreStore.open(directory);
    expect(users(store).all()).toEqual([someone('1')]);
    expect(store.problems[0]?.message).toContain('2 of 3 documents cannot be used');
    await expect(users(store).insert(someone('2'))).rejects.toMatchObject({ code: 'DUPLICATE_ID' });
    await users(store).insert(someone('3'));
    const written = JSON.parse(await readFile(file('users.json'), 'utf8')) as unknown[];
    expect(written).toEqual([someone('1'), someone('3'), broken, someone('1', 'twice')]);
  });

  test('a collection of nothing but broken documents is not an empty one', async () => {
    await writeFile(file('users.json'), JSON.stringify([{ id: '1' }]));
    const store = await CoreStore.open(directory);
    expect(() => users(store).all()).toThrow(StoreUnavailableError);
  });

  test('a vanished file comes back from its backup', async () => {
    const store = await CoreStore.open(directory);
    await users(store).insert(someone('1'));
    await users(store).insert(someone('2'));
    await rm(file('users.json'));
    expect(users(await CoreStore.open(directory)).all()).toEqual([someone('1'), someone('2')]);
  });
});

describe('a document', () => {
  const settings = z.object({ theme: z.string(), limit: z.number().default(3) });
  test('starts from its defaults and keeps what is changed', async () => {
    const store = await CoreStore.open(directory);
    const document = store.document('settings', settings, { theme: 'dark', limit: 3 });
    expect(document.get()).toEqual({ theme: 'dark', limit: 3 });
    await document.update({ theme: 'light' });
    const again = (await CoreStore.open(directory)).document('settings', settings, { theme: 'dark', limit: 3 });
    expect(again.get()).toEqual({ theme: 'light', limit: 3 });
  });

  test('takes back a refused change', async () => {
    const document = (await CoreStore.open(directory)).document('settings', settings, { theme: 'dark', limit: 3 });
    await mkdir(file('settings.json.tmp'));
    await expect(document.update({ theme: 'light' })).rejects.toBeInstanceOf(StoreWriteError);
    expect(document.get().theme).toBe('dark');
  });
});

test('no acknowledged document is lost when the process is killed at any instant', async () => {
  const script = await bundleProcess(new URL('./testing/core-writer.ts', import.meta.url));
  const kills = Number(process.env.SODIUM_TEST_KILLS ?? 8);
  const acknowledged = new Set<string>();
  for (let round = 0; round < kills; round++) {
    const child = startProcess(script, [directory]);
    const killAt = acknowledged.size + 1 + Math.floor(Math.random() * 40);
    await readLines(child, (line) => {
      acknowledged.add(line);
      if (acknowledged.size === killAt) setTimeout(() => child.kill('SIGKILL'), Math.random() * 4);
    });
    const store = await CoreStore.open(directory);
    const items = store.collection('items', z.object({ id: z.string() }));
    expect([...acknowledged].filter((id) => !items.get(id))).toEqual([]);
    expect(store.problems).toEqual([]);
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAt);
    await store.close();
  }
  await rm(path.dirname(script), { recursive: true });
}, 120_000);
