import { fileURLToPath } from 'node:url';
import MiniSearch from 'minisearch';
import { expect, it } from 'vitest';
import { guidePages } from './guide-pages.js';
import { searchIndex } from './search-index.js';
import { findPages } from './site/find-pages.js';
import { SEARCH_OPTIONS, type SearchEntry } from './site/search-options.js';

/** What a reader would type, and the page that answers it. */
const WANTED: Record<string, string> = {
  backup: 'operate/backup',
  'restore a backup': 'operate/backup',
  nginx: 'operate/reverse-proxy',
  https: 'operate/reverse-proxy',
  systemd: 'operate/systemd',
  upgrade: 'operate/upgrade',
  prometheus: 'operate/metrics',
  'safe mode': 'operate/safe-mode',
  port: 'operate/configuration',
  'reset password': 'start/admins',
  'install a plugin': 'start/admins',
  'remove a plugin': 'start/admins',
  consent: 'concepts/permissions',
  quarantine: 'concepts/sandbox',
  'what if a plugin crashes': 'concepts/sandbox',
  'update a plugin': 'concepts/lifecycle',
  'how do I write a widget': 'tutorials/widget',
  'theme colors': 'tutorials/theme',
  'sodium dev': 'authors/command',
  playwright: 'authors/testing',
  'test a hook': 'authors/testing',
  'require fs': 'authors/what-cannot-run',
  'server:beforeCreate': 'reference/hooks',
  'db.find': 'reference/server-api',
  'cron.register': 'reference/server-api',
  toast: 'reference/client-api',
};

it('finds what readers look for, best first', async () => {
  const pages = await guidePages(fileURLToPath(new URL('..', import.meta.url)));
  const index = MiniSearch.loadJSON<SearchEntry>(searchIndex(pages), SEARCH_OPTIONS);
  const first = Object.keys(WANTED).map((query) => [query, findPages(index, query)[0]?.id.split('#')[0]]);
  expect(Object.fromEntries(first)).toEqual(WANTED);
});
