import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Document } from '../storage/index.js';
import { stagingName, swapFolder } from './install/swap-folder.js';
import type { PluginManager } from './manager.js';
import { PANEL } from './manager-deps.js';
import { inspectPackage, type SoundPackage } from './package/inspect.js';
import { hashFolder, listFolder } from './package/read-folder.js';

export const shippedSchema = z.object({ hashes: z.record(z.string(), z.string()) });
export type Shipped = z.infer<typeof shippedSchema>;

/**
 * Puts the reference plugins into `data/plugins`: inactive the first time, as an update when the panel brings a newer
 * one. A folder that somebody changed or removed is left alone.
 */
export async function installShipped(source: string, manager: PluginManager, record: Document<Shipped>): Promise<void> {
  const names = await readdir(source).catch(() => []);
  for (const id of names.sort()) {
    const built = path.join(source, id, 'dist');
    const isKnown = (_id: string, hash: string): boolean => record.get().hashes[id] === hash;
    const pkg = await inspectPackage(built, id, manager.deps.sodiumVersion, { isKnown }).catch(() => null);
    if (pkg?.kind !== 'sound') continue;
    if (record.get().hashes[id] === pkg.hash) continue;
    await install(pkg, manager, record.get().hashes[id]);
    await record.update({ hashes: { ...record.get().hashes, [id]: pkg.hash } });
  }
}

async function install(pkg: SoundPackage, manager: PluginManager, shippedBefore: string | undefined): Promise<void> {
  const { id } = pkg.manifest;
  const target = path.join(manager.deps.discovery.directory, id);
  const present = await hashOf(target);
  const untouched = present === shippedBefore;
  if (shippedBefore === undefined ? present !== undefined : !untouched) return;
  if (shippedBefore !== undefined && present === undefined) return;
  await replaceFolder(pkg.folder, target);
  await keepConsent(pkg, manager, shippedBefore);
}

/** Consent given to the version before holds for an update that the panel ships, unless it wants more. */
async function keepConsent(
  pkg: SoundPackage,
  manager: PluginManager,
  shippedBefore: string | undefined,
): Promise<void> {
  const consent = manager.deps.consents.get(pkg.manifest.id);
  if (!consent || consent.hash !== shippedBefore) return;
  if (!pkg.manifest.permissions.every((permission) => consent.manifest.permissions.includes(permission))) return;
  await manager.deps.packages.add(pkg);
  await manager.deps.versions.keep(consent, 'update');
  await manager.deps.consents.give(pkg, consent.by);
  await manager.record({
    actor: PANEL,
    action: 'plugin.update',
    target: pkg.manifest.id,
    details: { version: pkg.manifest.version, hash: pkg.hash, shipped: true },
  });
}

async function hashOf(folder: string): Promise<string | undefined> {
  try {
    return (await hashFolder(await listFolder(folder))).hash;
  } catch {
    return undefined;
  }
}

/** The new folder appears whole, also when the panel crashes in between. */
async function replaceFolder(source: string, target: string): Promise<void> {
  const parent = path.dirname(target);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const staging = path.join(parent, stagingName());
  try {
    await cp(source, staging, { recursive: true });
    await swapFolder(staging, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
