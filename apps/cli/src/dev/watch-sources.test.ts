import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { watchSources } from './watch-sources.js';

const folder = mkdtempSync(join(tmpdir(), 'sodium-watch-'));
const file = join(folder, 'plugin.json');
let watcher: { close(): Promise<void> } | undefined;

afterEach(async () => {
  await watcher?.close();
  rmSync(folder, { recursive: true, force: true });
});

const inPlace = (text: string): void => writeFileSync(file, text);
/** As many editors save. */
const byRename = (text: string): void => {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
};

test('a save right after the one before was seen is seen as well, however the editor writes', async () => {
  inPlace('{}');
  let seen = '';
  let next: (() => void) | null = null;
  watcher = await watchSources(folder, () => {
    seen = readFileSync(file, 'utf8');
    next?.();
    next = null;
  });
  for (const save of [inPlace, byRename, inPlace, byRename]) {
    seen = '';
    next = () => save('mended');
    save('broken');
    await vi.waitFor(() => expect(seen).toBe('mended'), { timeout: 5_000 });
  }
});
