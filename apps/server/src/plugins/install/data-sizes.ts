import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PluginData } from '@sodium/contract';
import { notFound } from '../../http-error.js';
import { QUOTA_BYTES } from '../../storage/plugin-store/store-frames.js';
import type { PluginManager } from '../manager.js';
import { isFolderName } from '../package/discovery.js';
import { countDocuments } from './count-documents.js';

/** What a plugin's documents take. A plugin that is gone may have left some. */
export async function dataSizes(manager: PluginManager, id: string, { count = false } = {}): Promise<PluginData> {
  const { versions } = manager.deps;
  const folder = isFolderName(id) ? versions.dataFolder(id) : null;
  const names = folder === null ? null : await readdir(folder).catch(() => null);
  const isKnown = names !== null || manager.exists(id) || manager.deps.settings.countStored(id) > 0;
  if (folder === null || !isKnown) throw notFound('plugin', id);
  const files = await Promise.all(
    (names ?? []).map(async (name) => ({ name, bytes: await fileBytes(path.join(folder, name)) })),
  );
  const snapshots = files
    .filter(({ name }) => name.endsWith('.json'))
    .map(({ name, bytes }) => ({ name: name.slice(0, -'.json'.length), bytes }));
  const collections = count ? withCounts(snapshots, await countDocuments(folder)) : snapshots;
  const sum = (list: { bytes: number }[]): number => list.reduce((total, { bytes }) => total + bytes, 0);
  return {
    bytes: sum(files),
    quotaBytes: QUOTA_BYTES,
    collections,
    journalBytes: sum(files) - sum(collections),
    backupBytes: await versions.bytes(id),
  };
}

/** What was never compacted lies in the journal alone, and has no file yet. */
function withCounts(
  snapshots: readonly { name: string; bytes: number }[],
  counts: ReadonlyMap<string, number> | null,
): PluginData['collections'] {
  const names = [...new Set([...snapshots.map(({ name }) => name), ...(counts?.keys() ?? [])])].sort();
  return names.map((name) => ({
    name,
    bytes: snapshots.find((one) => one.name === name)?.bytes ?? 0,
    ...(counts && { documents: counts.get(name) ?? 0 }),
  }));
}

const fileBytes = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
