import { Socket } from 'node:net';
import { createDb } from '../src/plugins/sandbox/child/db/index.js';
import { CONTROL_FRAMES } from '../src/plugins/sandbox/protocol/channel.js';
import { createStreamChannel } from '../src/plugins/sandbox/protocol/stream-channel.js';

/** The plugin's process: loads, then measures what it is told, one JSON line each way. */
const channel = createStreamChannel(new Socket({ fd: 3, readable: true, writable: true }));
channel.onClose(() => process.exit(0));
await new Promise<void>((resolve) => channel.onFrame(CONTROL_FRAMES, () => resolve()));
const started = performance.now();
const db = createDb(channel);
await db.ready;
const loadMs = performance.now() - started;
const { facade } = db;
facade.registerCollections([{ name: 'invoices', indexes: ['user_id'] }]);
let next = facade.count('invoices');

const invoice = (): Record<string, unknown> => {
  const n = next++;
  return {
    id: `inv_${String(n).padStart(8, '0')}`,
    user_id: String(n % 1000),
    number: `INV-2024-${n}`,
    status: n % 3 ? 'paid' : 'open',
    total: (n % 10_000) / 100,
    currency: 'EUR',
    created_at: '2024-05-01T12:34:56.000Z',
    note: 'x'.repeat(38),
  };
};

async function fill(count: number): Promise<void> {
  while (next < count) {
    for (let n = 0; n < 500 && next < count; n++) facade.insert('invoices', invoice());
    await db.barrier();
  }
  await db.compact();
}

/** Inserts per second, each answered when it is durable. */
async function rate(inserts: number, inFlight: number): Promise<number> {
  const begun = performance.now();
  let left = inserts;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      facade.insert('invoices', invoice());
      await db.barrier();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (inserts / (performance.now() - begun)) * 1000;
}

process.send!({ loadMs, documents: next });
process.on('message', (order: { fill?: number; inserts?: number; inFlight?: number }) => {
  const done = order.fill === undefined ? rate(order.inserts!, order.inFlight!) : fill(order.fill).then(() => 0);
  void done.then((result) => process.send!({ result }));
});
