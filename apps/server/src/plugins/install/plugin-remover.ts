import path from 'node:path';
import { notFound } from '../../http-error.js';
import type { Collection } from '../../storage/index.js';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';
import { isFolderName } from '../package/discovery.js';
import type { PendingOperation } from './pending-operation.js';
import { removeFolder } from './swap-folder.js';
import { folderBytes, type VersionHistory } from './version-history.js';

export type RemoveStep = 'intended' | 'folder-gone' | 'packages-gone' | 'data-gone' | 'consent-gone' | 'settings-gone';

/** Takes plugins away, whatever state they are in. */
export class PluginRemover {
  constructor(
    private readonly manager: PluginManager,
    private readonly versions: VersionHistory,
    private readonly pending: Collection<PendingOperation>,
    private readonly onStep: (step: RemoveStep) => void = () => undefined,
  ) {}

  /** `keep` leaves the documents and the settings that are no secrets, for the day it is installed again. */
  async remove(id: string, data: 'keep' | 'delete', actor: Actor): Promise<void> {
    const { manager } = this;
    if (!isFolderName(id)) throw notFound('plugin', id);
    await manager.deps.discovery.scanOne(id);
    const isKnown = manager.exists(id);
    const isLeftOver = !isKnown && data === 'delete' && (await this.hasLeft(id));
    if (!isKnown && !isLeftOver) throw notFound('plugin', id);
    // Documents that are kept are those of a version.
    if (data === 'keep') await manager.inTurn(id, () => manager.deps.updates.settle(id));
    if (manager.isWanted(id) || manager.state(id).kind !== 'inactive') await manager.deactivate(id, actor);
    await manager.whileDown(id, 'it is being removed', async () => {
      await this.intend({ id, kind: 'remove', data });
      await this.finish(id, data);
    });
    await manager.record({ actor, action: 'plugin.remove', target: id, details: { data } });
  }

  /** Every step may have been done before. */
  async finish(id: string, data: 'keep' | 'delete'): Promise<void> {
    const { deps } = this.manager;
    this.onStep('intended');
    await removeFolder(path.join(deps.discovery.directory, id));
    this.onStep('folder-gone');
    await removeFolder(path.join(deps.packages.directory, id));
    await this.versions.forget(id);
    this.onStep('packages-gone');
    if (data === 'delete') await removeFolder(this.versions.dataFolder(id));
    this.onStep('data-gone');
    await deps.crons.forget(id);
    if (deps.consents.get(id)) await deps.consents.withdraw(id);
    this.onStep('consent-gone');
    if (data === 'delete') await deps.settings.remove(id);
    else await deps.settings.removeSecrets(id);
    this.onStep('settings-gone');
    await this.pending.delete(id);
    await deps.discovery.scanOne(id);
    this.manager.forget(id);
  }

  private async hasLeft(id: string): Promise<boolean> {
    return this.manager.deps.settings.countStored(id) > 0 || (await folderBytes(this.versions.dataFolder(id))) > 0;
  }

  private async intend(operation: PendingOperation): Promise<void> {
    await this.pending.delete(operation.id);
    await this.pending.insert(operation);
  }
}
