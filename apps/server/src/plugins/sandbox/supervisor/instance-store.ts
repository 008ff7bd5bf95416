import { PluginStore, ScratchJournal } from '../../../storage/plugin-store/index.js';
import type { InstanceSpec } from '../types.js';
import type { PluginProcess } from './plugin-process.js';

export interface AttachedStore {
  close(): Promise<void>;
}

/** A preview's writes survive a restart of its process, and nothing else. */
const scratchJournals = new WeakMap<InstanceSpec, ScratchJournal>();

/** Opens the collections of a plugin that may keep data, and serves them on the process's channel. */
export async function openInstanceStore(
  spec: InstanceSpec,
  process: PluginProcess,
  { onWrite }: { onWrite?(plugin: string, line: Uint8Array): void } = {},
): Promise<AttachedStore | null> {
  if (!spec.hasPermission('db:own')) return null;
  const { store } = spec;
  const location = store.kind === 'disk' ? store : { ...store, journal: store.journal ?? scratchJournal(spec) };
  return PluginStore.open({
    channel: process.channel,
    location,
    onFatal: (error) => process.kill(`its data could not be written: ${error.message}`),
    // A preview's writes are nobody's.
    ...(onWrite && store.kind === 'disk' && { onLine: (line) => onWrite(spec.meta.id, line) }),
    ...(spec.onSave && {
      onSave: (collection, operation, id) => spec.onSave?.(collection, operation, id),
      isWatched: () => spec.savesAreWatched?.() ?? true,
    }),
  });
}

function scratchJournal(spec: InstanceSpec): ScratchJournal {
  const journal = scratchJournals.get(spec) ?? new ScratchJournal();
  scratchJournals.set(spec, journal);
  return journal;
}
