import type { Db } from '@sodium/sdk';
import type { SodiumContext } from './context.js';

const METHODS = ['registerCollections', 'find', 'findOne', 'get', 'count', 'insert', 'update', 'delete'] as const;

/** The store's facade behind its permission. Names of collections are kept for the panel. */
export function createDbFacade(context: SodiumContext, store: () => Db): Db {
  const facade: Record<string, (...args: unknown[]) => unknown> = {};
  for (const name of METHODS) {
    facade[name] = (...args) => {
      context.permissions.require(`sodium.db.${name}`, 'db:own');
      const db = store();
      const result = (db[name] as (...args: unknown[]) => unknown).apply(db, args);
      if (name === 'registerCollections') noteCollections(context, args[0]);
      return result;
    };
  }
  return facade as unknown as Db;
}

function noteCollections({ registered }: SodiumContext, specs: unknown): void {
  for (const spec of Array.isArray(specs) ? specs : [])
    registered.collections.add(String(typeof spec === 'string' ? spec : spec?.name));
}
