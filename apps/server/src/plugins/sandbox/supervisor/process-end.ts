import { TO_CHILD } from '../protocol/frames.js';
import type { PluginProcess } from './plugin-process.js';

/** Lets a process tidy up its store. What was acknowledged is on disk already. */
export async function settle(process: PluginProcess, deadlineMs: number): Promise<void> {
  const settled = process.call({ kind: 'other', label: 'its end', deadlineMs }, (id) =>
    process.channel.send(TO_CHILD.settle, id),
  );
  await settled.catch(() => undefined);
}

/** Waits until no call is under way, but no longer than this. */
export async function quiet(process: PluginProcess, graceMs: number): Promise<void> {
  const end = Date.now() + graceMs;
  while (process.inFlight > 0 && !process.gone && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
