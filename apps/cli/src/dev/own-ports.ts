import { randomInt } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

const PORTS_EACH = 50;

/**
 * Ports of servers that do not run look free. Out of the panel's usual range, and each plugin in its own, so that the
 * demo servers take none from servers of another panel on this machine.
 */
export function keepToOwnPorts(config: string): void {
  if (existsSync(config)) return;
  const from = 10_000 + PORTS_EACH * randomInt(10_000 / PORTS_EACH);
  writeFileSync(config, JSON.stringify({ servers: { ports: { from, to: from + PORTS_EACH - 1 } } }));
}
