import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bundleProcess, readLines, startProcess } from '../../../../storage/testing/run-process.js';
import { openLoaded } from './testing/open-pair.js';

let panel: string;
let writer: string;
let root: string;
let directory: string;
let last: number;

beforeAll(async () => {
  panel = await bundleProcess(new URL('./testing/panel-process.ts', import.meta.url));
  writer = await bundleProcess(new URL('./testing/writer-process.ts', import.meta.url));
});
afterAll(async () => {
  for (const script of [panel, writer]) await rm(path.dirname(script), { recursive: true });
});
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kills-'));
  directory = path.join(root, 'plugins_killed');
  last = -1;
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the panel until it is killed: by itself at a step, or from here once some turns were acknowledged. */
async function runUntilKilled(kill: { step: string } | { afterTurns: number; delayMs: number }): Promise<number> {
  // A multiple of four, as the writer counts, and never one that was begun before.
  const first = Math.ceil((last + 1) / 4) * 4 + 4;
  const child = startProcess(panel, [directory, writer, `${first}`, ...('step' in kill ? [kill.step] : [])]);
  let turns = 0;
  await readLines(child, (line) => {
    last = Math.max(last, Number(line));
    turns += 1;
    if ('afterTurns' in kill && turns === kill.afterTurns) setTimeout(() => child.kill('SIGKILL'), kill.delayMs);
  });
  expect(child.signalCode).toBe('SIGKILL');
  return turns;
}

async function expectEverythingThere(): Promise<void> {
  const pair = await openLoaded(directory, ['items', 'pair']);
  const { facade } = pair.db;
  const left = facade.get<{ id: string; n: number }>('pair', 'left')!;
  expect(left.n).toBeGreaterThanOrEqual(last);
  expect(facade.get('pair', 'right')).toEqual({ id: 'right', n: left.n });
  expect(facade.get('items', `${last}`)).not.toBeNull();
  expect(facade.get('items', `${last - 50}`)).toBeNull();
  await pair.close();
}

test('nothing acknowledged is lost when the panel is killed at any instant', async () => {
  const kills = Number(process.env.SODIUM_TEST_KILLS ?? 15);
  for (let round = 0; round < kills; round++) {
    await runUntilKilled({ afterTurns: 1 + Math.floor(Math.random() * 150), delayMs: Math.random() * 5 });
    await expectEverythingThere();
  }
  const journals = (await readdir(directory)).filter((name) => name.startsWith('_journal.'));
  expect(journals.length).toBeLessThan(12);
}, 600_000);

test.each(['rotated', 'snapshots-synced', 'snapshots-in-place', 'journal-removed'])(
  'nothing acknowledged is lost when the panel is killed in a compaction: %s',
  async (step) => {
    for (let round = 0; round < 3; round++) {
      await runUntilKilled({ step });
      await expectEverythingThere();
    }
  },
  60_000,
);

test('a disk that is really full refuses, and takes writes again when there is room', async (context) => {
  const disk = path.join(root, 'disk');
  spawnSync('mkdir', ['-p', disk]);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0;
  if (!mounted) return context.skip('mounting is not permitted here');
  try {
    const pair = await openLoaded(path.join(disk, 'plugins_full'), ['items']);
    await writeFile(path.join(disk, 'ballast'), Buffer.alloc(150_000));
    let kept = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        pair.db.facade.insert('items', { id: `${kept}`, text: 'x'.repeat(5000) });
        await pair.db.barrier();
        kept += 1;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(pair.db.facade.count('items')).toBe(kept);
    await rm(path.join(disk, 'ballast'));
    pair.db.facade.insert('items', { id: 'after' });
    await pair.db.barrier();
    await pair.close();
    const again = await openLoaded(path.join(disk, 'plugins_full'), ['items']);
    expect(again.db.facade.count('items')).toBe(kept + 1);
    await again.close();
  } finally {
    spawnSync('umount', [disk]);
  }
});
