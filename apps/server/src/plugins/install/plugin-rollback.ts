import type { Permission } from '@sodium/sdk';
import { HttpError, notFound } from '../../http-error.js';
import type { Collection } from '../../storage/index.js';
import type { Actor } from '../manager-deps.js';
import type { PluginManager } from '../manager.js';
import type { PendingOperation } from './pending-operation.js';
import { HalfWayError } from './update-journal.js';
import type { KeptVersion, VersionHistory } from './version-history.js';

type PendingRollback = Extract<PendingOperation, { kind: 'rollback' }>;

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
      back = await this.versionBefore(id);
      await this.goBack(id, back, actor.username);
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

  private async versionBefore(id: string): Promise<Readonly<KeptVersion>> {
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
    return version;
  }

  /** All of it or nothing: what cannot be done to its end, for want of room, is taken back at once. */
  private async goBack(id: string, version: Readonly<KeptVersion>, by: string): Promise<void> {
    // What there is now is kept too: a rollback can be rolled back.
    const kept = await this.versions.keep(this.manager.deps.consents.get(id)!, 'rollback', version);
    this.onStep('kept');
    try {
      await this.pending.delete(id);
      await this.pending.insert({ id, kind: 'rollback', version: version.id, by, kept: kept.id });
      await this.restore(id, version, by);
    } catch (error) {
      if (!(error instanceof HalfWayError)) await this.quietly(id, () => this.takeBack(id, kept));
      throw error;
    }
    await this.quietly(id, () => this.conclude(id, version));
  }

  /** For a start after a crash. Every step may have been done before. */
  async finish({ id, version: versionId, by, kept }: PendingRollback): Promise<void> {
    const version = this.versions.get(versionId);
    const wasTakenBack = kept !== undefined && !(await this.versions.isWhole(kept));
    if (!version || wasTakenBack) return void (await this.pending.delete(id));
    if (this.manager.deps.consents.get(id)?.hash !== version.consent.hash) await this.restore(id, version, by);
    await this.conclude(id, version);
  }

  /** Documents and consent together: without the one the other goes back too. */
  private async restore(id: string, version: Readonly<KeptVersion>, by: string): Promise<void> {
    this.onStep('decided');
    const data = await this.versions.exchangeData(version);
    try {
      this.onStep('data-back');
      await this.giveConsentBack(id, version, by);
    } catch (error) {
      await data.undo().catch((cause: unknown) => {
        throw new HalfWayError(cause as Error);
      });
      throw error;
    }
    this.onStep('consent-back');
    await this.quietly(id, () => data.keep());
  }

  private async giveConsentBack(id: string, version: Readonly<KeptVersion>, by: string): Promise<void> {
    const { consents, crons } = this.manager.deps;
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
  }

  /** Its documents are the current ones now. */
  private async conclude(id: string, version: Readonly<KeptVersion>): Promise<void> {
    await this.pending.delete(id);
    await this.versions.drop(version);
  }

  /** From the first line on a start of the panel knows that nothing is to be done. */
  private async takeBack(id: string, kept: Readonly<KeptVersion>): Promise<void> {
    await this.versions.discard(kept);
    await this.pending.delete(id);
  }

  /** What was decided stands. What is left to tidy up waits for the next start. */
  private async quietly(id: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: Error) =>
      this.manager.deps.logger.error({ err: error, plugin: id }, 'a rollback was not tidied up'),
    );
  }
}
