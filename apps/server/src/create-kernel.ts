import path from 'node:path';
import type { Logger } from 'pino';
import type { Storage } from './open-storage.js';
import { PluginHistory } from './plugins/activity/plugin-history.js';
import { RecentEvents } from './plugins/hooks/recent-events.js';
import { configSet } from './plugins/capabilities/config-set.js';
import { pluginsCall } from './plugins/capabilities/plugins-call.js';
import { ConsentBook, consentSchema } from './plugins/consent.js';
import { cronRecordSchema, PluginCrons } from './plugins/crons.js';
import { Egress } from './plugins/egress.js';
import { type HookBus } from './plugins/hooks/hook-bus.js';
import { pendingOperationSchema } from './plugins/install/pending-operation.js';
import { PluginInstaller } from './plugins/install/plugin-installer.js';
import { PluginRemover } from './plugins/install/plugin-remover.js';
import { PluginRollback } from './plugins/install/plugin-rollback.js';
import type { PackageOperations } from './plugins/install/recover-operations.js';
import { UpdateJournal } from './plugins/install/update-journal.js';
import { keptVersionSchema, VersionHistory } from './plugins/install/version-history.js';
import { PluginManager } from './plugins/manager.js';
import { sourceChecker } from './plugins/package/check-sources.js';
import { Discovery } from './plugins/package/discovery.js';
import { PackageStore } from './plugins/package/package-store.js';
import { Previews } from './plugins/preview/previews.js';
import { PreviewThemes } from './plugins/preview/preview-themes.js';
import type { PreviewedWorld } from './plugins/preview-port.js';
import { Signatures } from './plugins/package/signatures.js';
import { PluginRegistry } from './plugins/registry.js';
import type { Capability } from './plugins/sandbox/types.js';
import { createFetchCapability } from './plugins/sandbox/fetch/fetch-broker.js';
import { createSandboxHost } from './plugins/sandbox/sandbox-host.js';
import { PluginSettings, storedSettingsSchema } from './plugins/settings/plugin-settings.js';
import { shippedSchema } from './plugins/shipped.js';
import { ActiveThemes } from './plugins/theme/active-themes.js';
import { SODIUM_VERSION } from './version.js';

export interface Kernel {
  manager: PluginManager;
  operations: PackageOperations;
  registry: PluginRegistry;
  themes: ActiveThemes;
  previewThemes: PreviewThemes;
  hooks: HookBus;
  history: PluginHistory;
  recentEvents: RecentEvents;
  previews: Previews;
}

/** The plugin kernel. `hosting` are the capabilities that the panel's domain adds. */
export function createKernel(
  storage: Storage,
  options: {
    sandboxDirectory: string;
    safeMode: boolean;
    logger: Logger;
    hooks: HookBus;
    capabilities: Record<string, Capability>;
    previews: { world: PreviewedWorld; mayPreview(session: string): boolean; lifetimeMs?: number };
    onInstallStep?(step: string): void;
    /** How far the clock that plugins see is ahead. For tests. */
    pluginClockOffset?(): number;
    /** Told each line that a plugin's process writes to its collections, in order. For tests. */
    onPluginWrite?(plugin: string, line: Uint8Array): void;
  },
): Kernel {
  const { config, core, audit, secrets, dataDirectory, databaseDirectory } = storage;
  const { hooks, logger, safeMode, capabilities } = options;
  const egress: Egress = new Egress(() => manager);
  const consents = new ConsentBook(core.collection('consents', consentSchema));
  const sandbox = createSandboxHost({
    folder: options.sandboxDirectory,
    cacheFolder: path.join(dataDirectory, 'cache/compiled'),
    capabilities: () => onBehalf(capabilities, hooks),
    clockOffset: options.pluginClockOffset,
    onWrite: options.onPluginWrite,
  });
  const packages = new PackageStore(path.join(dataDirectory, 'packages'));
  const versions = new VersionHistory(
    core.collection('plugin-versions', keptVersionSchema),
    packages,
    databaseDirectory,
  );
  versions.isCurrent = (plugin, hash) => consents.get(plugin)?.hash === hash;
  const pending = core.collection('plugin-operations', pendingOperationSchema);
  const { onInstallStep } = options;
  const shipped = core.document('shipped-plugins', shippedSchema, { hashes: {} });
  const signatures = new Signatures({
    required: () => config.get().plugins.requireSignatures,
    keys: () => config.get().plugins.trustedKeys,
    isShipped: (id, hash) => shipped.get().hashes[id] === hash,
  });
  const updates = new UpdateJournal(pending, versions, consents, packages, onInstallStep);
  const manager: PluginManager = new PluginManager({
    config,
    discovery: new Discovery(pluginDirectory(config.get().plugins.directory, dataDirectory), SODIUM_VERSION, {
      checkSource: sourceChecker(options.sandboxDirectory),
      signatures,
      isKnown: (id, hash) => consents.get(id)?.hash === hash,
    }),
    packages,
    signatures,
    versions,
    updates,
    consents,
    settings: new PluginSettings(core.collection('plugin-settings', storedSettingsSchema), secrets),
    sandbox,
    hooks,
    crons: new PluginCrons(core.collection('plugin-crons', cronRecordSchema)),
    egress,
    audit,
    logger,
    sodiumVersion: SODIUM_VERSION,
    databaseDirectory,
    safeMode,
  });
  capabilities['fetch'] = createFetchCapability({
    allowedHosts: egress.allowedHosts,
    allowPrivate: () => config.get().plugins.network.allowPrivate,
    onFetch: egress.note,
  }) as Capability;
  capabilities['config.set'] = configSet(manager) as Capability;
  capabilities['plugins.call'] = pluginsCall(manager) as Capability;
  const operations: PackageOperations = {
    installer: new PluginInstaller(manager, onInstallStep),
    remover: new PluginRemover(manager, versions, pending, onInstallStep),
    rollback: new PluginRollback(manager, versions, pending, onInstallStep),
    updates,
    versions,
    pending,
  };
  const previews = new Previews({
    ...options.previews,
    manager,
    sandbox,
    history: hooks.history,
    sodiumVersion: SODIUM_VERSION,
    databaseDirectory,
    allowPrivate: () => config.get().plugins.network.allowPrivate,
  });
  const themes = new ActiveThemes(manager);
  return {
    manager,
    previews,
    operations,
    hooks,
    registry: new PluginRegistry(manager),
    themes,
    previewThemes: new PreviewThemes(themes, manager),
    history: new PluginHistory(manager),
    recentEvents: new RecentEvents({
      file: path.join(databaseDirectory, 'recent-events.json'),
      history: hooks.history,
      strip: (event, context) => options.previews.world.strip(event, context),
      logger,
    }),
  };
}

/** What a plugin asks of the panel is done with its cause known to the hooks. */
function onBehalf(capabilities: Record<string, Capability>, hooks: HookBus): Record<string, Capability> {
  const wrap = (capability: Capability): Capability => ({
    ...capability,
    handle: (args, caller) => hooks.onBehalfOf(caller.plugin, () => capability.handle(args, caller)),
  });
  return Object.fromEntries(Object.entries(capabilities).map(([name, capability]) => [name, wrap(capability)]));
}

/** A leading `data/` stands for the data folder. */
function pluginDirectory(configured: string, dataDirectory: string): string {
  return configured.startsWith('data/')
    ? path.join(dataDirectory, configured.slice('data/'.length))
    : path.resolve(configured);
}
