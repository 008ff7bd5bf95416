import type { ErrorBody } from '@sodium/contract';

/** An error that is an answer: thrown anywhere below a route, it becomes `{"error":{…}}` with its status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extra: { plugin?: string; details?: unknown } = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  body(): ErrorBody {
    return { error: { code: this.code, message: this.message, ...this.extra } };
  }
}

export const notFound = (what: string, id: string): HttpError =>
  new HttpError(404, 'NOT_FOUND', `There is no ${what} "${id}".`);
