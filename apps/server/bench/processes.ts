import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The plugin processes of a panel, the spare one too, oldest first. */
export function pluginProcesses(panel: number): number[] {
  const children = readFileSync(`/proc/${panel}/task/${panel}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('child.cjs'));
}

export interface Memory {
  /** Memory that goes away with the process. */
  privateMb: number;
  /** Pages of the node binary and of libraries, which other processes use too. */
  sharedMb: number;
}

export function memoryOf(pid: number): Memory {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (...names: string[]): number =>
    names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0), 0) / 1024;
  return {
    privateMb: megabytes('Private_Clean', 'Private_Dirty'),
    sharedMb: megabytes('Shared_Clean', 'Shared_Dirty'),
  };
}

/** CPU time used so far, in milliseconds. */
export function cpuOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** Waits until something holds; says what did not when time is up. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
  everyMs = 10,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited ${deadlineMs} ms in vain for ${what}.`);
    await sleep(everyMs);
  }
}

/** Waits until a process computes nothing for a while. */
export async function untilQuiet(pid: number, quietMs = 150): Promise<void> {
  let last = cpuOf(pid);
  let since = performance.now();
  await until(`process ${pid} to be quiet`, () => {
    const now = cpuOf(pid);
    if (now - last > 3) since = performance.now();
    last = now;
    return performance.now() - since > quietMs;
  });
}
