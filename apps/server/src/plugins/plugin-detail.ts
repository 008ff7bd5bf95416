import type { PluginRow } from '@sodium/contract';
import { declaredHooks, type Manifest } from '@sodium/sdk/manifest';
import { refusedOfActive } from './conflicts/find-conflicts.js';
import type { FolderFault, PackageFile } from './package/read-folder.js';
import type { PluginManager } from './manager.js';
import type { Receipt } from './permission-receipts.js';
import { packageSource } from './package/package-source.js';
import { documentFile } from './package/read-package.js';
import { pluginRow } from './plugin-rows.js';

export interface PluginDetail extends PluginRow {
  hash: string | null;
  files: PackageFile[];
  hooks: { event: string; onError: 'deny' | 'allow' }[];
  routes: { method: string | null; path: string }[];
  crons: unknown[];
  contributes: Manifest['contributes'] | null;
  settings: Manifest['settings'];
  license?: string;
  homepage?: string;
  keywords: string[];
  dependencies: Record<string, string>;
  network: string[];
  publicRoutes: string[];
  /** The texts at the top of the package, by their file names; null when it has none. */
  documents: { readme: string | null; changelog: string | null };
  icon: string | null;
  screenshots: string[];
  /** What is wrong with the folder, fault by fault. */
  faults: FolderFault[];
  /** Names of the methods that other plugins may call. */
  methods: string[];
  consent: { by: string; at: string; revoked: string[] } | null;
  process: unknown;
  permissions: PluginRow['permissions'] & { revoked: string[]; receipts: Record<string, Receipt> };
  /** Earlier versions that can be rolled back to, the next one first. */
  versions: { version: string; hash: string; at: string; reason: 'update' | 'rollback' }[];
}

/** Everything an admin may know of one plugin. Never a setting's value. */
export async function pluginDetail(manager: PluginManager, id: string): Promise<PluginDetail> {
  const running = manager.running(id);
  const folder = manager.deps.discovery.packages.get(id);
  const consent = manager.deps.consents.get(id);
  const sound = folder?.kind === 'sound' ? folder : null;
  const agreed = manager.agreed(id);
  const manifest = agreed?.manifest ?? sound?.manifest ?? consent?.manifest;
  const row = pluginRow(manager, id);
  const refused = running ? await refusedOfActive(running, manager) : [];
  return {
    ...row,
    warnings: [...row.warnings, ...refused.map(({ message }) => message)],
    permissions: { ...row.permissions, revoked: consent?.revoked ?? [], receipts: manager.permissionReceipts(id) },
    versions: earlierVersions(manager, id),
    hash: agreed?.hash ?? sound?.hash ?? null,
    files: agreed?.files ?? sound?.files ?? [],
    hooks: manifest ? declaredHooks(manifest) : [],
    routes: running?.registrations.routes ?? [],
    crons: manager.deps.crons.list(id),
    contributes: manifest?.contributes ?? running?.registrations.ui ?? null,
    settings: manifest?.settings ?? {},
    license: manifest?.license,
    homepage: manifest?.homepage,
    keywords: manifest?.keywords ?? [],
    dependencies: manifest?.dependencies ?? {},
    network: manifest?.network?.hosts ?? [],
    publicRoutes: manifest?.http?.public ?? [],
    documents: await documentsOf(manager, id),
    icon: manifest?.icon ?? null,
    screenshots: manifest?.screenshots ?? [],
    faults: folder?.kind === 'broken' ? folder.faults : [],
    methods: running?.registrations.methods ?? [],
    consent: consent ? { by: consent.by, at: consent.at, revoked: consent.revoked } : null,
    process: running?.instance?.state ?? null,
  };
}

async function documentsOf(manager: PluginManager, id: string): Promise<PluginDetail['documents']> {
  const source = packageSource(manager, id);
  if (!source) return { readme: null, changelog: null };
  return {
    readme: await documentFile(source.folder, 'readme'),
    changelog: await documentFile(source.folder, 'changelog'),
  };
}

function earlierVersions(manager: PluginManager, id: string): PluginDetail['versions'] {
  const current = manager.deps.consents.get(id)?.hash;
  const others = manager.deps.versions.list(id).filter(({ consent }) => consent.hash !== current);
  return others.map(({ consent, at, reason }) => ({
    version: consent.manifest.version,
    hash: consent.hash,
    at,
    reason,
  }));
}
