import { HttpError } from '../http-error.js';

/** Neither a file nor its previous generation can be read: nothing is read from it and nothing overwrites it. */
export class StoreUnavailableError extends HttpError {
  constructor(
    readonly file: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(503, 'STORE_UNAVAILABLE', `"${file}" cannot be used: ${reason}`, {}, options);
  }
}

/** The disk refused a write. What was changed in memory has been undone; trying again may succeed. */
export class StoreWriteError extends HttpError {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    const why = code === 'ENOSPC' ? 'The disk is full.' : cause instanceof Error ? cause.message : String(cause);
    super(503, 'STORE_WRITE_FAILED', `"${file}" could not be written, so nothing was changed. ${why}`, {}, { cause });
  }
}
