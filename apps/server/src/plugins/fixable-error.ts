import { HttpError } from '../http-error.js';

/** A fault of the package itself: an answer 400 with what to do. */
export class FixableError extends HttpError {
  constructor(
    message: string,
    readonly fix: string,
    details?: unknown,
  ) {
    super(400, 'INVALID_PACKAGE', message, { details: details ?? { fix } });
  }
}
