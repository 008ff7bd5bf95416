import { contributesSchema } from '@sodium/sdk/manifest';
import { z } from 'zod';

export const pluginTypeSchema = z.enum(['hook', 'widget', 'feature', 'theme']);
export const pluginStateSchema = z.enum(['invalid', 'inactive', 'activating', 'active', 'failed', 'quarantined']);
export type PluginState = z.infer<typeof pluginStateSchema>;

/** An active plugin as the shell sees it: never settings, nothing secret. */
export const registryEntrySchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  type: pluginTypeSchema,
  hash: z.string(),
  /** The address of `client.js`, or null when the plugin has none. */
  client: z.string().nullable(),
  /** Where `client.js`, `assets/` and styles lie: `/plugins/<id>/<hash>/`. */
  base: z.string(),
  styles: z.array(z.string()),
  /** Null: unknown until the client's code has run. */
  contributes: contributesSchema.nullable(),
  theme: z.object({ stylesheet: z.string(), modes: z.array(z.enum(['light', 'dark'])) }).nullable(),
  /** What its UI may register. */
  ui: z.object({
    pages: z.boolean(),
    tabs: z.boolean(),
    widgets: z.boolean(),
    sidebar: z.boolean(),
    admin: z.boolean(),
  }),
  /** Ranges of the shared modules it was built against. */
  shared: z.record(z.string(), z.string()),
  /** Its manifest names the hook `sidebar:items`, so its client may filter what every page shows. */
  filtersSidebar: z.boolean().optional(),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;
export const registrySchema = z.object({
  items: z.array(registryEntrySchema),
  /** Whether a plugin's backend filters this: `POST /api/registry/sidebar` then says what is shown. */
  filters: z.object({ sidebar: z.boolean() }).optional(),
  /** The same as in `registry:changed`; whoever has read this version need not read it again. */
  version: z.string().optional(),
});
export type Registry = z.infer<typeof registrySchema>;

const entryText = z.string().min(1).max(200);
export const sidebarEntriesSchema = z
  .array(
    z.object({
      id: entryText,
      label: entryText,
      icon: z.string().max(60).optional(),
      /** Within the panel. */
      href: entryText.regex(/^\/(?![/\\])/),
      plugin: z.string().max(60).optional(),
    }),
  )
  .max(500);
export const adminTabEntriesSchema = z.array(z.object({ id: entryText, label: entryText, plugin: entryText })).max(500);

export const pluginRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  type: pluginTypeSchema.nullable(),
  author: z.string().optional(),
  description: z.string(),
  state: pluginStateSchema,
  /** Why it is in this state, when that is not plain. */
  reason: z.string().optional(),
  /** What to do about it. */
  fix: z.string().optional(),
  /** What of the manifest was ignored. */
  warnings: z.array(z.string()),
  permissions: z.object({ declared: z.array(z.string()), approved: z.array(z.string()), used: z.array(z.string()) }),
  /** The folder differs from the copy that was consented to. */
  update: z.object({ version: z.string(), hash: z.string(), addedPermissions: z.array(z.string()) }).optional(),
});
export type PluginRow = z.infer<typeof pluginRowSchema>;

/** `seen`: the values as they were read, of what changes. One that is another by now refuses the change. */
export const changedSettingsSchema = z.object({
  values: z.record(z.string(), z.unknown()),
  seen: z.record(z.string(), z.unknown()).optional(),
});
export type ChangedSettings = z.infer<typeof changedSettingsSchema>;
export const activateSchema = z.object({ permissions: z.array(z.string()).optional() });

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({ id: z.string().nullable(), username: z.string() }),
  action: z.string(),
  target: z.string().optional(),
  details: z.unknown().optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The bearer token for `/metrics`: none, made in the admin area, or typed into `config.json`. Never the token itself. */
export type MetricsTokenStatus = { kind: 'none' } | { kind: 'made'; at: string | null } | { kind: 'typed' };

/** `GET /api/admin/system`. */
export interface SystemStatus {
  version: string;
  node: string;
  uptimeMs: number;
  safeMode: boolean;
  pluginsEnabled: boolean;
  registration: boolean;
  /** The default theme's id; `sodium` is the panel's own look. */
  theme: string;
  metricsToken: MetricsTokenStatus;
  /** How servers are kept apart. `none` is shown plainly. */
  isolation: { kind: 'user' | 'bubblewrap' | 'none'; detail: string };
  /** Files that could not be read, and what to do. */
  problems: { file: string; message: string; fix: string }[];
}
