import semver from 'semver';
import { z } from 'zod';
import { HOOKS, matchHooks } from '../hooks.js';
import { PERMISSION_NAMES, type Permission } from '../permissions.js';
import { contributesSchema } from './contributes.js';
import { settingsSchema } from './settings.js';

/** Ids that name a part of the panel itself. */
export const RESERVED_IDS: ReadonlySet<string> = new Set([
  'install',
  'admin',
  'api',
  'core',
  'plugins',
  'sodium',
  'constructor',
  'prototype',
  'login',
  'logout',
  'register',
  'setup',
  'account',
  'servers',
  'dashboard',
  'docs',
  'assets',
  'preview',
  'healthz',
  'readyz',
  'metrics',
]);

export const pluginIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,48}$/, 'must match ^[a-z][a-z0-9-]{1,48}$ (lower case, digits and dashes)')
  .refine((id) => !RESERVED_IDS.has(id), 'is reserved for the panel; choose another id');

const version = z.string().refine((v) => semver.valid(v) !== null, 'must be a semantic version such as "1.0.0"');
const range = z
  .string()
  .refine((r) => semver.validRange(r) !== null, 'must be a semver range such as ">=1.0.0" or "^1.2.0"');

const hookEvent = z
  .string()
  .refine((event) => matchHooks(event).length > 0, 'names no hook; the hooks are: ' + Object.keys(HOOKS).join(', '));

export const hookEntrySchema = z.union([
  hookEvent,
  z.strictObject({ event: hookEvent, onError: z.enum(['deny', 'allow']).default('deny') }),
]);

/** A host name such as `api.stripe.com`, or `*.example.com` for all names below one. */
const host = z
  .string()
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:\d{1,5})?$/,
    'must be a host name such as "api.example.com"',
  );

/** A path inside the package: relative, no `..`, forward slashes. */
const packagePath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_@-][A-Za-z0-9._@/-]*$/, 'must be a relative path inside the plugin’s folder')
  .refine(
    (path) => !path.split('/').some((part) => part === '..' || part === '.' || part === ''),
    'must not contain ".." or empty parts',
  );

const assetCss = packagePath.refine(
  (path) => path.startsWith('assets/') && path.endsWith('.css'),
  'must be a .css file under assets/',
);

const publicRoute = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9\-._~/:*]*$/, 'must be a path such as "/webhooks/stripe"');

/** `modes` are those that the stylesheet is made for; a theme with one of them shows itself in that one alone. */
const themeSchema = z.strictObject({
  stylesheet: assetCss.default('assets/theme.css'),
  modes: z
    .array(z.enum(['light', 'dark']))
    .min(1)
    .max(2)
    .default(['light', 'dark']),
});

/** The manifest of a plugin: the content of `plugin.json`. */
export const manifestSchema = z.object({
  $schema: z.string().optional(),
  id: pluginIdSchema,
  name: z.string().min(1).max(60),
  version,
  type: z.enum(['hook', 'widget', 'feature', 'theme']),
  author: z
    .union([
      z.string().min(1).max(120),
      z.strictObject({
        name: z.string().min(1).max(120),
        email: z.string().max(200).optional(),
        url: z.string().max(300).optional(),
      }),
    ])
    .optional(),
  description: z.string().max(500).default(''),
  sodium: range,
  permissions: z
    .array(z.enum(PERMISSION_NAMES))
    .refine((list) => new Set(list).size === list.length, 'lists a permission twice')
    .default([]),
  hooks: z.array(hookEntrySchema).max(50).default([]),
  settings: settingsSchema.default({}),
  dependencies: z.record(pluginIdSchema, range).default({}),
  network: z.strictObject({ hosts: z.array(host).max(50).default([]) }).optional(),
  http: z.strictObject({ public: z.array(publicRoute).max(50).default([]) }).optional(),
  theme: themeSchema.optional(),
  styles: z
    .array(packagePath.refine((path) => path.endsWith('.css'), 'must be a .css file'))
    .max(20)
    .default([]),
  resident: z.boolean().default(false),
  contributes: contributesSchema.optional(),
  /** Written by the build: the ranges of the shared modules it was built against. */
  shared: z.record(z.string(), range).optional(),
  license: z.string().max(60).optional(),
  homepage: z.url().optional(),
  icon: packagePath.optional(),
  screenshots: z.array(packagePath).max(10).optional(),
  keywords: z.array(z.string().max(40)).max(20).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ThemeSpec = z.infer<typeof themeSchema>;
export type HookEntry = z.infer<typeof hookEntrySchema>;

export interface DeclaredHook {
  event: string;
  onError: 'deny' | 'allow';
}

/** The manifest's hooks with the short form spelled out. */
export function declaredHooks(manifest: Pick<Manifest, 'hooks'>): DeclaredHook[] {
  return manifest.hooks.map((hook) => (typeof hook === 'string' ? { event: hook, onError: 'deny' } : hook));
}

/** The permission that listening to a hook needs, or null. */
export function hookPermissions(event: string): Permission[] {
  const needed = matchHooks(event).map((name) => HOOKS[name].permission);
  return [...new Set(needed.filter((permission) => permission !== null))];
}

/** The theme that a plugin brings, with what it left out; null for plugins without one. */
export function themeOf(manifest: Pick<Manifest, 'type' | 'theme'>): ThemeSpec | null {
  return manifest.theme ?? (manifest.type === 'theme' ? themeSchema.parse({}) : null);
}
