import { readFile } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import type { PreviewConflict } from '@sodium/contract';
import { HOOKS, matchHooks } from '@sodium/sdk';
import { themeOf, type Contributes, type Manifest } from '@sodium/sdk/manifest';
import type { PluginManager } from '../manager.js';
import { panelConflicts } from './panel-conflicts.js';
import { registryEntry, type ShownPlugin } from '../registry.js';
import type { RunningPlugin } from '../running-plugin.js';
import type { Registrations } from '../sandbox/types.js';

/** Larger ones are not looked through. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** What of a plugin can meet what of another. */
export interface Claims {
  manifest: Manifest;
  hooks: Registrations['hooks'];
  contributes: Contributes;
  tags: ReadonlySet<string>;
  tokens: ReadonlySet<string>;
}

export async function claimsOf(shown: ShownPlugin, read: (file: string) => Promise<Buffer | null>): Promise<Claims> {
  return claims(shown, await wordsOf(shown, read));
}

function claims(shown: ShownPlugin, words: Words): Claims {
  const { manifest, registrations } = shown;
  const { contributes } = registryEntry(shown, manifest.permissions);
  return { manifest, hooks: registrations.hooks, contributes: contributes ?? {}, ...words };
}

type Words = Pick<Claims, 'tags' | 'tokens'>;

async function wordsOf(shown: ShownPlugin, read: (file: string) => Promise<Buffer | null>): Promise<Words> {
  const { manifest } = shown;
  const theme = themeOf(manifest);
  const sheets = [...manifest.styles, ...(theme ? [theme.stylesheet] : [])];
  const css = await Promise.all(sheets.map((sheet) => textOf(read, sheet)));
  return {
    tags: tagsIn(shown.hasFile('client.js') ? await textOf(read, 'client.js') : ''),
    tokens: new Set(css.flatMap((text) => [...text.matchAll(/(--sodium-[\w-]+)\s*:/g)].map(([, name]) => name!))),
  };
}

/** Where a plugin would meet those that are active, or lacks one that it needs. */
export async function findConflicts(mine: Claims, manager: PluginManager): Promise<PreviewConflict[]> {
  const conflicts = [...missing(mine.manifest, manager), ...panelConflicts(mine)];
  for (const running of manager.allRunning()) {
    const { id } = running.manifest;
    if (id === mine.manifest.id) continue;
    conflicts.push(...meeting(mine, await claimsOfActive(running, manager.deps.packages.folder(id, running.hash))));
  }
  return conflicts;
}

/** What an active plugin wants to show and the shell refuses, because the panel or another plugin has it. */
export async function refusedOfActive(running: RunningPlugin, manager: PluginManager): Promise<PreviewConflict[]> {
  const mine = await claimsOfActive(running, manager.deps.packages.folder(running.manifest.id, running.hash));
  const conflicts = await findConflicts(mine, manager);
  return conflicts.filter(({ severity, kind }) => severity === 'error' && kind !== 'dependency');
}

/** The files of an active plugin stay as they are: they are looked through once. */
const known = new WeakMap<RunningPlugin, Promise<Words>>();

async function claimsOfActive(running: RunningPlugin, folder: string): Promise<Claims> {
  const words = known.get(running) ?? wordsOf(running, (file) => readFile(path.join(folder, file)).catch(() => null));
  known.set(running, words);
  return claims(running, await words);
}

function missing({ dependencies }: Manifest, manager: PluginManager): PreviewConflict[] {
  return Object.entries(dependencies).flatMap(([id, range]) => {
    const found = manager.running(id)?.manifest;
    if (found && semver.satisfies(found.version, range, { includePrerelease: true })) return [];
    const state = found ? `version ${found.version} is active` : 'it is not active';
    const message = `It needs "${id}" ${range}, and ${state}. Activate a version that fits first.`;
    return [
      { kind: 'dependency', name: id, plugin: found ? { id, name: found.name } : null, severity: 'error', message },
    ];
  });
}

function meeting(mine: Claims, theirs: Claims): PreviewConflict[] {
  const { id, name } = theirs.manifest;
  const plugin = { id, name };
  const taken = (kind: PreviewConflict['kind'], what: string, names: string[]): PreviewConflict[] =>
    names.map((each) => ({
      kind,
      name: each,
      plugin,
      severity: 'error',
      message: `The ${what} "${each}" is taken by "${name}": the one that comes second is refused.`,
    }));
  const [a, b] = [mine.contributes, theirs.contributes];
  return [
    ...taken(
      'page',
      'page',
      both(a.pages, b.pages, (page) => shapeOf(page.path)),
    ),
    ...taken(
      'tab',
      'server tab',
      both(a.tabs, b.tabs, (tab) => tab.id),
    ),
    ...taken(
      'widget',
      'dashboard widget',
      both(a.widgets, b.widgets, (widget) => widget.id),
    ),
    ...both(a.sidebar, b.sidebar, (item) => item.href).map((href) => ({
      kind: 'sidebar' as const,
      name: href,
      plugin,
      severity: 'warning' as const,
      message: `Both "${name}" and this plugin lead from the sidebar to "${href}".`,
    })),
    ...[...mine.tags]
      .filter((tag) => theirs.tags.has(tag))
      .map((tag) => ({
        kind: 'tag' as const,
        name: tag,
        plugin,
        severity: 'error' as const,
        message: `Both "${name}" and this plugin define the element <${tag}>; a browser takes the first alone. Use sodium.define().`,
      })),
    ...sharedTokens(mine, theirs),
    ...sharedHooks(mine, theirs),
  ];
}

function sharedTokens(mine: Claims, theirs: Claims): PreviewConflict[] {
  const shared = [...mine.tokens].filter((token) => theirs.tokens.has(token));
  if (shared.length === 0) return [];
  const { id, name, type } = theirs.manifest;
  // Of two themes only the one that somebody chose applies.
  const themes = type === 'theme' && mine.manifest.type === 'theme';
  const message = themes
    ? `"${name}" sets ${shared.length} of the same design tokens. Each user sees those of the theme they chose.`
    : `"${name}" sets the same design tokens; what is loaded last is seen: ${shared.slice(0, 10).join(', ')}.`;
  const severity = themes ? 'info' : 'warning';
  return [{ kind: 'token', name: shared.slice(0, 10).join(', '), plugin: { id, name }, severity, message }];
}

function sharedHooks(mine: Claims, theirs: Claims): PreviewConflict[] {
  const { id, name } = theirs.manifest;
  const priorities = (claims: Claims): Map<string, number> => {
    const pairs = claims.hooks.flatMap(({ pattern, priority }) =>
      matchHooks(pattern).map((event) => [event, priority] as const),
    );
    // The earliest of each event is told.
    return new Map(pairs.sort(([, x], [, y]) => y - x));
  };
  const [own, other] = [priorities(mine), priorities(theirs)];
  return [...own].flatMap(([event, priority]) => {
    const beside = other.get(event);
    if (beside === undefined || HOOKS[event as keyof typeof HOOKS].kind === 'after') return [];
    // Equal priorities run in the order of activation, and this one would come last.
    const order = priority < beside ? 'before' : 'after';
    const message = `Both hear of ${event}: this plugin (priority ${priority}) runs ${order} "${name}" (${beside}).`;
    return [{ kind: 'hook', name: event, plugin: { id, name }, severity: 'info', message }];
  });
}

function both<T>(mine: readonly T[] = [], theirs: readonly T[] = [], key: (entry: T) => string): string[] {
  const taken = new Set(theirs.map(key));
  return [...new Set(mine.map(key))].filter((each) => taken.has(each));
}

/** Names of params do not count. */
const shapeOf = (page: string): string => page.replace(/:[^/]+/g, ':').replace(/(.)\/+$/, '$1');

/** Tags that are defined for the whole document, as far as the code says them plainly. */
function tagsIn(code: string): Set<string> {
  return new Set(
    [...code.matchAll(/customElements\.define\(\s*["'`]([a-z][a-z0-9-]*-[a-z0-9-]*)["'`]/g)].map(([, tag]) => tag!),
  );
}

async function textOf(read: (file: string) => Promise<Buffer | null>, file: string): Promise<string> {
  const bytes = await read(file);
  return bytes && bytes.length <= MAX_TEXT_BYTES ? bytes.toString('utf8') : '';
}
