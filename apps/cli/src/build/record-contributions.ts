import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { contributesSchema, type Contributes } from '@sodium/sdk/manifest';

/** Registering takes milliseconds, even on a busy machine; what waits for something else is left to the panel. */
const DEADLINE_MS = 30_000;

export interface RecordJob {
  readonly client: string;
  /** Where the client's shared modules are looked for. */
  readonly folder: string;
}

/**
 * What a built client registers, so that the panel can paint it without running the code. Found by running the client
 * in a process and a document of its own. Null where that does not tell: a client that fails there, waits, listens, or
 * registers other things for an admin than for a user. The panel then runs it when the page is idle.
 */
export async function recordContributions(job: RecordJob): Promise<Contributes | null> {
  const parsed = contributesSchema.safeParse(await runClient(job));
  if (!parsed.success) return null;
  return Object.values(parsed.data).some((list) => list.length > 0) ? parsed.data : null;
}

function runClient(job: RecordJob): Promise<unknown> {
  return new Promise((resolve) => {
    const worker = fork(fileURLToPath(new URL('record-worker.js', import.meta.url)), { stdio: 'ignore' });
    const timer = setTimeout(() => worker.kill('SIGKILL'), DEADLINE_MS);
    let recorded: unknown = null;
    worker.on('message', (message) => (recorded = message));
    worker.on('error', () => resolve(null));
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve(recorded);
    });
    worker.send(job);
  });
}
