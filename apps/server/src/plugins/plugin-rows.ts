import type { PluginRow, PluginState } from '@sodium/contract';
import type { Manifest } from '@sodium/sdk/manifest';
import type { PluginManager } from './manager.js';
import type { InspectedPackage } from './package/inspect.js';
import { hooksWithoutPermission } from './running-plugin.js';

/** The admin's list: every folder and everything that is wanted or running, broken or not. */
export function pluginRows(manager: PluginManager): PluginRow[] {
  const ids = new Set([
    ...manager.deps.discovery.packages.keys(),
    ...manager.deps.config.get().plugins.active,
    ...manager.allRunning().map((running) => running.manifest.id),
  ]);
  return [...ids].sort().map((id) => pluginRow(manager, id));
}

export function pluginRow(manager: PluginManager, id: string): PluginRow {
  const folder = manager.deps.discovery.packages.get(id);
  const consent = manager.deps.consents.get(id);
  const manifest: Partial<Manifest> =
    manager.agreed(id)?.manifest ??
    (folder?.kind === 'sound' ? folder.manifest : (folder?.manifest ?? consent?.manifest ?? {}));
  const { state, reason, fix } = situation(manager, id, folder);
  return {
    id,
    name: manifest.name ?? id,
    version: manifest.version ?? '',
    type: manifest.type ?? null,
    author: typeof manifest.author === 'object' ? manifest.author.name : manifest.author,
    description: manifest.description ?? '',
    state,
    reason,
    fix,
    warnings: warningsOf(manager, id, folder),
    permissions: {
      declared: manifest.permissions ?? [],
      approved: manager.deps.consents.granted(id),
      used: manager.usedPermissions(id),
    },
    update: offeredUpdate(manager, id, folder),
  };
}

function situation(
  manager: PluginManager,
  id: string,
  folder: InspectedPackage | undefined,
): { state: PluginState; reason?: string; fix?: string } {
  const state = manager.state(id);
  switch (state.kind) {
    case 'activating':
    case 'active':
      return { state: state.kind };
    case 'quarantined':
      return {
        state: 'quarantined',
        reason: state.reason,
        fix: 'Read its log, then release it from quarantine or deactivate it.',
      };
    case 'failed':
      return { state: 'failed', reason: state.reason, fix: state.fix };
    case 'stopping':
    case 'inactive':
      return idle(manager, folder);
  }
}

function idle(
  manager: PluginManager,
  folder: InspectedPackage | undefined,
): { state: PluginState; reason?: string; fix?: string } {
  if (folder?.kind === 'broken') {
    return {
      state: 'invalid',
      reason: folder.faults.map((fault) => fault.message).join(' '),
      fix: folder.faults.map((fault) => fault.fix).join(' '),
    };
  }
  return { state: 'inactive', reason: manager.suspended ?? undefined };
}

function warningsOf(manager: PluginManager, id: string, folder: InspectedPackage | undefined): string[] {
  const warnings = folder?.kind === 'sound' ? [...folder.warnings] : [];
  if (folder?.kind === 'sound') {
    for (const event of hooksWithoutPermission(folder.manifest))
      warnings.push(`The hook "${event}" needs a permission that plugin.json does not declare; it will not be called.`);
  }
  const running = manager.running(id) !== null;
  if (running && !folder) warnings.push('Its folder has gone from disk. The copy that was consented to runs on.');
  if (running && folder?.kind === 'broken')
    warnings.push(
      `Its folder on disk is broken, the copy that was consented to runs on: ${folder.faults[0]?.message ?? ''}`,
    );
  return warnings;
}

function offeredUpdate(manager: PluginManager, id: string, folder: InspectedPackage | undefined): PluginRow['update'] {
  const consent = manager.agreed(id);
  if (!consent || folder?.kind !== 'sound' || folder.hash === consent.hash) return undefined;
  const added = folder.manifest.permissions.filter((permission) => !consent.manifest.permissions.includes(permission));
  return { version: folder.manifest.version, hash: folder.hash, addedPermissions: added };
}
