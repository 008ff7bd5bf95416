import { accessSync, constants } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { bubblewrapIsolation } from './bubblewrap.js';
import { noIsolation, type Isolation, type IsolationKind } from './isolation.js';
import { probeIsolation } from './probe.js';
import { userIsolation } from './user-isolation.js';

/** Tries the ways there are on this machine, best first, and takes the first that holds when it is attacked. */
export async function chooseIsolation(dataDirectory: string, only?: IsolationKind): Promise<Isolation> {
  await lockDataFolder(dataDirectory);
  const failures: string[] = [];
  for (const { name, isolation } of candidates(dataDirectory)) {
    if (only && isolation.kind !== only) continue;
    const failure = await probeIsolation(isolation, dataDirectory);
    if (failure === null) return isolation;
    failures.push(`${name}: ${failure}`);
  }
  const why = failures.length > 0 ? failures.join('; ') : reason(only);
  return noIsolation(
    `Servers are not isolated: they can read the panel’s files. ${why}. ` +
      'Run the panel as root, or install bubblewrap, on Linux.',
  );
}

function reason(only?: IsolationKind): string {
  return only === 'none' ? 'Isolation is switched off' : 'No way to isolate them was found';
}

function candidates(dataDirectory: string): { name: string; isolation: Isolation }[] {
  if (process.platform !== 'linux') return [];
  const found: { name: string; isolation: Isolation }[] = [];
  if (process.getuid?.() === 0) {
    found.push({ name: 'OS users', isolation: userIsolation(dataDirectory, 'high') });
    found.push({ name: 'OS users below 65536', isolation: userIsolation(dataDirectory, 'low') });
  }
  const bubblewrap = findProgram('bwrap');
  if (bubblewrap) found.push({ name: 'bubblewrap', isolation: bubblewrapIsolation(bubblewrap) });
  return found;
}

function findProgram(name: string): string | null {
  for (const folder of ['/usr/bin', '/usr/local/bin', '/bin', ...(process.env['PATH'] ?? '').split(delimiter)]) {
    if (!folder.startsWith('/')) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

/** Servers must pass through `data/` to reach their folder, but list nothing and open nothing else. */
async function lockDataFolder(dataDirectory: string): Promise<void> {
  const own = { recursive: true, mode: 0o700 } as const;
  for (const name of ['db', 'packages', 'plugins', 'templates']) await mkdir(join(dataDirectory, name), own);
  await mkdir(join(dataDirectory, 'servers'), { recursive: true, mode: 0o711 });
  if (process.platform === 'win32') return;
  for (const entry of await readdir(dataDirectory, { withFileTypes: true })) {
    if (entry.name === 'servers' || entry.isSymbolicLink()) continue;
    await chmod(join(dataDirectory, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
  await chmod(join(dataDirectory, 'servers'), 0o711);
  await chmod(dataDirectory, 0o711);
}
