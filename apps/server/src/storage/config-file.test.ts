import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConfig, StoreUnavailableError, StoreWriteError } from './index.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'config-'));
  file = path.join(directory, 'config.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const onDisk = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

test('a missing file is written with defaults', async () => {
  const config = await openConfig(file);
  expect(config.problem).toBeNull();
  expect(await onDisk()).toEqual({
    plugins: {
      enabled: true,
      directory: 'data/plugins',
      active: [],
      http: { bodyLimitBytes: 1_048_576, requestsPerMinute: 600 },
      network: { allowPrivate: false },
      requireSignatures: false,
      trustedKeys: {},
    },
    ui: { theme: 'sodium' },
    auth: { registration: true },
  });
});

test('missing keys take their defaults, unknown ones stay', async () => {
  await writeFile(file, JSON.stringify({ plugins: { active: ['billing'], extra: 1 }, port: 80 }));
  const config = await openConfig(file);
  expect(config.get().plugins).toMatchObject({ enabled: true, active: ['billing'], directory: 'data/plugins' });
  await config.update((draft) => void draft.plugins.active.push('hello'));
  expect(await onDisk()).toMatchObject({ plugins: { active: ['billing', 'hello'], extra: 1 }, port: 80 });
  expect(await readFile(file, 'utf8')).toContain('\n  "plugins": {\n');
});

test('updates made together all land, on top of what a person edited meanwhile', async () => {
  const config = await openConfig(file);
  await writeFile(file, JSON.stringify({ plugins: { active: ['by-hand'] } }));
  await Promise.all(['a', 'b', 'c'].map((id) => config.update((draft) => void draft.plugins.active.push(id))));
  expect(config.get().plugins.active).toEqual(['by-hand', 'a', 'b', 'c']);
});

test('what get returns is a copy', async () => {
  const config = await openConfig(file);
  config.get().plugins.active.push('sneaky');
  expect(config.get().plugins.active).toEqual([]);
});

test.each([
  ['torn', '{"plugins":{"active":["billing"', 'JSON is broken at position 31'],
  ['of another shape', '{"plugins":{"active":"billing"}}', 'plugins.active'],
  ['empty', '', 'JSON ends too early'],
  ['misspelt', '{"plugins":{,}}', 'JSON is broken at position 12'],
])('a %s file is reported, read as the safest configuration, and not overwritten', async (_kind, text, message) => {
  await writeFile(file, text);
  const config = await openConfig(file);
  expect(config.problem).toMatchObject({ file, message: expect.stringContaining(message) as string });
  expect(config.get()).toMatchObject({ plugins: { active: [] }, auth: { registration: false } });
  await expect(config.update((draft) => void draft.plugins.active.push('x'))).rejects.toBeInstanceOf(
    StoreUnavailableError,
  );
  expect(await readFile(file, 'utf8')).toBe(text);
  await writeFile(file, '{"plugins":{"active":["mended"]}}');
  await config.update((draft) => void draft.plugins.active.push('x'));
  expect(config.problem).toBeNull();
  expect(config.get().plugins.active).toEqual(['mended', 'x']);
});

test('a refused write changes nothing', async () => {
  const config = await openConfig(file);
  await mkdir(`${file}.tmp`);
  await expect(config.update((draft) => void draft.plugins.active.push('x'))).rejects.toBeInstanceOf(StoreWriteError);
  expect(config.get().plugins.active).toEqual([]);
});
