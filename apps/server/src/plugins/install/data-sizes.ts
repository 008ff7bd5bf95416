import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { notFound } from '../../http-error.js';
import type { PluginManager } from '../manager.js';
import { isFolderName } from '../package/discovery.js';

export interface DataSizes {
  /** Everything the plugin's documents take on disk. */
  bytes: number;
  collections: { name: string; bytes: number }[];
  /** Changes that are not in the collections' files yet. */
  journalBytes: number;
  /** What earlier versions left, for a rollback. */
  backupBytes: number;
}

/** What a plugin's documents take. A plugin that is gone may have left some. */
export async function dataSizes(manager: PluginManager, id: string): Promise<DataSizes> {
  const { versions } = manager.deps;
  const folder = isFolderName(id) ? versions.dataFolder(id) : null;
  const names = folder === null ? null : await readdir(folder).catch(() => null);
  if (folder === null || (names === null && !manager.exists(id))) throw notFound('plugin', id);
  const files = await Promise.all(
    (names ?? []).map(async (name) => ({ name, bytes: await fileBytes(path.join(folder, name)) })),
  );
  const collections = files
    .filter(({ name }) => name.endsWith('.json'))
    .map(({ name, bytes }) => ({ name: name.slice(0, -'.json'.length), bytes }));
  const sum = (list: { bytes: number }[]): number => list.reduce((total, { bytes }) => total + bytes, 0);
  return {
    bytes: sum(files),
    collections,
    journalBytes: sum(files) - sum(collections),
    backupBytes: await versions.bytes(id),
  };
}

const fileBytes = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );
