import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Blamed } from '@sodium/contract';
import { HttpError } from '../../http-error.js';
import { PluginError } from '../../plugins/errors.js';

/** Turns every error into the one shape of error answers. What is not expected is logged whole and told in one line. */
export function errorHandler(logger: Logger, nameOf: NameOf = () => undefined): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const answer = toHttpError(error);
    if (answer.status >= 500) logger.error({ err: error, method: req.method, path: req.path }, 'request failed');
    const retryAfter = retrySeconds(answer);
    if (retryAfter !== null) res.set('Retry-After', String(retryAfter));
    const blamed = answer.extra.plugin === undefined ? undefined : nameOf(answer.extra.plugin);
    if (blamed)
      res.set('X-Sodium-Plugin', encodeURIComponent(JSON.stringify({ name: blamed.name, version: blamed.version })));
    res.status(answer.status).json(answer.body());
  };
}

/** What a plugin is called, and which version of it is active. */
export type NameOf = (plugin: string) => Blamed | undefined;

export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof PluginError) return fromPlugin(error);
  const { status, type, message } = (error ?? {}) as { status?: number; type?: string; message?: string };
  if (type === 'entity.too.large') return new HttpError(413, 'BODY_TOO_LARGE', 'The body of the request is too large.');
  if (type === 'entity.parse.failed') return new HttpError(400, 'INVALID_JSON', 'The body is not valid JSON.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new HttpError(status, 'BAD_REQUEST', message ?? 'The request is not valid.');
  return new HttpError(500, 'INTERNAL', 'Something went wrong in the panel. The log says more.', {}, { cause: error });
}

const PLUGIN_STATUS: Record<PluginError['code'], number> = {
  PLUGIN_FAILED: 502,
  PLUGIN_TIMEOUT: 504,
  PLUGIN_UNAVAILABLE: 503,
  PLUGIN_OVERLOADED: 503,
  PLUGIN_STORE_FAILED: 503,
  PERMISSION_DENIED: 403,
  METHOD_NOT_FOUND: 404,
  CALL_REFUSED: 409,
};

function fromPlugin(error: PluginError): HttpError {
  return new HttpError(
    PLUGIN_STATUS[error.code],
    error.code,
    error.message,
    { plugin: error.plugin },
    { cause: error },
  );
}

function retrySeconds(error: HttpError): number | null {
  const details = error.extra.details as { retryAfter?: unknown } | undefined;
  if (typeof details?.retryAfter === 'number') return Math.max(1, Math.ceil(details.retryAfter));
  return error.status === 503 ? 2 : null;
}
