import type { Config, Db, Document, Logger, ServerSodium } from '@sodium/sdk';

/** What the parts of the backend share. */
export interface Context {
  readonly db: Db;
  readonly config: Config;
  readonly logger: Logger;
  readonly servers: ServerSodium['servers'];
  readonly users: ServerSodium['users'];
  now(): number;
}

export const currencyOf = ({ config }: Pick<Context, 'config'>): string => config.get<string>('currency') || 'USD';

export const graceDaysOf = ({ config }: Pick<Context, 'config'>): number =>
  config.get<number | null>('grace_days') ?? 3;

/** A document by an id that somebody else wrote: one that cannot be an id leads to nothing, rather than to an error. */
export function lookUp<T extends Document>(
  { db }: Pick<Context, 'db'>,
  collection: string,
  id: string | null | undefined,
): T | null {
  return id && id.length <= 256 ? db.get<T>(collection, id) : null;
}

/** What a route answers when a request cannot be met. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const notFound = (what: string, id: string): Fault =>
  new Fault(404, 'NOT_FOUND', `There is no ${what} "${id.slice(0, 80)}".`);
