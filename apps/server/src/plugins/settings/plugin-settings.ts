import type { SettingSpec, SettingSpecs } from '@sodium/sdk/manifest';
import { z } from 'zod';
import type { Collection, SecretBox } from '../../storage/index.js';
import { acceptSettings } from './accept-settings.js';
import { defaultValue, isSecret, valueProblem } from './value-problem.js';

const sealed = z.object({ $sealed: z.string() });
export const storedSettingsSchema = z.object({
  id: z.string(),
  values: z.record(z.string(), z.unknown()),
  /** Keys that the plugin itself set last. */
  byPlugin: z.array(z.string()).default([]),
});
export type StoredSettings = z.infer<typeof storedSettingsSchema>;

/** What an admin sees of a secret: whether there is one, never what it is. */
export interface SecretMark {
  set: boolean;
}

/** The values of all plugins' settings. Secrets are sealed at rest and leave this class only towards their plugin. */
export class PluginSettings {
  constructor(
    private readonly stored: Collection<StoredSettings>,
    private readonly box: SecretBox,
  ) {}

  /** For the plugin itself: defaults filled in, secrets readable. */
  values(id: string, specs: SettingSpecs): Record<string, unknown> {
    const stored = this.stored.get(id)?.values ?? {};
    const entries = Object.entries(specs).map(([key, spec]) => [key, this.valueOf(spec, stored[key])]);
    return Object.fromEntries(entries);
  }

  /** Only what an admin typed: neither a default in the manifest nor what the plugin set is an admin's word. */
  typedValues(id: string, specs: SettingSpecs): Record<string, unknown> {
    const { values, byPlugin }: Omit<StoredSettings, 'id'> = this.stored.get(id) ?? { values: {}, byPlugin: [] };
    const typed = (key: string): boolean => values[key] !== undefined && !byPlugin.includes(key);
    return Object.fromEntries(Object.entries(this.values(id, specs)).filter(([key]) => typed(key)));
  }

  /** For the admin: secrets are write-only. */
  view(id: string, specs: SettingSpecs): Record<string, unknown> {
    const values = this.values(id, specs);
    for (const [key, spec] of Object.entries(specs)) {
      if (isSecret(spec)) values[key] = { set: values[key] !== null && values[key] !== '' } satisfies SecretMark;
    }
    return values;
  }

  /** Merges and stores. `null` takes a value back to its default. Returns the keys whose values differ now. */
  async update(
    id: string,
    specs: SettingSpecs,
    patch: Record<string, unknown>,
    by: 'admin' | 'plugin',
  ): Promise<string[]> {
    const before = this.values(id, specs);
    const next = acceptSettings(specs, patch, before);
    const stored = { ...this.stored.get(id)?.values };
    for (const [key, value] of Object.entries(next)) {
      if (value === null) delete stored[key];
      else stored[key] = isSecret(specs[key]!) ? { $sealed: this.box.seal(String(value)) } : value;
    }
    const others = (this.stored.get(id)?.byPlugin ?? []).filter((key) => !(key in next));
    const byPlugin = by === 'plugin' ? [...others, ...Object.keys(next)] : others;
    if (this.stored.get(id)) await this.stored.update(id, { values: stored, byPlugin });
    else await this.stored.insert({ id, values: stored, byPlugin });
    const after = this.values(id, specs);
    return Object.keys(next).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  }

  /** The plugins, also those that are gone, of which values are kept. */
  ids(): string[] {
    return this.stored
      .all()
      .filter(({ values }) => Object.keys(values).length > 0)
      .map(({ id }) => id);
  }

  /** How many values are kept, of a plugin that may be gone. */
  countStored(id: string): number {
    return Object.keys(this.stored.get(id)?.values ?? {}).length;
  }

  /** Its secrets as they are, for keeping them out of what is shown. */
  secrets(id: string, specs: SettingSpecs): string[] {
    const values = this.values(id, specs);
    return Object.keys(specs)
      .filter((key) => isSecret(specs[key]!))
      .map((key) => values[key])
      .filter((value): value is string => typeof value === 'string' && value !== '');
  }

  async remove(id: string): Promise<void> {
    await this.stored.delete(id);
  }

  /** Forgets the secrets and keeps the rest. */
  async removeSecrets(id: string): Promise<void> {
    const stored = this.stored.get(id);
    if (!stored) return;
    const open = Object.entries(stored.values).filter(([, value]) => !sealed.safeParse(value).success);
    await this.stored.update(id, { values: Object.fromEntries(open) });
  }

  private valueOf(spec: SettingSpec, stored: unknown): unknown {
    if (stored === undefined) return defaultValue(spec);
    const secret = sealed.safeParse(stored);
    const value = secret.success ? this.reveal(secret.data.$sealed) : stored;
    // An update may have narrowed the declaration: a value that no longer fits is as good as none.
    return valueProblem(spec, value) ? defaultValue(spec) : value;
  }

  /** A secret that cannot be read any more counts as none: the panel's list of problems names the key file. */
  private reveal(text: string): string | null {
    try {
      return this.box.open(text);
    } catch {
      return null;
    }
  }
}
