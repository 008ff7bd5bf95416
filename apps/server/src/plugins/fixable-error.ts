import { HttpError } from '../http-error.js';

/** A fault with what to do about it: an answer 400, of the package itself, where nothing else is said. */
export class FixableError extends HttpError {
  constructor(
    message: string,
    readonly fix: string,
    details?: unknown,
    { status, code } = { status: 400, code: 'INVALID_PACKAGE' },
  ) {
    super(status, code, message, { details: details ?? { fix } });
  }
}
