import type { Request } from 'express';
import type { z } from 'zod';
import { HttpError } from '../../http-error.js';

/** The validated body, or 400 with every fault's path and message. */
export function bodyOf<T>(req: Request, schema: z.ZodType<T>): T {
  return checked(req.body ?? {}, schema, 'INVALID_BODY');
}

/** The validated query, or 400. */
export function queryOf<T>(req: Request, schema: z.ZodType<T>): T {
  return checked(req.query, schema, 'INVALID_QUERY');
}

function checked<T>(value: unknown, schema: z.ZodType<T>, code: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const message = details.map((fault) => (fault.path ? `${fault.path}: ${fault.message}` : fault.message)).join(' ');
  throw new HttpError(400, code, message, { details });
}

/** A path parameter, which Express types as possibly missing. */
export function param(req: Request, name: string): string {
  const value = req.params[name];
  if (typeof value !== 'string') throw new HttpError(400, 'INVALID_PATH', `The address lacks "${name}".`);
  return value;
}
