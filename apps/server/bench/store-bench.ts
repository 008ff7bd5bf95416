import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { JSONFilePreset } from 'lowdb/node';
import { createStreamChannel } from '../src/plugins/sandbox/protocol/stream-channel.js';
import { PluginStore } from '../src/storage/plugin-store/index.js';

export interface Row {
  what: string;
  value: number;
  unit: string;
  target: string;
  met: boolean;
}

interface Plugin {
  loadMs: number;
  order(order: object): Promise<number>;
  stop(): Promise<void>;
}

const ROUNDS = 5;

async function startPlugin(writer: string, directory: string): Promise<Plugin> {
  const stdio = ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'] as const;
  const child: ChildProcess = spawn(process.execPath, ['--max-old-space-size=64', writer], { stdio: [...stdio] });
  const channel = createStreamChannel(child.stdio[3] as Duplex);
  const store = await PluginStore.open({ channel, location: { kind: 'disk', directory } });
  const loaded = once(child, 'message') as Promise<[{ loadMs: number }]>;
  channel.send(1, 0);
  const [ready] = await loaded;
  return {
    loadMs: ready.loadMs,
    order: async (order) => {
      const answered = once(child, 'message') as Promise<[{ result: number }]>;
      child.send(order);
      return (await answered)[0].result;
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
  const items = Array.from({ length: documents }, (_, n) => {
    return {
      id: `inv_${n}`,
      user_id: String(n % 1000),
      number: `INV-2024-${n}`,
      status: 'paid',
      total: 1.5,
      note: 'x'.repeat(100),
    };
  });
  const db = await JSONFilePreset(file, { items });
  const begun = performance.now();
  let left = updates;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await db.update(({ items: all }) => void all.push({ ...items[0]!, id: `new_${left}` }));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (updates / (performance.now() - begun)) * 1000;
}

export async function benchStore(writer: string): Promise<Row[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'store-bench-'));
  const small = await startPlugin(writer, path.join(root, 'plugins_small'));
  const large = await startPlugin(writer, path.join(root, 'plugins_large'));
  try {
    await small.order({ fill: 1000 });
    await large.order({ fill: 50_000 });
    let ten = await startPlugin(writer, path.join(root, 'plugins_ten'));
    await ten.order({ fill: 10_000 });
    await ten.stop();
    const loads = [];
    for (let round = 0; round < ROUNDS; round++) {
      ten = await startPlugin(writer, path.join(root, 'plugins_ten'));
      loads.push(ten.loadMs);
      if (round < ROUNDS - 1) await ten.stop();
    }
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({
        small: await small.order({ inserts: 300, inFlight: 1 }),
        large: await large.order({ inserts: 300, inFlight: 1 }),
        flight: await large.order({ inserts: 6000, inFlight: 64 }),
        lowdb: await lowdbRate(path.join(root, `lowdb-${round}.json`), 10_000, 20, 1),
        lowdbFlight: await lowdbRate(path.join(root, `lowdb-${round}.json`), 10_000, 192, 64),
        ten: await ten.order({ inserts: 300, inFlight: 1 }),
        tenFlight: await ten.order({ inserts: 6000, inFlight: 64 }),
      });
    }
    await ten.stop();
    const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
    return [
      row(
        'durable inserts, 1 000 documents, one in flight',
        of((r) => r.small),
        '/s',
        '',
        true,
      ),
      row(
        'durable inserts, 50 000 documents, one in flight',
        of((r) => r.large),
        '/s',
        '',
        true,
      ),
      row(
        'durable inserts, 50 000 documents, 64 in flight',
        of((r) => r.flight),
        '/s',
        '',
        true,
      ),
      row(
        'plain lowdb update() at 10 000, one in flight, no sync',
        of((r) => r.lowdb),
        '/s',
        '',
        true,
      ),
      row(
        'plain lowdb update() at 10 000, 64 in flight, no sync',
        of((r) => r.lowdbFlight),
        '/s',
        '',
        true,
      ),
      atMost(
        'insert cost, 50 000 against 1 000',
        of((r) => r.small / r.large),
        1.2,
      ),
      row(
        'rate against plain lowdb at 10 000, one in flight',
        of((r) => r.ten / r.lowdb),
        'x',
        '',
        true,
      ),
      atLeast(
        'rate against plain lowdb at 10 000, 64 in flight',
        of((r) => r.tenFlight / r.lowdbFlight),
        40,
      ),
      atLeast(
        'rate, 64 in flight against one',
        of((r) => r.flight / r.large),
        8,
      ),
      row('load of 10 000 documents', median(loads), 'ms', '', true),
    ];
  } finally {
    await small.stop();
    await large.stop();
    await rm(root, { recursive: true, force: true });
  }
}

function row(what: string, value: number, unit: string, target: string, met: boolean): Row {
  return { what, value: Number(value.toPrecision(4)), unit, target, met };
}

function atMost(what: string, value: number, limit: number): Row {
  return row(what, value, 'x', `<= ${limit}x`, value <= limit);
}

function atLeast(what: string, value: number, limit: number): Row {
  return row(what, value, 'x', `>= ${limit}x`, value >= limit);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
