/** How long code of a plugin may keep the page waiting. */
export const PLUGIN_DEADLINE_MS = 10_000;

/** A plugin did not answer in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** Rejects when `work` has not settled within `ms`. The work itself cannot be stopped; its late result is ignored. */
export function withDeadline<T>(work: PromiseLike<T> | T, ms: number, what: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(`${what} did not finish within ${ms / 1000} s.`)), ms);
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
