import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readProcess } from './process-table.js';

/** The variable that every process of a server carries: it names them even when they left their group. */
export const SERVER_MARK = 'SODIUM_SERVER_ID';

/**
 * Which servers have processes: one small file per running server, so that whoever finds the panel dead can end them.
 * Written before the process starts (user and mark are known then) and again with its pid.
 */
export class RunRecords {
  constructor(readonly directory: string) {}

  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
  }

  /** One line: `<uid or 0> <pid or 0> <start time of the pid>`, read by a shell script. */
  async write(id: string, uid: number | null, pid: number | null): Promise<void> {
    const start = pid === null ? '0' : (readProcess(pid)?.startTime ?? '0');
    // Never seen half written: a record without its user would leave that user's processes alone.
    const draft = join(this.directory, `.${id}`);
    await writeFile(draft, `${uid ?? 0} ${pid ?? 0} ${start || '0'}\n`, { mode: 0o600 });
    await rename(draft, join(this.directory, id));
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.directory, id), { force: true });
  }

  /** For the start, when everything recorded has been ended. */
  async clear(): Promise<void> {
    for (const id of await readdir(this.directory)) await this.remove(id);
  }
}
