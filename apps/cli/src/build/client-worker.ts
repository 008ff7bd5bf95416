import { rmSync } from 'node:fs';
import type { ClientJob, WorkerAnswer } from './build-client.js';
import { bundlerProblems } from './bundler-problems.js';
import { buildRemote } from './build-remote.js';
import { foldRemote } from './fold-remote.js';

// One job per process; see build-client.ts.
process.once('disconnect', () => process.exit(0));
process.once('message', (job: ClientJob) => {
  run(job).then(
    (answer) => process.send!(answer, () => process.exit(answer.ok ? 0 : 1)),
    () => process.exit(1),
  );
});

async function run(job: ClientJob): Promise<WorkerAnswer> {
  const failed = (error: unknown): WorkerAnswer => ({
    ok: false,
    problems: bundlerProblems(error, job.folder, job.entry),
  });
  const remote = await buildRemote(job).catch((error: Error) => error);
  if (remote instanceof Error) return failed(remote);
  try {
    return { ok: true, result: await foldRemote(remote, job) };
  } catch (error) {
    return failed(error);
  } finally {
    rmSync(remote.directory, { recursive: true, force: true });
  }
}
