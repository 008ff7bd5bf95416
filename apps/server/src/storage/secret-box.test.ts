import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SecretBox, StoreUnavailableError } from './index.js';

let directory: string;
let keyFile: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'secret-'));
  keyFile = path.join(directory, 'panel', 'secret.key');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('opens after a restart what it sealed', async () => {
  const sealed = (await SecretBox.load(keyFile)).seal('sk_live_ü');
  expect(sealed).not.toContain('sk_live');
  expect((await SecretBox.load(keyFile)).open(sealed)).toBe('sk_live_ü');
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
});

test('seals the same text differently each time', async () => {
  const box = await SecretBox.load(keyFile);
  expect(box.seal('a')).not.toBe(box.seal('a'));
});

test('refuses what was changed, cut, or sealed with another key', async () => {
  const box = await SecretBox.load(keyFile);
  const sealed = box.seal('secret');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  bytes[14]! ^= 1;
  const other = (await SecretBox.load(path.join(directory, 'other.key'))).seal('secret');
  for (const bad of [`v1.${bytes.toString('base64')}`, sealed.slice(0, 20), '', 'plain', other]) {
    expect(() => box.open(bad)).toThrow(StoreUnavailableError);
  }
});

test('a damaged key is reported and never replaced', async () => {
  await SecretBox.load(keyFile);
  await writeFile(keyFile, 'torn');
  const box = await SecretBox.load(keyFile);
  expect(box.problem).toMatchObject({ file: keyFile, fix: expect.stringContaining('backup') as string });
  expect(() => box.seal('x')).toThrow(StoreUnavailableError);
  expect(await readFile(keyFile, 'utf8')).toBe('torn');
});
