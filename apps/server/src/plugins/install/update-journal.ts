import type { Collection } from '../../storage/index.js';
import type { ConsentBook } from '../consent.js';
import { FixableError } from '../fixable-error.js';
import type { PackageStore } from '../package/package-store.js';
import type { PendingOperation } from './pending-operation.js';
import type { KeptVersion, VersionHistory } from './version-history.js';

/** What an activation that replaces another version reports. Tests stop the panel at each. */
export type UpdateStep = 'old-kept' | 'update-intended' | 'new-consented' | 'new-started' | 'update-done';

/** An update did not start, and what it did to the documents is not undone. */
export class DocumentsNotBackError extends FixableError {
  constructor(cause: Error) {
    super(
      `Its documents as they were before the update that failed could not be put back: ${cause.message}`,
      'Make room on the disk and check the data folder, then activate it again or restart the panel: it runs again once they are back.',
      undefined,
      { status: 503, code: 'DOCUMENTS_NOT_BACK' },
    );
    this.cause = cause;
  }
}

/** A rollback could be neither ended nor taken back: documents and version do not belong together. */
export class HalfWayError extends FixableError {
  constructor(cause?: Error) {
    super(
      `Its rollback stopped half way${cause ? `: ${cause.message}` : '.'}`,
      'Make room on the disk and check the data folder, then restart the panel: the rollback is ended there.',
      undefined,
      { status: 503, code: 'DOCUMENTS_NOT_BACK' },
    );
    this.cause = cause;
  }
}

/**
 * Remembers that a version is being replaced until the new one has started. A panel that was killed in between goes
 * back to the version before, with its documents as they were: what the new one did to them was promised to nobody.
 */
export class UpdateJournal {
  constructor(
    private readonly pending: Collection<PendingOperation>,
    private readonly versions: VersionHistory,
    private readonly consents: ConsentBook,
    private readonly packages: PackageStore,
    readonly onStep: (step: UpdateStep) => void = () => undefined,
  ) {}

  async begin(kept: Readonly<KeptVersion>, hash: string): Promise<void> {
    await this.pending.delete(kept.plugin);
    await this.pending.insert({ id: kept.plugin, kind: 'update', version: kept.id, hash });
    this.onStep('update-intended');
  }

  /** The new version answers from here on. */
  async commit(plugin: string): Promise<void> {
    this.onStep('new-started');
    await this.pending.delete(plugin);
    this.onStep('update-done');
  }

  /** Ends what could not be ended before: until then neither version may run on these documents. */
  async settle(plugin: string): Promise<void> {
    const operation = this.pending.get(plugin);
    if (operation?.kind === 'rollback') return this.refuseHalf(operation);
    if (operation?.kind !== 'update') return;
    try {
      await this.takeBack(plugin, operation.version, operation.hash);
    } catch (error) {
      throw new DocumentsNotBackError(error as Error);
    }
  }

  /** One that was done or taken back is only still to be tidied up. */
  private async refuseHalf({ id, version, kept }: Extract<PendingOperation, { kind: 'rollback' }>): Promise<void> {
    const target = this.versions.get(version)?.consent.hash;
    const isDone = target === undefined || this.consents.get(id)?.hash === target;
    const isTakenBack = kept !== undefined && !(await this.versions.isWhole(kept));
    if (!isDone && !isTakenBack) throw new HalfWayError();
  }

  /** Puts the version before back. Every step may have been done before. */
  async takeBack(plugin: string, versionId: string, hash: string): Promise<void> {
    const version = this.versions.get(versionId);
    if (version) {
      await this.versions.restoreData(version);
      // What was done to a consent that stands again already, such as a revocation, stays.
      if (this.consents.get(plugin)?.hash !== version.consent.hash) await this.consents.update(plugin, version.consent);
    }
    await this.pending.delete(plugin);
    if (version) await this.versions.drop(version);
    const isKept = this.versions.list(plugin).some(({ consent }) => consent.hash === hash);
    if (!isKept && this.consents.get(plugin)?.hash !== hash) await this.packages.remove(plugin, hash);
  }
}
