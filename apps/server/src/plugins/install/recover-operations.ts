import type { Logger } from 'pino';
import type { Collection } from '../../storage/index.js';
import type { PendingOperation } from './pending-operation.js';
import type { PluginInstaller } from './plugin-installer.js';
import type { PluginRemover } from './plugin-remover.js';
import type { PluginRollback } from './plugin-rollback.js';
import type { UpdateJournal } from './update-journal.js';
import type { VersionHistory } from './version-history.js';

export interface PackageOperations {
  installer: PluginInstaller;
  remover: PluginRemover;
  rollback: PluginRollback;
  updates: UpdateJournal;
  versions: VersionHistory;
  pending: Collection<PendingOperation>;
}

/** Ends what a crash interrupted, before anything runs. What cannot be ended now is tried again at the next start. */
export async function recoverOperations(
  { installer, remover, rollback, updates, versions, pending }: PackageOperations,
  logger: Logger,
): Promise<void> {
  await installer.sweep();
  await versions.sweep();
  for (const operation of pending.all()) {
    try {
      if (operation.kind === 'remove') await remover.finish(operation.id, operation.data);
      else if (operation.kind === 'update') await updates.takeBack(operation.id, operation.version, operation.hash);
      else await rollback.finish(operation);
    } catch (error) {
      logger.error({ err: error, operation }, 'an interrupted operation on a plugin could not be ended');
    }
  }
}
