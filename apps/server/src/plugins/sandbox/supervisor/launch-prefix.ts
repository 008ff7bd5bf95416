import { spawnSync } from 'node:child_process';

const SETPRIV = ['/usr/bin/setpriv', '--pdeathsig', 'KILL'];
/** Without a network of its own a process has no interface but a loopback that is down. */
const NO_NETWORK = [
  ['/usr/bin/unshare', '--net'],
  ['/usr/bin/unshare', '--user', '--net'],
];

let known: readonly string[] | null = null;

/**
 * Commands in front of `node` that take still more from a plugin process, as far as this machine allows them: no
 * network, and an end at once when the panel ends, even for code that never looks up. Both replace themselves by what
 * they start, so the process id stays the same.
 */
export function launchPrefix(): readonly string[] {
  return (known ??= [...(NO_NETWORK.find(works) ?? []), ...(works(SETPRIV) ? SETPRIV : [])]);
}

function works(command: readonly string[]): boolean {
  if (process.platform !== 'linux') return false;
  const [file, ...args] = command;
  return spawnSync(file!, [...args, '/bin/true'], { env: {}, stdio: 'ignore', timeout: 2000 }).status === 0;
}
