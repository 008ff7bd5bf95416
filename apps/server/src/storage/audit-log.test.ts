import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diskIo } from './append-file.js';
import { AuditLog, type AuditRecord, StoreWriteError } from './index.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'audit-'));
  file = path.join(directory, 'audit.jsonl');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const record = (action: string): AuditRecord => ({ actor: { id: 'u1', username: 'ann' }, action });
const actions = async (log: AuditLog, page?: { limit?: number; before?: string }): Promise<string[]> =>
  (await log.list(page)).map((entry) => entry.action);

test('pages the newest first, and goes on after a restart', async () => {
  const first = await AuditLog.open(file);
  await Promise.all(['a', 'b', 'c'].map((action) => first.append(record(action))));
  await first.close();
  const log = await AuditLog.open(file);
  await log.append(record('d'));
  const page = await log.list({ limit: 2 });
  expect(page.map((entry) => entry.action)).toEqual(['d', 'c']);
  expect(await actions(log, { limit: 2, before: page[1]!.id })).toEqual(['b', 'a']);
  await log.close();
});

test('an entry is in the file when its promise resolves', async () => {
  const log = await AuditLog.open(file);
  await log.append({ ...record('a'), target: 'billing', details: { n: 1 } });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ action: 'a', target: 'billing', details: { n: 1 } });
  await log.close();
});

test('a torn last line costs itself only', async () => {
  await writeFile(file, `${JSON.stringify({ id: '1', at: 'x', ...record('a') })}\n{"id":"2","at`);
  const log = await AuditLog.open(file);
  await log.append(record('b'));
  expect(await actions(log)).toEqual(['b', 'a']);
  await log.close();
});

test('rotates, keeps so many files, and pages across them', async () => {
  const log = await AuditLog.open(file, { maxFileBytes: 300, keepFiles: 2 });
  for (let n = 0; n < 40; n++) await log.append(record(`a${n}`));
  expect((await readdir(directory)).sort()).toEqual(['audit.1.jsonl', 'audit.2.jsonl', 'audit.jsonl']);
  const listed = await actions(log);
  expect(listed.length).toBeGreaterThan(5);
  expect(listed).toEqual(Array.from(listed, (_, index) => `a${39 - index}`));
  await log.close();
});

test('a refused write leaves no trace, and the log goes on', async () => {
  let refuse = false;
  const io: typeof diskIo = {
    ...diskIo,
    writev: async (fd, buffers, position) => {
      if (!refuse) return diskIo.writev(fd, buffers, position);
      await diskIo.writev(fd, [buffers[0]!.subarray(0, 9)], position);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  const log = await AuditLog.open(file, { io });
  await log.append(record('a'));
  refuse = true;
  await expect(log.append(record('b'))).rejects.toBeInstanceOf(StoreWriteError);
  refuse = false;
  await log.append(record('c'));
  expect(await actions(log)).toEqual(['c', 'a']);
  await log.close();
});

test('a line that a person damaged is left out of the list', async () => {
  const log = await AuditLog.open(file);
  await log.append(record('a'));
  await appendFile(file, 'not json\n');
  expect(await actions(log)).toEqual(['a']);
  await log.close();
});
