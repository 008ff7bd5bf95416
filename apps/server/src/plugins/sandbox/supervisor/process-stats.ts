import { readFileSync } from 'node:fs';

/** CPU time that a process has used, in milliseconds; null where the system does not tell. */
export function cpuMs(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
}

const PAGE_BYTES = 4096;

/** Memory that a process shares with nobody; null where the system does not tell. */
export function privateBytes(pid: number): number | null {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    return (Number(resident) - Number(shared)) * PAGE_BYTES;
  } catch {
    return null;
  }
}
