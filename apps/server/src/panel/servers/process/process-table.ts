import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** One running process, as `/proc` shows it. */
export interface ProcessEntry {
  pid: number;
  parent: number;
  session: number;
  group: number;
  uid: number;
  /** Clock ticks since boot: with the pid it names a process for good. */
  startTime: string;
  cpuMs: number;
  memoryBytes: number;
}

/** Whose processes: everything of an OS user, or the tree below one process. */
export interface ProcessOwner {
  pid: number | null;
  uid: number | null;
}

const CLOCK_TICK_MS = 10;
const SLICE = 25;
export const hasProcessTable = process.platform === 'linux';

/** Every process of the machine. Read in slices, so that the event loop never waits long. */
export async function readProcessTable(): Promise<ProcessEntry[]> {
  if (!hasProcessTable) return [];
  const entries: ProcessEntry[] = [];
  let count = 0;
  for (const name of readdirSync('/proc')) {
    if (name.charCodeAt(0) > 57 || name.charCodeAt(0) < 48) continue;
    const entry = readProcess(Number(name));
    if (entry) entries.push(entry);
    if (++count % SLICE === 0) await nextTurn();
  }
  return entries;
}

export function readProcess(pid: number): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    // The name in parentheses may hold anything, also spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return {
      pid,
      parent: Number(fields[1]),
      group: Number(fields[2]),
      session: Number(fields[3]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS,
      startTime: fields[19] ?? '',
      uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? 0),
      memoryBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024,
    };
  } catch {
    return null; // It has ended meanwhile.
  }
}

/** The processes of an owner: all of its user, or its session, its group and every descendant of these. */
export function processesOf(table: readonly ProcessEntry[], owner: ProcessOwner): ProcessEntry[] {
  if (owner.uid !== null) return table.filter((entry) => entry.uid === owner.uid);
  if (owner.pid === null) return [];
  const root = owner.pid;
  const members = new Set(
    table
      .filter((entry) => entry.pid === root || entry.session === root || entry.group === root)
      .map((entry) => entry.pid),
  );
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const entry of table) if (members.has(entry.parent)) members.add(entry.pid);
  }
  return table.filter((entry) => members.has(entry.pid));
}
