import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CoreStore } from './core-store.js';
import { lockFolder } from './folder-lock.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'lock-'));
  file = path.join(directory, 'panel.lock');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a folder that a living process uses is refused, with its number', async () => {
  const other = spawn('sleep', ['60']);
  await writeFile(file, JSON.stringify({ pid: other.pid, startedAt: null }));
  await expect(lockFolder(directory, { waitMs: 0 })).rejects.toThrow(`process ${other.pid}`);
  const waiting = lockFolder(directory, { waitMs: 10_000 });
  other.kill('SIGKILL');
  await once(other, 'exit');
  await (await waiting).release();
  expect(existsSync(file)).toBe(false);
});

test.each([
  ['of a process that has gone', { pid: 2 ** 22 + 1, startedAt: '1' }],
  ['of an earlier process with a number in use', { pid: 1, startedAt: '-1' }],
  ['that is torn', '{"pid'],
])('a lock %s is taken over', async (_kind, content) => {
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  await lockFolder(directory);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  expect(await readdir(directory)).toEqual(['panel.lock']);
});

test('closing the store gives the folder free', async () => {
  const store = await CoreStore.open(directory);
  expect(existsSync(file)).toBe(true);
  await store.close();
  expect(existsSync(file)).toBe(false);
});
