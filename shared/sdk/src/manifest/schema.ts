import semver from 'semver';
import { z } from 'zod';
import { HOOKS, matchHooks } from '../hooks.js';
import { PERMISSION_NAMES, PERMISSIONS, type Permission } from '../permissions.js';
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

/** Checks the id of a plugin: its form, and that the panel does not need it itself. */
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
  .refine((event) => matchHooks(event).length > 0, 'the name of a hook, one of: ' + Object.keys(HOOKS).join(', '))
  .meta({
    anyOf: [{ enum: Object.keys(HOOKS) }, { pattern: '\\*' }],
    description: 'A hook, or a glob over hooks such as "server:*".',
  });

/** Checks a hook of a manifest. */
export const hookEntrySchema = z.union([
  hookEvent,
  z.strictObject({
    event: hookEvent,
    onError: z
      .enum(['deny', 'allow'])
      .default('deny')
      .describe('What happens when the handler of a `before` hook fails or is late.'),
  }),
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
  $schema: z.string().optional().describe('The address of this schema, for editors.'),
  id: pluginIdSchema.describe(
    'The plugin’s name for the panel, and the name of its folder: lower case, digits and dashes.',
  ),
  name: z.string().min(1).max(60).describe('What people call it.'),
  version: version.describe('A semantic version. An update needs a higher one.'),
  type: z
    .enum(['hook', 'widget', 'feature', 'theme'])
    .describe(
      '`hook` reacts to events, `widget` adds widgets, `feature` may do everything, `theme` is CSS and assets only.',
    ),
  author: z
    .union([
      z.string().min(1).max(120),
      z.strictObject({
        name: z.string().min(1).max(120),
        email: z.string().max(200).optional(),
        url: z.string().max(300).optional(),
      }),
    ])
    .optional()
    .describe('Who made it: a name, or an object with name, email and url.'),
  description: z.string().max(500).default('').describe('One or two sentences for the list of plugins.'),
  sodium: range.describe('The versions of Sodium that it runs on, such as ">=1.0.0".'),
  permissions: z
    .array(
      z.enum(PERMISSION_NAMES).meta({ enumDescriptions: PERMISSION_NAMES.map((name) => PERMISSIONS[name].grants) }),
    )
    .refine((list) => new Set(list).size === list.length, 'lists a permission twice')
    .default([])
    .describe('All that it may do. An admin is asked for exactly these; anything else is refused at run time.'),
  hooks: z
    .array(hookEntrySchema)
    .max(50)
    .default([])
    .describe(
      'The events that it listens to. An object says what happens when its handler of a `before` hook fails; the default is that the action is denied.',
    ),
  settings: settingsSchema
    .default({})
    .describe('What an admin can set, by key. The panel draws the form and checks the values.'),
  dependencies: z
    .record(pluginIdSchema, range)
    .default({})
    .describe('Other plugins that must be active, with the range of their version.'),
  network: z
    .strictObject({ hosts: z.array(host).max(50).default([]) })
    .optional()
    .describe(
      'Hosts that `fetch` may reach, with the permission "webhooks:send". Addresses that an admin types into the settings may be reached too.',
    ),
  http: z
    .strictObject({ public: z.array(publicRoute).max(50).default([]) })
    .optional()
    .describe('Routes that need no login, such as "/webhooks/stripe". All others need one.'),
  theme: themeSchema.optional().describe('The style sheet of a theme.'),
  styles: z
    .array(packagePath.refine((path) => path.endsWith('.css'), 'must be a .css file'))
    .max(20)
    .default([])
    .describe('Style sheets of the client. The panel loads them with it.'),
  resident: z.boolean().default(false).describe('Its process is never stopped while it is idle.'),
  contributes: contributesSchema
    .optional()
    .describe('What it adds to the panel, so that the panel can paint it before the plugin’s code has loaded.'),
  shared: z
    .record(z.string(), range)
    .optional()
    .describe('Written by the build: the ranges of the shared modules that it was built against.'),
  license: z.string().max(60).optional().describe('An SPDX identifier, such as "MIT".'),
  homepage: z.url().optional().describe('Where to read more.'),
  icon: packagePath.optional().describe('An image in the package, such as "assets/icon.svg".'),
  screenshots: z.array(packagePath).max(10).optional().describe('Images in the package, for the page of the plugin.'),
  keywords: z.array(z.string().max(40)).max(20).optional().describe('Words to find it by.'),
});

/** A manifest that was checked, with the defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;
/** The theme of a manifest, with the defaults filled in. */
export type ThemeSpec = z.infer<typeof themeSchema>;
/** A hook of a manifest: its name, or its name with what happens on failure. */
export type HookEntry = z.infer<typeof hookEntrySchema>;

/** A hook of a manifest in its long form. */
export interface DeclaredHook {
  /** A hook's name, or a glob over names. */
  event: string;
  /** What happens when the handler of a `before` hook fails. */
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
