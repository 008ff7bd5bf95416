import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOOKS, matchHooks, type Permission } from '@sodium/sdk';
import { declaredHooks, hookPermissions, type Manifest } from '@sodium/sdk/manifest';
import type { Problem } from '../problems/problem.js';
import { findUses, permissionsFor, type Use } from './find-uses.js';
import type { FindPlace } from './source-places.js';

interface Half {
  readonly file: 'server.js' | 'client.js';
  readonly code: string;
  readonly uses: Use[];
}

/** Compares what the code does with what the manifest asks for. Reading code finds much, not all: most of it are warnings. */
export function checkUsage(folder: string, manifest: Manifest, find: FindPlace): Problem[] {
  const halves = (['server.js', 'client.js'] as const).flatMap((file): Half[] => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const code = readFileSync(path, 'utf8');
    return [{ file, code, uses: findUses(code) }];
  });
  return [
    ...halves.flatMap((half) => half.uses.flatMap((use) => checkUse(half, use, manifest, find))),
    ...hookPermissionsMissing(manifest),
    ...unusedPermissions(halves, manifest),
  ].filter(unlike());
}

function checkUse({ file }: Half, use: Use, manifest: Manifest, find: FindPlace): Problem[] {
  const place = find(file, use);
  if (use.call === 'hooks.on') return file === 'server.js' ? checkListener(use, manifest, place) : [];
  const anyOf = permissionsFor(use.call);
  if (anyOf.some((permission) => manifest.permissions.includes(permission))) return [];
  const message = `sodium.${use.call}() needs the permission "${anyOf[0]}", which the manifest does not ask for.`;
  return [{ severity: 'warning', ...place, message, fix: `Add "${anyOf[0]}" to "permissions" in plugin.json.` }];
}

/** A listener that the manifest does not list fails at the start of the plugin: no matter of opinion. */
function checkListener({ argument }: Use, manifest: Manifest, place: ReturnType<FindPlace>): Problem[] {
  const heard = argument === null ? [] : matchHooks(argument);
  if (argument === null || (heard.length === 0 && !argument.includes(':'))) return [];
  if (heard.length === 0) {
    const fix = `The hooks are: ${Object.keys(HOOKS).join(', ')}.`;
    return [{ severity: 'error', ...place, message: `There is no hook "${argument}".`, fix }];
  }
  const declared = new Set(declaredHooks(manifest).flatMap(({ event }) => matchHooks(event)));
  if (heard.some((name) => declared.has(name))) return [];
  const message = `sodium.hooks.on("${argument}") listens to a hook that the manifest does not list.`;
  return [{ severity: 'error', ...place, message, fix: `Add "${argument}" to "hooks" in plugin.json.` }];
}

function hookPermissionsMissing(manifest: Manifest): Problem[] {
  return declaredHooks(manifest).flatMap(({ event }): Problem[] => {
    const missing = hookPermissions(event).filter((permission) => !manifest.permissions.includes(permission));
    // A pattern hears what its permissions let it hear.
    if (missing.length === 0 || missing.length < hookPermissions(event).length) return [];
    const message = `hooks: "${event}" needs the permission "${missing[0]}", which the manifest does not ask for.`;
    return [{ severity: 'error', file: 'plugin.json', message, fix: `Add "${missing[0]}" to "permissions".` }];
  });
}

/** Admins read what a plugin asks for: what it never uses costs trust. */
function unusedPermissions(halves: readonly Half[], manifest: Manifest): Problem[] {
  const used = new Set<Permission>([
    ...halves.flatMap(({ uses }) => uses.flatMap(({ call }) => [...permissionsFor(call)])),
    ...declaredHooks(manifest).flatMap(({ event }) => hookPermissions(event)),
    ...(halves.some(({ code }) => /\bfetch\b/.test(code)) ? (['webhooks:send'] as const) : []),
    ...contributed(manifest),
  ]);
  return manifest.permissions
    .filter((permission) => !used.has(permission))
    .map((permission) => ({
      severity: 'warning' as const,
      file: 'plugin.json',
      message: `permissions: nothing in the code seems to use "${permission}".`,
      fix: 'Ask for what is used only: admins read the list before they agree.',
    }));
}

function contributed({ contributes }: Manifest): Permission[] {
  const { pages, sidebar, tabs, widgets, adminTabs } = contributes ?? {};
  return [
    ...(pages?.length || tabs?.length || widgets?.length ? (['ui:pages'] as const) : []),
    ...(tabs?.length ? (['ui:server-tabs'] as const) : []),
    ...(widgets?.length ? (['ui:widgets'] as const) : []),
    ...(sidebar?.length ? (['ui:sidebar'] as const) : []),
    ...(adminTabs?.length ? (['ui:admin'] as const) : []),
  ];
}

/** The same thing said of ten calls is said once, at the first of them. */
function unlike(): (problem: Problem) => boolean {
  const seen = new Set<string>();
  return ({ severity, message }) => {
    if (severity === 'error') return true;
    const isNew = !seen.has(message);
    seen.add(message);
    return isNew;
  };
}
