import * as lit from 'lit';
import * as decorators from 'lit/decorators.js';
import * as sdk from '@sodium/sdk';
import { packageOf, type SharedModule } from '@sodium/federation';
import { versions } from 'virtual:sodium-shared-versions';
import { factoryOf } from './shared-factory.js';
import { staysWhenMoved } from './stays-when-moved.js';

// Before any class of a plugin is defined, by the shell or by its author.
staysWhenMoved(lit.LitElement);

// What nearly every plugin uses comes with the loader; the rest of Lit comes when a plugin asks for it.
/** The type makes this complete: a module that is listed as shared and missing here does not compile. */
const LOADERS: Record<SharedModule, () => Promise<object>> = {
  lit: async () => lit,
  'lit/decorators.js': async () => decorators,
  'lit/async-directive.js': () => import('lit/async-directive.js'),
  'lit/decorators/custom-element.js': () => import('lit/decorators/custom-element.js'),
  'lit/decorators/event-options.js': () => import('lit/decorators/event-options.js'),
  'lit/decorators/property.js': () => import('lit/decorators/property.js'),
  'lit/decorators/query-all.js': () => import('lit/decorators/query-all.js'),
  'lit/decorators/query-assigned-elements.js': () => import('lit/decorators/query-assigned-elements.js'),
  'lit/decorators/query-assigned-nodes.js': () => import('lit/decorators/query-assigned-nodes.js'),
  'lit/decorators/query-async.js': () => import('lit/decorators/query-async.js'),
  'lit/decorators/query.js': () => import('lit/decorators/query.js'),
  'lit/decorators/state.js': () => import('lit/decorators/state.js'),
  'lit/directive-helpers.js': () => import('lit/directive-helpers.js'),
  'lit/directive.js': () => import('lit/directive.js'),
  'lit/directives/async-append.js': () => import('lit/directives/async-append.js'),
  'lit/directives/async-replace.js': () => import('lit/directives/async-replace.js'),
  'lit/directives/cache.js': () => import('lit/directives/cache.js'),
  'lit/directives/choose.js': () => import('lit/directives/choose.js'),
  'lit/directives/class-map.js': () => import('lit/directives/class-map.js'),
  'lit/directives/guard.js': () => import('lit/directives/guard.js'),
  'lit/directives/if-defined.js': () => import('lit/directives/if-defined.js'),
  'lit/directives/join.js': () => import('lit/directives/join.js'),
  'lit/directives/keyed.js': () => import('lit/directives/keyed.js'),
  'lit/directives/live.js': () => import('lit/directives/live.js'),
  'lit/directives/map.js': () => import('lit/directives/map.js'),
  'lit/directives/range.js': () => import('lit/directives/range.js'),
  'lit/directives/ref.js': () => import('lit/directives/ref.js'),
  'lit/directives/repeat.js': () => import('lit/directives/repeat.js'),
  'lit/directives/style-map.js': () => import('lit/directives/style-map.js'),
  'lit/directives/template-content.js': () => import('lit/directives/template-content.js'),
  'lit/directives/unsafe-html.js': () => import('lit/directives/unsafe-html.js'),
  'lit/directives/unsafe-mathml.js': () => import('lit/directives/unsafe-mathml.js'),
  'lit/directives/unsafe-svg.js': () => import('lit/directives/unsafe-svg.js'),
  'lit/directives/until.js': () => import('lit/directives/until.js'),
  'lit/directives/when.js': () => import('lit/directives/when.js'),
  'lit/html.js': () => import('lit/html.js'),
  'lit/static-html.js': () => import('lit/static-html.js'),
  '@sodium/sdk': async () => sdk,
  '@sodium/sdk/element': () => import('@sodium/sdk/element'),
};

/** As federation containers expect it: name, version, and a way to the module's factory. */
export type ShareScope = Record<string, Record<string, { get(): Promise<() => object>; loaded: 1; from: string }>>;

/** What the shell shares, by package: `{ lit: '3.3.3', … }`. */
export const sharedVersions: Readonly<Record<string, string>> = versions;

export function createShareScope(): ShareScope {
  const scope: ShareScope = {};
  for (const [name, load] of Object.entries(LOADERS)) {
    scope[name] = { [sharedVersions[packageOf(name)]!]: { get: factoryOf(load), loaded: 1, from: 'sodium' } };
  }
  return scope;
}
