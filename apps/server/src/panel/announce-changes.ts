import type { HookPort } from '../plugins/hooks-port.js';
import type { Change, Collection } from '../storage/index.js';

/** What plugins never see of the panel's documents. */
const SECRET = new Set(['passwordHash']);

type Fields = Record<string, unknown>;

/** Raises `db:afterSave` for every change of the panel's own collections, with the fields that changed. */
export function announceChanges(collections: readonly Collection<never>[], hooks: HookPort): () => void {
  const ends = collections.map((collection) =>
    collection.onChange((change: Change<Fields & { id: string }>) => {
      hooks.after('db:afterSave', () => ({
        collection: collection.name,
        operation: change.operation,
        id: change.id,
        changes: changedFields(change),
      }));
    }),
  );
  return () => ends.forEach((end) => end());
}

function changedFields({ before, after }: Change<Fields & { id: string }>): Fields {
  const now: Fields = after ?? {};
  const keys = Object.keys({ ...before, ...now }).filter((key) => !SECRET.has(key));
  const different = keys.filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(now[key]));
  return Object.fromEntries(different.map((key) => [key, now[key] ?? null]));
}
