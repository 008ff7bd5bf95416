import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppendIo } from '../../../../storage/append-file.js';
import { diskIo } from '../../../../storage/append-file.js';
import { ScratchJournal } from '../../../../storage/plugin-store/index.js';
import { openLoaded, openPair, type Pair } from './testing/open-pair.js';

let root: string;
let directory: string;
const open: Pair[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'store-'));
  directory = path.join(root, 'plugins_billing');
});
afterEach(async () => {
  for (const pair of open.splice(0)) await pair.close();
  await rm(root, { recursive: true, force: true });
});

const start = async (...args: Parameters<typeof openLoaded>): Promise<Pair> => {
  const pair = await openLoaded(...args);
  open.push(pair);
  return pair;
};
const stop = async (pair: Pair): Promise<void> => {
  open.splice(open.indexOf(pair), 1);
  await pair.close();
};
const journals = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.startsWith('_journal.'));
const digest = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const name of (await readdir(directory)).sort())
    hash.update(name).update(await readFile(path.join(directory, name)));
  return hash.digest('hex');
};

describe('what is written', () => {
  test('is there after a restart, in the order of insertion', async () => {
    const first = await start(directory, ['invoices']);
    for (const id of ['c', 'a', 'b']) first.db.facade.insert('invoices', { id, total: 1 });
    first.db.facade.update('invoices', 'a', { total: 2 });
    first.db.facade.delete('invoices', 'c');
    await first.db.barrier();
    await stop(first);
    const second = await start(directory, ['invoices']);
    expect(second.db.facade.find('invoices')).toEqual([
      { id: 'a', total: 2 },
      { id: 'b', total: 1 },
    ]);
  });

  test('becomes plain JSON when compacted, and the journal goes', async () => {
    const first = await start(directory, ['invoices', 'notes']);
    first.db.facade.insert('invoices', { id: '1', text: 'grüße\n"x"' });
    expect(await first.db.compact()).toMatchObject({ kind: 'done' });
    const parsed = JSON.parse(await readFile(path.join(directory, 'invoices.json'), 'utf8')) as unknown;
    expect(parsed).toEqual([{ id: '1', text: 'grüße\n"x"' }]);
    await stop(first);
    expect(await readdir(directory)).toEqual(['invoices.json']);
  });

  test('during a compaction is neither lost nor reordered', async () => {
    const pair = await start(directory, ['items']);
    for (let n = 0; n < 3000; n++) pair.db.facade.insert('items', { id: `d${n}`, text: 'x'.repeat(200) });
    const compacting = pair.db.compact();
    let running = true;
    void compacting.then(() => (running = false));
    for (let n = 0; running; n++) {
      pair.db.facade.delete('items', `d${n}`);
      pair.db.facade.insert('items', { id: `d${n}`, again: n });
      pair.db.facade.insert('items', { id: `n${n}` });
      await new Promise(setImmediate);
    }
    expect(await compacting).toMatchObject({ kind: 'done' });
    await pair.db.barrier();
    const expected = pair.db.facade.find('items');
    await stop(pair);
    const again = await start(directory, ['items']);
    expect(again.db.facade.find('items')).toEqual(expected);
  });

  test('compacts by itself once the journal outgrows the documents', async () => {
    const pair = await start(directory, ['items']);
    for (let n = 0; n < 400; n++) {
      pair.db.facade[n === 0 ? 'insert' : 'update'](
        'items',
        ...((n === 0 ? [{ id: '1', text: '' }] : ['1', { text: 'y'.repeat(10_000) }]) as [never, never]),
      );
      await pair.db.barrier();
    }
    await expect.poll(() => existsSync(path.join(directory, 'items.json'))).toBe(true);
    await expect.poll(() => pair.db.stats().journalBytes).toBeLessThan(2_200_000);
  });

  test('after crashes leaves no pile of journals', async () => {
    for (let n = 0; n < 12; n++) {
      const pair = await openLoaded(directory, ['items']);
      pair.db.facade.insert('items', { id: `${n}` });
      await pair.db.barrier();
      await pair.close();
    }
    const pair = await start(directory, ['items']);
    expect((await journals()).length).toBeLessThan(8);
    expect(pair.db.facade.count('items')).toBe(12);
  });

  test('is announced by name and id once it is on disk', async () => {
    const saved: string[] = [];
    const pair = await start(directory, ['items'], { onSave: (...write) => saved.push(write.join(' ')) });
    pair.db.facade.insert('items', { id: '1' });
    pair.db.facade.delete('items', '1');
    await pair.db.barrier();
    await expect.poll(() => saved).toEqual(['items insert 1', 'items delete 1']);
  });
});

describe('damage', () => {
  const prepared = async (): Promise<string> => {
    const pair = await openLoaded(directory, ['items']);
    for (const id of ['1', '2', '3']) {
      pair.db.facade.insert('items', { id });
      await pair.db.barrier();
    }
    await pair.close();
    return path.join(directory, (await journals())[0]!);
  };
  const loadError = async (): Promise<string> => {
    const pair = await openPair(directory);
    open.push(pair);
    return pair.db.ready.then(
      () => 'loaded',
      (error: Error) => error.message,
    );
  };

  test('a journal torn at its end loads without the torn line', async () => {
    const journal = await prepared();
    await appendFile(journal, '0badc0de [["p","items",{"id":"4"');
    const pair = await start(directory, ['items']);
    expect(pair.db.facade.count('items')).toBe(3);
  });

  test('a zero-filled tail is a torn one', async () => {
    const journal = await prepared();
    await appendFile(journal, Buffer.alloc(4096));
    const pair = await start(directory, ['items']);
    expect(pair.db.facade.count('items')).toBe(3);
  });

  test('a bad line before intact ones is refused, with the file and the line', async () => {
    const journal = await prepared();
    const lines = (await readFile(journal, 'utf8')).split('\n');
    lines[1] = lines[1]!.replace('"2"', '"9"');
    await writeFile(journal, lines.join('\n'));
    const before = await digest();
    const message = await loadError();
    expect(message).toContain(`"plugins_billing/${path.basename(journal)}" is damaged at line 2`);
    expect(message).toContain('backup');
    await stop(open[0]!);
    expect(await digest()).toBe(before);
  });

  test('a torn snapshot is refused, at the line where it breaks', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'items.json'), '[\n{"id":"1"},\n{"id":"2"},\n{"id":"3');
    expect(await loadError()).toMatch(/"plugins_billing\/items.json" is damaged at line 4/);
  });

  test('a snapshot cut at a line end is refused too', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'items.json'), '[\n{"id":"1"},\n{"id":"2"},\n');
    expect(await loadError()).toContain('the file ends before its documents do');
  });

  test('a snapshot that a person formatted is read', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(
      path.join(directory, 'items.json'),
      JSON.stringify([{ id: '1', a: { b: 1 } }, { id: '2' }], null, 2),
    );
    const pair = await start(directory, ['items']);
    expect(pair.db.facade.find('items')).toEqual([{ id: '1', a: { b: 1 } }, { id: '2' }]);
  });

  test('files half written by a crashed compaction are removed', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'items.json.tmp'), '[\n{"id"');
    const pair = await start(directory, ['items']);
    expect(pair.db.facade.count('items')).toBe(0);
    expect(existsSync(path.join(directory, 'items.json.tmp'))).toBe(false);
  });
});

describe('a disk that refuses', () => {
  const full = (): Error => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const refusing = (): { io: AppendIo; refuse: boolean; failSync: boolean } => {
    const disk = {
      refuse: false,
      failSync: false,
      io: {
        ...diskIo,
        writev: async (fd, buffers, position) => {
          if (!disk.refuse) return diskIo.writev(fd, buffers, position);
          // As a real one does: some bytes still fit.
          await diskIo.writev(fd, [buffers[0]!.subarray(0, 5)], position);
          throw full();
        },
        datasync: async (fd) => {
          if (disk.failSync) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
          return diskIo.datasync(fd);
        },
      } satisfies AppendIo,
    };
    return disk;
  };

  test('undoes the writes, fails what depended on them, and takes later ones', async () => {
    const disk = refusing();
    const pair = await start(directory, ['items'], { io: disk.io });
    for (const id of ['1', '2', '3']) pair.db.facade.insert('items', { id, n: 0 });
    await pair.db.barrier();
    const bytes = pair.db.stats().bytes;
    disk.refuse = true;
    const epoch = pair.db.begin();
    const reader = pair.db.begin();
    pair.db.facade.delete('items', '1');
    pair.db.facade.insert('items', { id: '1', n: 9 });
    pair.db.facade.update('items', '2', { n: 9 });
    pair.db.facade.delete('items', '2');
    pair.db.facade.insert('items', { id: '4' });
    await expect(pair.db.barrier(epoch)).rejects.toMatchObject({ name: 'StoreWriteFailedError', code: 'ENOSPC' });
    await expect(pair.db.barrier(reader)).rejects.toThrow('full');
    const kept = [1, 2, 3].map((n) => ({ id: `${n}`, n: 0 }));
    expect(pair.db.facade.find('items')).toEqual(kept);
    expect(pair.db.stats()).toMatchObject({ bytes, documents: 3 });
    disk.refuse = false;
    pair.db.facade.insert('items', { id: '5' });
    await pair.db.barrier();
    await stop(pair);
    const again = await start(directory, ['items']);
    expect(again.db.facade.find('items')).toEqual([...kept, { id: '5' }]);
  });

  test('during a compaction keeps the refused writes out of the snapshot', async () => {
    const disk = refusing();
    const pair = await start(directory, ['items'], { io: disk.io });
    pair.db.facade.insert('items', { id: '1' });
    await pair.db.barrier();
    disk.refuse = true;
    pair.db.facade.insert('items', { id: 'refused' });
    expect(await pair.db.compact()).toMatchObject({ kind: 'failed' });
    disk.refuse = false;
    await stop(pair);
    const again = await start(directory, ['items']);
    expect(again.db.facade.find('items')).toEqual([{ id: '1' }]);
  });

  test('that fails to sync is not trusted again', async () => {
    const disk = refusing();
    let fatal: Error | null = null;
    const pair = await start(directory, ['items'], { io: disk.io, onFatal: (error) => (fatal = error) });
    disk.failSync = true;
    pair.db.facade.insert('items', { id: '1' });
    await expect(pair.db.barrier()).rejects.toThrow();
    disk.failSync = false;
    expect(fatal).toMatchObject({ code: 'EIO' });
    expect(() => pair.db.facade.insert('items', { id: '2' })).toThrow('could not be stored');
  });
});

describe('limits', () => {
  test('a full quota refuses growth, and still lets documents shrink and go', async () => {
    const pair = await start(directory, ['items'], { limits: { quotaBytes: 1000 } });
    pair.db.facade.insert('items', { id: '1', text: 'x'.repeat(900) });
    expect(() => pair.db.facade.insert('items', { id: '2', text: 'x'.repeat(200) })).toThrow(/exceed .* MB/);
    expect(pair.db.facade.count('items')).toBe(1);
    pair.db.facade.update('items', '1', { text: '' });
    pair.db.facade.insert('items', { id: '2', text: 'x'.repeat(200) });
    expect(pair.db.facade.delete('items', '1')).toBe(true);
  });

  test('a process that ignores its quota is refused by the panel', async () => {
    const pair = await start(directory, ['items'], { quotaBytes: 1000, limits: { quotaBytes: 1e9 } });
    for (let n = 0; n < 8; n++) pair.db.facade.insert('items', { id: `${n}`, text: 'x'.repeat(500_000) });
    await expect(pair.db.barrier()).rejects.toMatchObject({ code: 'QUOTA' });
    expect(pair.db.facade.count('items')).toBeLessThan(8);
  });

  test('a turn of many large documents in any script gets through', async () => {
    const pair = await start(directory, ['items']);
    for (let n = 0; n < 12; n++) pair.db.facade.insert('items', { id: `${n}`, text: '漢'.repeat(340_000) });
    await pair.db.barrier();
    expect(await pair.db.compact()).toMatchObject({ kind: 'done' });
    expect(pair.db.facade.count('items')).toBe(12);
  });

  test('a process that compacts for ever makes no heap of files', async () => {
    const pair = await start(directory, ['items']);
    pair.db.facade.insert('items', { id: '1' });
    for (let n = 0; n < 50; n++) {
      pair.db.facade.update('items', '1', { n });
      await mkdir(path.join(directory, 'items.json.tmp'), { recursive: true });
      expect(await pair.db.compact()).toMatchObject({ kind: 'failed' });
    }
    expect((await journals()).length).toBeLessThan(40);
    await rm(path.join(directory, 'items.json.tmp'), { recursive: true, force: true });
    expect(await pair.db.compact()).toMatchObject({ kind: 'done' });
    expect((await journals()).length).toBe(1);
    await stop(pair);
    const again = await start(directory, ['items']);
    expect(again.db.facade.find('items')).toEqual([{ id: '1', n: 49 }]);
  });

  test('one turn cannot run away from the disk', async () => {
    const pair = await start(directory, ['items']);
    pair.db.facade.insert('items', { id: '1' });
    const hammer = (): void => {
      for (let n = 0; n < 100; n++) pair.db.facade.update('items', '1', { text: `${n}`.padEnd(500_000) });
    };
    expect(hammer).toThrow('wait for the disk');
    await pair.db.barrier();
    pair.db.facade.update('items', '1', { text: 'fine' });
  });
});

describe('a preview', () => {
  test('sees the stored documents, keeps its writes to itself, and leaves the disk as it was', async () => {
    const real = await start(directory, ['items']);
    real.db.facade.insert('items', { id: '1', from: 'real' });
    await real.db.barrier();
    const before = await digest();
    const journal = new ScratchJournal();
    const location = { kind: 'scratch' as const, directory, journal };
    const preview = await start(directory, ['items'], { location });
    preview.db.facade.update('items', '1', { from: 'preview' });
    preview.db.facade.insert('items', { id: '2' });
    await preview.db.barrier();
    expect(await preview.db.compact()).toEqual({ kind: 'skipped' });
    await stop(preview);
    const restarted = await start(directory, ['items'], { location });
    expect(restarted.db.facade.find('items')).toEqual([{ id: '1', from: 'preview' }, { id: '2' }]);
    expect(await digest()).toBe(before);
    expect(real.db.facade.find('items')).toEqual([{ id: '1', from: 'real' }]);
  });

  test('of a plugin that never ran starts empty and creates nothing', async () => {
    const location = { kind: 'scratch' as const, directory, journal: new ScratchJournal() };
    const preview = await start(directory, ['items'], { location });
    preview.db.facade.insert('items', { id: '1' });
    await preview.db.barrier();
    expect(existsSync(directory)).toBe(false);
  });
});
