import { createHash } from 'node:crypto';
import type { Isolation } from './isolation.js';

/** Servers per panel; numbers beyond it start again, which needs more than ten thousand deleted servers. */
const RANGE = 10_000;

/**
 * A numeric OS user per server. The range is derived from the data folder, so that two panels on one machine do not
 * give two servers the same user. Containers often map only 65 536 users: `low` keeps the numbers below that.
 */
export function userIsolation(dataDirectory: string, range: 'high' | 'low'): Isolation {
  const slot = createHash('sha256').update(dataDirectory).digest().readUInt32BE(0);
  const size = range === 'high' ? RANGE : 400;
  const base = range === 'high' ? 200_000 + (slot % 60_000) * RANGE : 20_000 + (slot % 100) * size;
  return {
    kind: 'user',
    detail: `Each server runs as an OS user of its own (from ${base}) and can read only its own folder.`,
    uidFor: (number) => base + (number % size),
    launch: ([command = '', ...args], _folder, uid) => ({ command, args, uid, gid: uid, wrapped: false }),
  };
}
