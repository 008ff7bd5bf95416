import type { Logger } from 'pino';
import type { AuditLog, ConfigFile } from '../storage/index.js';
import type { ConsentBook } from './consent.js';
import type { PluginCrons } from './crons.js';
import type { Egress } from './egress.js';
import type { HookBus } from './hooks/hook-bus.js';
import type { UpdateJournal } from './install/update-journal.js';
import type { VersionHistory } from './install/version-history.js';
import type { Discovery } from './package/discovery.js';
import type { PackageStore } from './package/package-store.js';
import type { Signatures } from './package/signatures.js';
import type { SandboxHost } from './sandbox/types.js';
import type { PluginSettings } from './settings/plugin-settings.js';

export interface Actor {
  id: string | null;
  username: string;
}

export interface PluginManagerDeps {
  config: ConfigFile;
  discovery: Discovery;
  packages: PackageStore;
  signatures: Signatures;
  /** What an update replaces is kept, with its documents. */
  versions: VersionHistory;
  /** Until an update has started, a crash leads back to the version before. */
  updates: UpdateJournal;
  consents: ConsentBook;
  settings: PluginSettings;
  sandbox: SandboxHost;
  hooks: HookBus;
  crons: PluginCrons;
  egress: Egress;
  audit: AuditLog;
  logger: Logger;
  sodiumVersion: string;
  /** The folder that holds each plugin's `plugins_<id>` store. */
  databaseDirectory: string;
  safeMode: boolean;
}

/** Who the audit log names for what the panel does by itself. */
export const PANEL: Actor = { id: null, username: 'panel' };
