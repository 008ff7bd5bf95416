import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const targets = [...new Set([...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!))];
const files = targets.filter((target) => !/^https?:/.test(target));
const isTest = (file: string): boolean => /\.(?:test|spec)\.ts$/.test(file);

/** What holds each claim of the comparison, by the names that these tests have. A file with other tests is no proof. */
const PROOFS: Record<string, readonly string[]> = {
  'apps/server/src/plugins/sandbox/escape-attempts.test.ts': ['Function constructor', 'getting out of the sandbox'],
  'apps/server/src/plugins/sandbox/compromised-child.test.ts': [
    'is refused what it may not do: %s',
    'cannot register without permission: %s',
  ],
  'apps/server/src/testing/install-permissions.test.ts': [
    'what is revoked ends at once, alone, and lasts over restarts and updates',
  ],
  'apps/server/src/testing/hooks.test.ts': [
    'a handler that throws or never answers denies, unless the manifest allows',
  ],
  'apps/server/src/testing/lifecycle.test.ts': [
    'the veto of a wanted plugin that cannot start stands until an admin deactivates it',
  ],
  'e2e/specs/install.spec.ts': [
    'an admin installs, updates, rolls back and removes a plugin, and takes permissions back',
  ],
  'apps/server/src/plugins/sandbox/resource-attacks.test.ts': ['an endless loop', 'heap growth', 'a flood of timers'],
  'e2e/specs/boundaries.spec.ts': [
    'plugins that fail in every way show a card in their own place, and the others work',
  ],
  'apps/server/src/testing/install-remove.test.ts': [
    'what cannot even be parsed can be removed, and nothing beside it',
  ],
  'apps/server/src/testing/cycles.test.ts': [
    '200 activations and deactivations leave no process, timer, listener or file behind',
  ],
  'apps/server/src/testing/admin-plugin-page.test.ts': [
    'a secret appears in no answer, no error, no log, and not on disk',
  ],
  'apps/server/src/testing/preview.test.ts': ['replays what happened lately, shows the verdicts and applies none'],
  'apps/server/src/testing/preview-safety.test.ts': [
    'a hostile preview reaches nobody, harms nobody, and leaves nothing behind',
  ],
  'e2e/specs/admin-isolation.spec.ts': ['plugin code in an admin’s own browser reaches nothing of the admin area'],
};

describe('the README', () => {
  it('points at files that exist', () => {
    expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
  });

  it('has a test behind each claim of its comparison', () => {
    const comparison = readme.slice(readme.indexOf('| what hurts'), readme.indexOf('As documented in'));
    const claims = comparison.trim().split('\n').slice(2);
    expect(claims.length).toBeGreaterThan(5);
    expect(claims.filter((claim) => !/\]\([^)]*\.(?:test|spec)\.ts\)/.test(claim.split('|')[2]!))).toEqual([]);
    expect(files.filter(isTest).sort()).toEqual(Object.keys(PROOFS).sort());
  });

  it.each(Object.entries(PROOFS))('is held by what %s tests', (file, names) => {
    const source = readFileSync(root + file, 'utf8');
    expect(names.filter((name) => !source.includes(`'${name}'`))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm (?:run )?(start|test|(?<=run )[a-z]+)\b/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
