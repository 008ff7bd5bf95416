import { manifestSchema } from '@sodium/sdk/manifest';
import { isPermission, type Permission } from '@sodium/sdk';
import { z } from 'zod';
import { HttpError } from '../http-error.js';
import type { Collection } from '../storage/index.js';
import type { SoundPackage } from './package/inspect.js';
import type { PackageFile } from './package/read-folder.js';
import type { Registrations } from './sandbox/types.js';

const permission = z.string().refine(isPermission) as unknown as z.ZodType<Permission>;

export const consentSchema = z.object({
  id: z.string(),
  /** The content an admin said yes to. Nothing else of this id may run. */
  hash: z.string(),
  manifest: manifestSchema,
  files: z.array(z.custom<PackageFile>((value) => typeof value === 'object' && value !== null)),
  approved: z.array(permission),
  /** Taken back afterwards; survives restarts and updates. */
  revoked: z.array(permission),
  by: z.string(),
  at: z.string(),
  /** The plugin was deactivated since. Whoever names it in config.json by hand means what lies in the folder then. */
  dormant: z.boolean().default(false),
  used: z.record(z.string(), z.object({ count: z.number(), last: z.string() })).default({}),
  /** What its backend registered when it was last activated: an idle plugin needs no process to be known. */
  registrations: z.custom<Registrations>().nullable().default(null),
});

/** What an admin agreed to for one plugin. */
export type Consent = z.infer<typeof consentSchema>;

export interface RevocationChange {
  before: { revoked: Permission[] };
  after: { revoked: Permission[] };
}

/** The consents of all plugins, by id. */
export class ConsentBook {
  constructor(private readonly stored: Collection<Consent>) {}

  get(id: string): Readonly<Consent> | undefined {
    return this.stored.get(id);
  }

  /** Records a yes to exactly this content. What was revoked before stays revoked. */
  async give(pkg: SoundPackage, by: string): Promise<Readonly<Consent>> {
    const before = this.stored.get(pkg.manifest.id);
    const consent: Consent = {
      id: pkg.manifest.id,
      hash: pkg.hash,
      manifest: pkg.manifest,
      files: pkg.files,
      approved: pkg.manifest.permissions,
      revoked: before?.revoked.filter((name) => pkg.manifest.permissions.includes(name)) ?? [],
      by,
      at: new Date().toISOString(),
      dormant: false,
      used: before?.used ?? {},
      registrations: before?.hash === pkg.hash ? before.registrations : null,
    };
    if (before) return this.stored.update(consent.id, consent);
    await this.stored.insert(consent);
    return consent;
  }

  async update(id: string, patch: Partial<Consent>): Promise<void> {
    await this.stored.update(id, patch);
  }

  /** Takes permissions back, or gives them back. Returns what changed, or null when nothing did. */
  async setRevoked(id: string, names: readonly string[]): Promise<RevocationChange | null> {
    const consent = this.stored.get(id);
    if (!consent)
      throw new HttpError(409, 'PLUGIN_NOT_ACTIVE', `"${id}" was never activated: it holds no permission.`, {
        plugin: id,
      });
    const unknown = names.filter((name) => !consent.approved.some((approved) => approved === name));
    if (unknown.length > 0) {
      const message = `"${id}" was not given ${unknown.map((name) => `"${name}"`).join(', ')}. It has: ${consent.approved.join(', ') || 'none'}.`;
      throw new HttpError(400, 'UNKNOWN_PERMISSION', message, { plugin: id });
    }
    const before = consent.approved.filter((name) => consent.revoked.includes(name));
    const after = consent.approved.filter((name) => names.includes(name));
    if (before.join() === after.join()) return null;
    await this.stored.update(id, { revoked: after });
    return { before: { revoked: before }, after: { revoked: after } };
  }

  async withdraw(id: string): Promise<void> {
    await this.stored.delete(id);
  }

  /** What the plugin may do now. */
  granted(id: string): Permission[] {
    const consent = this.stored.get(id);
    return consent ? consent.approved.filter((name) => !consent.revoked.includes(name)) : [];
  }
}
