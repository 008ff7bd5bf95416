import type { KeyedLock } from '../keyed-lock.js';
import { FixableError } from './fixable-error.js';
import type { PluginStarter } from './plugin-starter.js';

/** Keeps plugins that need others in step with them. */
export class Dependents {
  constructor(
    private readonly starter: PluginStarter,
    private readonly locks: KeyedLock,
  ) {}

  /** After a plugin came, went or changed, those that need it follow, and those that need them. */
  async follow(id: string): Promise<void> {
    for (const other of this.starter.deps.config.get().plugins.active) {
      if (other === id || this.starter.deps.consents.get(other)?.manifest.dependencies[id] === undefined) continue;
      const moved = await this.locks.run(other, () => this.settle(other, id));
      if (moved) await this.follow(other);
    }
  }

  /** Stops what cannot go on, starts what can again. Whatever stops stays wanted. */
  private async settle(id: string, needed: string): Promise<boolean> {
    const running = this.starter.states.running(id);
    if (!running) {
      if (this.starter.states.get(id).kind !== 'failed') return false;
      await this.starter.takeDown(id);
      await this.starter.startWanted(id);
      return this.starter.states.running(id) !== null;
    }
    try {
      this.starter.requireDependencies(running.manifest);
      return false;
    } catch (error) {
      await this.starter.takeDown(id);
      this.starter.fail(
        id,
        new FixableError(
          (error as Error).message,
          `Activate "${needed}" in a version that fits, or deactivate this plugin too.`,
        ),
      );
      return true;
    }
  }
}
