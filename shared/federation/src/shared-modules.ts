/**
 * The modules that exist once on the page. The shell puts them into the share scope; builds of plugins leave them out.
 * Sharing `lit` alone is not enough: every subpath has its own specifier, and a subpath that is missing here would pull
 * a second copy of Lit into each plugin that uses it.
 */
export const SHARED_MODULES = [
  'lit',
  'lit/async-directive.js',
  'lit/decorators.js',
  'lit/decorators/custom-element.js',
  'lit/decorators/event-options.js',
  'lit/decorators/property.js',
  'lit/decorators/query-all.js',
  'lit/decorators/query-assigned-elements.js',
  'lit/decorators/query-assigned-nodes.js',
  'lit/decorators/query-async.js',
  'lit/decorators/query.js',
  'lit/decorators/state.js',
  'lit/directive-helpers.js',
  'lit/directive.js',
  'lit/directives/async-append.js',
  'lit/directives/async-replace.js',
  'lit/directives/cache.js',
  'lit/directives/choose.js',
  'lit/directives/class-map.js',
  'lit/directives/guard.js',
  'lit/directives/if-defined.js',
  'lit/directives/join.js',
  'lit/directives/keyed.js',
  'lit/directives/live.js',
  'lit/directives/map.js',
  'lit/directives/range.js',
  'lit/directives/ref.js',
  'lit/directives/repeat.js',
  'lit/directives/style-map.js',
  'lit/directives/template-content.js',
  'lit/directives/unsafe-html.js',
  'lit/directives/unsafe-mathml.js',
  'lit/directives/unsafe-svg.js',
  'lit/directives/until.js',
  'lit/directives/when.js',
  'lit/html.js',
  'lit/static-html.js',
  '@sodium/sdk',
  '@sodium/sdk/element',
] as const;

export type SharedModule = (typeof SHARED_MODULES)[number];

/** The packages behind the modules. Versions and ranges are per package. */
export const SHARED_PACKAGES = ['lit', '@sodium/sdk'] as const;
export type SharedPackage = (typeof SHARED_PACKAGES)[number];
export type SharedVersions = Record<SharedPackage, string>;

/** `lit/directives/when.js` belongs to `lit`, `@sodium/sdk` to itself. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

export function isSharedModule(specifier: string): specifier is SharedModule {
  return (SHARED_MODULES as readonly string[]).includes(specifier);
}

/** The range that a build writes into `plugin.json`: any later minor version of what it was built against. */
export function sharedRanges(versions: SharedVersions): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, `^${version}`]));
}
