import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createDb } from '../index.js';
import { CONTROL_FRAMES } from '../../../protocol/channel.js';
import { createStreamChannel } from '../../../protocol/stream-channel.js';

/**
 * Writes until the panel goes, and prints the number of each turn that is on disk. Turn n sets `left` and `right` to n,
 * inserts `n`, and deletes `n - 50`, all or nothing.
 */
const socket = new Socket({ fd: 3, readable: true, writable: true });
const channel = createStreamChannel(socket);
channel.onClose((reason) => {
  if (reason) console.error('the writer closed the channel:', reason);
  process.exit(0);
});
await new Promise<void>((resolve) => channel.onFrame(CONTROL_FRAMES, () => resolve()));
const db = createDb(channel);
await db.ready;
const { facade } = db;
facade.registerCollections([{ name: 'items', indexes: ['n'] }, 'pair']);
for (const id of ['left', 'right']) if (!facade.get('pair', id)) facade.insert('pair', { id, n: -1 });

const turn = async (n: number): Promise<void> => {
  facade.update('pair', 'left', { n });
  if (!facade.get('items', `${n}`)) facade.insert('items', { id: `${n}`, n, text: 'x'.repeat(300) });
  facade.delete('items', `${n - 50}`);
  facade.update('pair', 'right', { n });
  await db.barrier();
  writeSync(1, `${n}\n`);
};

for (let n = Number(process.argv[2]); ; n += 4) {
  if (n % 40 === 0) void db.compact();
  await Promise.all([turn(n), turn(n + 1), turn(n + 2), turn(n + 3)]);
}
