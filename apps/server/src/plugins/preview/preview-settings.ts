import type { SettingSpecs } from '@sodium/sdk/manifest';
import { acceptSettings } from '../settings/accept-settings.js';
import { defaultValue, isSecret } from '../settings/value-problem.js';

/**
 * Settings for a try: the defaults, and what the admin typed for it. What is stored of the plugin is not among them:
 * its secrets were given to another content than this one.
 */
export class PreviewSettings {
  readonly #set = new Map<string, unknown>();
  readonly #byPlugin = new Set<string>();

  constructor(readonly specs: SettingSpecs) {}

  values(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.specs).map(([key, spec]) => [
        key,
        this.#set.has(key) ? this.#set.get(key) : defaultValue(spec),
      ]),
    );
  }

  /** What the admin typed: only that lets the plugin reach hosts. */
  typed(): Record<string, unknown> {
    return Object.fromEntries([...this.#set].filter(([key]) => !this.#byPlugin.has(key)));
  }

  view(): Record<string, unknown> {
    const shown = this.values();
    for (const [key, spec] of Object.entries(this.specs)) {
      if (isSecret(spec)) shown[key] = { set: shown[key] !== null && shown[key] !== '' };
    }
    return shown;
  }

  /** Returns what differs now. Throws 400 for what does not fit. */
  update(patch: Record<string, unknown>, by: 'admin' | 'plugin'): Record<string, unknown> {
    const before = this.values();
    for (const [key, value] of Object.entries(acceptSettings(this.specs, patch))) {
      if (value === null) this.#set.delete(key);
      else this.#set.set(key, value);
      if (by === 'plugin') this.#byPlugin.add(key);
      else this.#byPlugin.delete(key);
    }
    const after = this.values();
    const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
    return Object.fromEntries(changed.map((key) => [key, after[key]]));
  }

  /** The same values for another content, as far as they still fit. */
  adopt(older: PreviewSettings): void {
    for (const [key, value] of Object.entries(older.typed())) {
      try {
        this.update({ [key]: value }, 'admin');
      } catch {
        // The new content declares it otherwise: it begins with its default.
      }
    }
  }
}
