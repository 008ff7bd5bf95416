import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOverData } from '@sodium/contract';
import { notFound } from '../../http-error.js';
import type { PluginManager } from '../manager.js';
import { dataSizes } from './data-sizes.js';

const PREFIX = 'plugins_';

/** What plugins that are gone have left, the largest first. */
export async function leftOverData(manager: PluginManager): Promise<LeftOverData[]> {
  const names = await readdir(manager.deps.databaseDirectory);
  const stored = names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
  const ids = new Set([...stored, ...manager.deps.settings.ids()]);
  const found = await Promise.all([...ids].filter((id) => !manager.exists(id)).map((id) => describe(manager, id)));
  return found.sort((a, b) => b.bytes - a.bytes || a.id.localeCompare(b.id));
}

/** 404 for what is not left over: the data of a plugin that is there are removed with it. */
export function requireLeftOver(manager: PluginManager, id: string): string {
  if (manager.exists(id)) throw notFound('left-over data of a removed plugin', id);
  return id;
}

async function describe(manager: PluginManager, id: string): Promise<LeftOverData> {
  const { bytes, collections, backupBytes } = await dataSizes(manager, id);
  return {
    id,
    bytes,
    collections,
    backupBytes,
    settings: manager.deps.settings.countStored(id),
    changedAt: await changedAt(manager.deps.versions.dataFolder(id)),
  };
}

async function changedAt(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const times = await Promise.all(
    names.map((name) =>
      stat(path.join(folder, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  const latest = Math.max(0, ...times);
  return latest > 0 ? new Date(latest).toISOString() : null;
}
