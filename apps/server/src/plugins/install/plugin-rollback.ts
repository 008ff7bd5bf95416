import type { Permission } from '@sodium/sdk';
import { HttpError, notFound } from '../../http-error.js';
import type { Collection } from '../../storage/index.js';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';
import type { PendingOperation } from './pending-operation.js';
import type { KeptVersion, VersionHistory } from './version-history.js';

export type RollbackStep = 'kept' | 'decided' | 'data-back' | 'consent-back';

/** Brings the version before back, with its documents as they were. */
export class PluginRollback {
  constructor(
    private readonly manager: PluginManager,
    private readonly versions: VersionHistory,
    private readonly pending: Collection<PendingOperation>,
    private readonly onStep: (step: RollbackStep) => void = () => undefined,
  ) {}

  async rollback(id: string, actor: Actor): Promise<void> {
    const { manager } = this;
    if (!manager.exists(id)) throw notFound('plugin', id);
    if (manager.suspended) throw new HttpError(409, 'PLUGINS_SUSPENDED', manager.suspended);
    const left = this.manager.deps.consents.get(id)?.manifest.version;
    let back: Readonly<KeptVersion> | undefined;
    await manager.whileDown(id, 'it is being rolled back', async () => {
      await manager.deps.updates.settle(id);
      back = await this.prepare(id, actor);
      await this.finish(id, back.id, actor.username);
      await manager.setWanted(id, true);
    });
    await manager.record({
      actor,
      action: 'plugin.rollback',
      target: id,
      details: { from: left, to: back?.consent.manifest.version, hash: back?.consent.hash },
    });
    const state = manager.state(id);
    if (state.kind === 'failed')
      throw new HttpError(422, 'ACTIVATION_FAILED', `"${id}" was rolled back, but did not start: ${state.reason}`, {
        plugin: id,
      });
  }

  /** What there is now is kept too: a rollback can be rolled back. */
  private async prepare(id: string, actor: Actor): Promise<Readonly<KeptVersion>> {
    const { consents, packages } = this.manager.deps;
    const current = consents.get(id);
    const version = current && this.versions.previous(id, current.hash);
    if (!version)
      throw new HttpError(409, 'NO_EARLIER_VERSION', `No earlier version of "${id}" is kept.`, { plugin: id });
    if (!(await packages.verify(id, version.consent.hash))) {
      throw new HttpError(
        409,
        'NO_EARLIER_VERSION',
        `The copy of version ${version.consent.manifest.version} of "${id}" is missing or was altered on disk. Install that version again.`,
        { plugin: id },
      );
    }
    await this.versions.keep(current, 'rollback', version);
    this.onStep('kept');
    await this.pending.delete(id);
    await this.pending.insert({ id, kind: 'rollback', version: version.id, by: actor.username });
    return version;
  }

  /** Every step may have been done before. */
  async finish(id: string, versionId: string, by: string): Promise<void> {
    const { consents, crons } = this.manager.deps;
    const version = this.versions.get(versionId);
    this.onStep('decided');
    if (version) {
      await this.versions.restoreData(version);
      this.onStep('data-back');
      const current = consents.get(id);
      const revoked = (current?.revoked ?? []).filter((name: Permission) => version.consent.approved.includes(name));
      await crons.forget(id);
      await consents.update(id, {
        ...version.consent,
        revoked,
        used: current?.used ?? {},
        dormant: false,
        by,
        at: new Date().toISOString(),
      });
      this.onStep('consent-back');
    }
    await this.pending.delete(id);
    // Its documents are the current ones now.
    if (version) await this.versions.drop(version);
  }
}
