import { createServer } from 'node:net';
import { HttpError } from '../../http-error.js';

export interface PortRange {
  from: number;
  to: number;
}

/** Below the range that Linux gives to outgoing connections. */
export const DEFAULT_PORTS: PortRange = { from: 20_000, to: 29_999 };

/** The first port of the range that no server has and that nothing on this machine listens on. */
export async function findFreePort(range: PortRange, taken: ReadonlySet<number>): Promise<number> {
  for (let port = range.from; port <= range.to; port++) if (!taken.has(port) && (await isFree(port))) return port;
  throw new HttpError(
    503,
    'NO_FREE_PORT',
    `Every port from ${range.from} to ${range.to} is taken. Delete a server first.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '0.0.0.0', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
