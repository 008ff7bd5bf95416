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
    await this.starter.deps.updates.settle(id);
    const before = this.starter.deps.consents.get(id);
    const wasWanted = this.starter.isWanted(id);
    const { updates } = this.starter.deps;
    let kept: Readonly<KeptVersion> | null = null;
    this.starter.requireDependencies(pkg.manifest);
    await this.starter.deps.packages.add(pkg);
    const release = this.starter.states.hold(id);
    const absence = before && wasWanted ? this.starter.markAbsent(before, 'it is being updated') : () => undefined;
    try {
      await this.starter.takeDown(id);
      this.starter.states.set(id, { kind: 'activating' });
      if (before && before.hash !== pkg.hash) kept = await this.keep(before, pkg);
      const consent = await this.starter.deps.consents.give(pkg, actor.username);
      if (kept) updates.onStep('new-consented');
      await this.starter.bringUp(id, consent, kept ? () => updates.commit(id) : undefined);
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
      release();
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
    const notBack = kept ? await this.takeBack(kept) : null;
    // Where nothing was written nothing has to be, which a full disk would refuse.
    const { consents } = this.starter.deps;
    if (before && consents.get(id) !== before) await consents.update(id, before);
    if (!before) await consents.withdraw(id);
    if (!before || !wasWanted) return this.starter.fail(id, error);
    if (notBack) return this.starter.fail(id, notBack);
    this.starter.states.logOf(id).add({
      at: Date.now(),
      level: 'error',
      source: 'panel',
      text: `The new version did not start, the one before runs on: ${error.message}`,
    });
    await this.starter.startWanted(id);
  }

  /** From here on a crash leads back to what there is now. */
  private async keep(before: Readonly<Consent>, pkg: SoundPackage): Promise<Readonly<KeptVersion>> {
    const { versions, updates } = this.starter.deps;
    const kept = await versions.keep(before, 'update');
    updates.onStep('old-kept');
    await updates.begin(kept, pkg.hash);
    return kept;
  }

  /** What a version that did not start has done to the documents is undone. Tells why it could not be. */
  private async takeBack({ plugin }: Readonly<KeptVersion>): Promise<Error | null> {
    try {
      await this.starter.deps.updates.settle(plugin);
      return null;
    } catch (error) {
      this.starter.deps.logger.error({ err: error, plugin }, 'the documents before the update could not be put back');
      return error as Error;
    }
  }
}
