import type { Collection } from '../../storage/index.js';
import type { ConsentBook } from '../consent.js';
import type { PackageStore } from '../package/package-store.js';
import type { PendingOperation } from './pending-operation.js';
import type { KeptVersion, VersionHistory } from './version-history.js';

/** What an activation that replaces another version reports. Tests stop the panel at each. */
export type UpdateStep = 'old-kept' | 'update-intended' | 'new-consented' | 'new-started' | 'update-done';

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

  /** Puts the version before back. Every step may have been done before. */
  async takeBack(plugin: string, versionId: string, hash: string): Promise<void> {
    const version = this.versions.get(versionId);
    if (version) {
      await this.versions.restoreData(version);
      await this.consents.update(plugin, version.consent);
    }
    await this.pending.delete(plugin);
    if (version) await this.versions.drop(version);
    const isKept = this.versions.list(plugin).some(({ consent }) => consent.hash === hash);
    if (!isKept && this.consents.get(plugin)?.hash !== hash) await this.packages.remove(plugin, hash);
  }
}
