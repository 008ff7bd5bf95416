import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  pid: number;
  /** Tells a process from a later one with the same number. Null where the system does not say. */
  startedAt: string | null;
}

const ATTEMPTS = 5;
const POLL_MS = 50;

/**
 * Makes sure that one panel at a time uses a folder: a second one would remove files that the first still writes.
 * A lock whose process has died is taken over. Taking it again within one process is allowed. A holder that is just
 * ending, as at a restart, is given `waitMs` to go.
 */
export async function lockFolder(directory: string, { waitMs = 2000 } = {}): Promise<FolderLock> {
  const file = path.join(directory, 'panel.lock');
  const mine: Holder = { pid: process.pid, startedAt: await startOf(process.pid) };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(file, mine)) return { release: () => release(file, mine) };
    const holder = await read(file);
    if (holder?.pid === mine.pid && holder.startedAt === mine.startedAt) return { release: () => release(file, mine) };
    if (holder && !(await hasGone(holder, waitMs))) throw inUse(directory, holder);
    await removeStale(file, holder);
  }
  throw new Error(`"${file}" could not be taken over. Delete it if no other panel runs.`);
}

/** Written under another name first: whoever sees the lock sees all of it. */
async function create(file: string, holder: Holder): Promise<boolean> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(file: string): Promise<Holder | null> {
  try {
    const { pid, startedAt } = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder>;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0 ? { pid, startedAt: startedAt ?? null } : null;
  } catch {
    return null;
  }
}

async function hasGone(holder: Holder, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (await isAlive(holder)) {
    if (performance.now() >= deadline) return false;
    await setTimeout(POLL_MS);
  }
  return true;
}

async function isAlive({ pid, startedAt }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startedAt === null || (await startOf(pid)) === startedAt;
}

/** When a process started, in ticks since the machine did. Null for one that has ended, even if nobody has noticed. */
async function startOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name, in parentheses, may itself hold spaces and parentheses.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ') ?? [];
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

/** Renamed first, so that of two panels that start together only one removes the other's leftover. */
async function removeStale(file: string, seen: Holder | null): Promise<void> {
  const aside = `${file}.stale.${process.pid}`;
  await rename(file, aside).catch(() => undefined);
  const moved = await read(aside);
  const mistaken = moved !== null && (moved.pid !== seen?.pid || moved.startedAt !== seen.startedAt);
  if (mistaken) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(file: string, mine: Holder): Promise<void> {
  const holder = await read(file);
  if (holder?.pid === mine.pid && holder.startedAt === mine.startedAt) await rm(file, { force: true });
}

function inUse(directory: string, { pid }: Holder): Error {
  return new Error(
    `"${directory}" is in use by another panel, process ${pid}. Stop that one, or set SODIUM_DATA to another folder.`,
  );
}
