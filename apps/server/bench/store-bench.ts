import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { JSONFilePreset } from 'lowdb/node';
import { CONTROL_FRAMES } from '../src/plugins/sandbox/protocol/channel.js';
import { createStreamChannel } from '../src/plugins/sandbox/protocol/stream-channel.js';
import { PluginStore } from '../src/storage/plugin-store/index.js';
import { figures, type Bench } from './figure.js';
import { interleave } from './statistics.js';

const WRITER = fileURLToPath(new URL('./store-writer.mjs', import.meta.url));
const ROUNDS = 5;

/** The child's side of a store, in a process as plugins have it. */
interface Writer {
  order(order: object): Promise<number>;
  stop(): Promise<void>;
}

/** Durable inserts, against the number of documents, the number in flight, and plain lowdb. */
export const storeBench: Bench = {
  name: 'store',
  async run() {
    const root = await mkdtemp(path.join(tmpdir(), 'sodium-bench-'));
    const writers: Writer[] = [];
    const filled = async (documents: number): Promise<Writer> => {
      const writer = await startWriter(path.join(root, `plugins_${documents}`));
      writers.push(writer);
      await writer.order({ fill: documents });
      return writer;
    };
    try {
      return await measure(root, await filled(1000), await filled(10_000), await filled(50_000));
    } finally {
      await Promise.all(writers.map((writer) => writer.stop()));
      await rm(root, { recursive: true, force: true });
    }
  },
};

async function measure(root: string, small: Writer, middle: Writer, large: Writer) {
  const lowdb = (round: number, updates: number, inFlight: number): Promise<number> =>
    lowdbRate(path.join(root, `lowdb-${round}.json`), 10_000, updates, inFlight);
  const sizes = await interleave(3 * ROUNDS, {
    small: () => small.order({ inserts: 100, inFlight: 1 }),
    large: () => large.order({ inserts: 100, inFlight: 1 }),
  });
  const rates = await interleave(ROUNDS, {
    large: () => large.order({ inserts: 300, inFlight: 1 }),
    flight: () => large.order({ inserts: 2000, inFlight: 64 }),
    middle: () => middle.order({ inserts: 300, inFlight: 1 }),
    middleFlight: () => middle.order({ inserts: 2000, inFlight: 64 }),
    lowdb: (round) => lowdb(round, 20, 1),
    lowdbFlight: (round) => lowdb(round, 192, 64),
  });
  const { atMost, atLeast, told } = figures('store');
  const from = (above: Parameters<typeof rates.of>[0], below: Parameters<typeof rates.of>[0]) => ({
    from: { [`${above}/s`]: rates.of(above), [`${below}/s`]: rates.of(below) },
  });
  return [
    atMost('durable insert, cost at 50 000 documents against 1 000', sizes.ratio('small', 'large'), 'x', 1.2, {
      from: { '1 000/s': sizes.of('small'), '50 000/s': sizes.of('large') },
    }),
    atLeast(
      'durable inserts at 10 000 against plain lowdb update(), 64 in flight',
      rates.ratio('middleFlight', 'lowdbFlight'),
      'x',
      40,
      from('middleFlight', 'lowdbFlight'),
    ),
    told('the same with one in flight', rates.ratio('middle', 'lowdb'), 'x', from('middle', 'lowdb')),
    atLeast(
      'durable inserts, 64 in flight against one',
      rates.ratio('flight', 'large'),
      'x',
      8,
      from('flight', 'large'),
    ),
  ];
}

async function startWriter(directory: string): Promise<Writer> {
  const stdio = ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'] as const;
  const child: ChildProcess = spawn(process.execPath, ['--max-old-space-size=64', WRITER], { stdio: [...stdio] });
  const channel = createStreamChannel(child.stdio[3] as Duplex);
  const store = await PluginStore.open({ channel, location: { kind: 'disk', directory } });
  const loaded = once(child, 'message');
  // It loads once its store is attached.
  channel.send(CONTROL_FRAMES.from, 0);
  await loaded;
  return {
    order: async (order) => {
      const answered = once(child, 'message') as Promise<[{ result: number }]>;
      const done = new AbortController();
      const ended = once(child, 'exit', { signal: done.signal }).then(([code]) => {
        throw new Error(`The writing process ended with code ${String(code)} during ${JSON.stringify(order)}.`);
      });
      child.send(order);
      try {
        return (await Promise.race([answered, ended as Promise<never>]))[0].result;
      } finally {
        done.abort();
      }
    },
    stop: async () => {
      const gone = once(child, 'exit');
      channel.close();
      await gone;
      await store.close();
    },
  };
}

/** Updates per second of plain lowdb, which writes the whole file each time and never syncs it. */
async function lowdbRate(file: string, documents: number, updates: number, inFlight: number): Promise<number> {
  const invoice = { user_id: '7', number: 'INV-2024-7', status: 'paid', total: 1.5, note: 'x'.repeat(100) };
  const db = await JSONFilePreset(file, {
    items: Array.from({ length: documents }, (_, n) => ({ id: `inv_${n}`, ...invoice })),
  });
  const began = performance.now();
  let left = updates;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await db.update(({ items }) => void items.push({ id: `new_${left}`, ...invoice }));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (updates / (performance.now() - began)) * 1000;
}
