import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installedVersions } from './installed-versions.js';
import { isSharedModule, packageOf, SHARED_MODULES, sharedRanges } from './shared-modules.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

// A subpath of Lit that is not shared would bring a second Lit: these need a server or are polyfills, nothing else may be missing.
const UNSHARED = ['lit/polyfill-support.js'];

test('every public subpath of the installed Lit is shared', () => {
  const manifest = JSON.parse(readFileSync(`${root}/node_modules/lit/package.json`, 'utf8')) as { exports: object };
  const subpaths = Object.keys(manifest.exports).map((key) => (key === '.' ? 'lit' : `lit${key.slice(1)}`));
  expect(subpaths.filter((path) => !isSharedModule(path) && !UNSHARED.includes(path))).toEqual([]);
});

test('a specifier belongs to its package', () => {
  expect([...new Set(SHARED_MODULES.map(packageOf))]).toEqual(['lit', '@sodium/sdk']);
});

test('ranges accept later minor versions of what is installed', () => {
  const ranges = sharedRanges(installedVersions(root));
  expect(ranges.lit).toMatch(/^\^3\.\d+\.\d+$/);
  expect(ranges['@sodium/sdk']).toMatch(/^\^1\./);
});
