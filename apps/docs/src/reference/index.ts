import type { PageSource } from '../page.js';
import { declarationsPage, type DeclarationsPage } from './declarations.js';
import { hooksPage } from './hooks.js';
import { httpApiPage } from './http-api.js';
import { manifestPage } from './manifest.js';
import { permissionsPage } from './permissions.js';
import { themePage } from './theme.js';

/** The pages that are made from the SDK itself, whose sources are in `sdk`, so that they cannot say something else than it does. */
export async function referencePages(sdk: string): Promise<PageSource[]> {
  return [
    { slug: 'reference/manifest', markdown: manifestPage() },
    { slug: 'reference/permissions', markdown: permissionsPage() },
    { slug: 'reference/hooks', markdown: await hooksPage(sdk) },
    { slug: 'reference/server-api', markdown: await declarationsPage(sdk, SERVER_API) },
    { slug: 'reference/client-api', markdown: await declarationsPage(sdk, CLIENT_API) },
    { slug: 'reference/testing', markdown: await declarationsPage(sdk, TEST_KIT) },
    { slug: 'reference/http-api', markdown: httpApiPage() },
    { slug: 'reference/theme', markdown: themePage() },
  ];
}

const SERVER_API: DeclarationsPage = {
  files: ['server-api.ts'],
  first: ['definePlugin', 'ServerPlugin', 'ServerSodium', 'Db', 'Query', 'FindOptions', 'CollectionSpec', 'Document'],
  title: 'The backend `sodium` object',
  intro:
    'What `server.js` is given. Import `definePlugin` from `@sodium/sdk` to have all of it typed. Each part says which ' +
    '[permission](permissions.md) it needs; a call without it throws a `PermissionError` that names the line to add to ' +
    '`plugin.json`.',
};

const CLIENT_API: DeclarationsPage = {
  files: ['client-api.ts', 'element/sodium-element.ts', 'element/view-styles.ts'],
  first: ['defineClient', 'ClientPlugin', 'ClientSodium', 'SodiumElement', 'viewStyles'],
  title: 'The frontend `sodium` object',
  intro:
    'What `client.js` is given. Import `defineClient` from `@sodium/sdk` to have all of it typed, and `SodiumElement` from ' +
    '`@sodium/sdk/element`. Whatever is registered through it ends with the plugin: routes, elements, styles and ' +
    'listeners are gone when it is deactivated.',
};

const TEST_KIT: DeclarationsPage = {
  files: [
    'testing/test-plugin.ts',
    'testing/test-plugin-types.ts',
    'testing/mount-types.ts',
    'testing/plugin-source.ts',
  ],
  first: ['testPlugin', 'TestPluginOptions', 'TestPlugin'],
  title: 'The test kit',
  intro:
    'What `@sodium/sdk/testing` exports. [Testing a plugin](../authors/testing.md) shows it at work: a plugin in the real ' +
    'sandbox, on a panel of the test’s own.',
};
