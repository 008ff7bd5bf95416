import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CoreStore } from '../storage/index.js';
import { cronRecordSchema, PluginCrons } from './crons.js';

let directory: string;
let store: CoreStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'sodium-crons-'));
  store = await CoreStore.open(directory);
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const records = () => store.collection('plugin-crons', cronRecordSchema);
const YEARLY = { name: 'yearly', expression: '0 0 1 1 *', timezone: 'UTC' };

test('a run that is still going is not started again', async () => {
  const crons = new PluginCrons(records());
  let finish = (): void => undefined;
  const dispose = crons.add('demo', [YEARLY], () => new Promise((resolve) => (finish = resolve)));
  const first = crons.fire('demo', 'yearly', 'ada');
  expect(await crons.fire('demo', 'yearly', 'ada')).toBeNull();
  finish();
  expect(await first).toMatchObject({ ok: true, by: 'ada' });
  expect(crons.list('demo')).toMatchObject([
    { name: 'yearly', running: false, lastRun: { ok: true }, nextRun: expect.stringMatching(/-01-01T00:00:00/) },
  ]);
  dispose();
  expect(crons.has('demo', 'yearly')).toBe(false);
});

test('a failure is kept with its message', async () => {
  const crons = new PluginCrons(records());
  const dispose = crons.add('demo', [YEARLY], () => Promise.reject(new Error('no money')));
  expect(await crons.fire('demo', 'yearly', 'ada')).toMatchObject({ ok: false, message: 'no money' });
  dispose();
});

test('what fell due while the panel was down runs once at the start, and only once', async () => {
  await records().insert({
    id: 'demo/yearly',
    expression: YEARLY.expression,
    settledAt: '2020-06-01T00:00:00.000Z',
    history: [],
  });
  const run = vi.fn(() => Promise.resolve());
  const crons = new PluginCrons(records());
  const dispose = crons.add('demo', [YEARLY], run);
  await vi.waitFor(() => expect(crons.list('demo')[0]?.lastRun).toMatchObject({ by: 'missed', ok: true }));
  dispose();
  const again = new PluginCrons(records());
  again.add('demo', [YEARLY], run)();
  expect(run).toHaveBeenCalledTimes(1);
});

test('a new expression owes nothing, and neither does a plugin that was deactivated', async () => {
  const run = vi.fn(() => Promise.resolve());
  await records().insert({
    id: 'demo/yearly',
    expression: '0 0 1 6 *',
    settledAt: '2020-06-01T00:00:00.000Z',
    history: [],
  });
  const crons = new PluginCrons(records());
  crons.add('demo', [YEARLY], run)();
  await crons.forget('demo');
  expect(records().all()).toEqual([]);
  crons.add('demo', [YEARLY], run)();
  expect(run).not.toHaveBeenCalled();
});
