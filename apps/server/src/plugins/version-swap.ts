import { HttpError } from '../http-error.js';
import type { Consent } from './consent.js';
import type { KeptVersion } from './install/version-history.js';
import type { Actor } from './manager-deps.js';
import type { SoundPackage } from './package/inspect.js';
import type { PluginStarter } from './plugin-starter.js';

/** Puts a new content in place of what runs. */
export class VersionSwap {
  constructor(private readonly starter: PluginStarter) {}

  /** Replaces what runs by a new content, or puts the old one back. */
  async swap(id: string, pkg: SoundPackage, actor: Actor): Promise<void> {
    const before = this.starter.deps.consents.get(id);
    const wasWanted = this.starter.isWanted(id);
    let kept: Readonly<KeptVersion> | null = null;
    this.starter.requireDependencies(pkg.manifest);
    await this.starter.deps.packages.add(pkg);
    const absence = before && wasWanted ? this.starter.markAbsent(before, 'it is being updated') : () => undefined;
    try {
      await this.starter.takeDown(id);
      this.starter.states.set(id, { kind: 'activating' });
      if (before && before.hash !== pkg.hash) kept = await this.starter.deps.versions.keep(before, 'update');
      await this.starter.bringUp(id, await this.starter.deps.consents.give(pkg, actor.username));
      await this.starter.setWanted(id, true);
    } catch (error) {
      await this.restore(id, before, wasWanted, error as Error, kept);
      throw new HttpError(
        422,
        'ACTIVATION_FAILED',
        `"${pkg.manifest.name}" did not start: ${(error as Error).message}`,
        { plugin: id },
        { cause: error },
      );
    } finally {
      absence();
    }
  }

  private async restore(
    id: string,
    before: Readonly<Consent> | undefined,
    wasWanted: boolean,
    error: Error,
    kept: Readonly<KeptVersion> | null,
  ): Promise<void> {
    await this.starter.takeDown(id);
    if (before) await this.starter.deps.consents.update(id, before);
    else await this.starter.deps.consents.withdraw(id);
    // Once the consent is the one before again: only then is its package known to be in use.
    if (kept) await this.takeBack(kept);
    if (!before || !wasWanted) return this.starter.fail(id, error);
    this.starter.states.logOf(id).add({
      at: Date.now(),
      level: 'error',
      source: 'panel',
      text: `The new version did not start, the one before runs on: ${error.message}`,
    });
    await this.starter.startWanted(id);
  }

  /** What a version that did not start has done to the documents is undone. */
  private async takeBack(kept: Readonly<KeptVersion>): Promise<void> {
    try {
      await this.starter.deps.versions.restoreData(kept);
      await this.starter.deps.versions.drop(kept);
    } catch (error) {
      const said = 'the documents of the version before could not be put back';
      this.starter.deps.logger.error({ err: error, plugin: kept.plugin }, said);
    }
  }
}
