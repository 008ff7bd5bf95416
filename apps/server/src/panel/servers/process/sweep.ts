import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { processesOf, readProcessTable, type ProcessEntry } from './process-table.js';
import { SERVER_MARK } from './run-records.js';

const ROUNDS = 20;

/** Ends every process of a server, also those that left its group, and returns when none is left. */
export async function sweep(id: string, uid: number | null, group: number | null): Promise<void> {
  if (group !== null) signalGroup(group, 'SIGKILL');
  for (let round = 0; round < ROUNDS; round++) {
    const table = await readProcessTable();
    const left = uid === null ? table.filter((entry) => isMarked(entry, id)) : processesOf(table, { pid: null, uid });
    if (left.length === 0) return;
    for (const { pid } of left) signal(pid, 'SIGKILL');
    await delay(10);
  }
}

export function signalGroup(group: number, name: NodeJS.Signals): boolean {
  // 0 and 1 would mean the panel's own group, or everything.
  return group > 1 && signal(-group, name);
}

export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function isMarked(entry: ProcessEntry, id: string): boolean {
  if (entry.pid === process.pid || entry.uid !== process.getuid?.()) return false;
  try {
    return readFileSync(`/proc/${entry.pid}/environ`, 'latin1').includes(`${SERVER_MARK}=${id}`);
  } catch {
    return false;
  }
}
