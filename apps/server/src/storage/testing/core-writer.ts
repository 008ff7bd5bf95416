import { writeSync } from 'node:fs';
import { z } from 'zod';
import { CoreStore } from '../core-store.js';

/** Writes documents to a core store until it is killed, and prints the id of each one that is on disk. */
const store = await CoreStore.open(process.argv[2]!);
const items = store.collection('items', z.object({ id: z.string(), n: z.number(), text: z.string() }));
const first = items.all().length;

for (let n = first; ; n += 3) {
  await Promise.all(
    [n, n + 1, n + 2].map(async (number) => {
      await items.insert({ id: String(number), n: number, text: 'x'.repeat(500) });
      writeSync(1, `${number}\n`);
    }),
  );
}
