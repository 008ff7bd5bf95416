import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectPackage } from './inspect.js';
import { PackageStore } from './package-store.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'sodium-inspect-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const MANIFEST = {
  id: 'demo',
  name: 'Demo',
  version: '1.0.0',
  type: 'feature',
  author: 'Ann',
  description: 'd',
  sodium: '>=1.0.0',
  permissions: ['db:own'],
  hooks: [],
  settings: {},
};

async function write(files: Record<string, string>, id = 'demo'): Promise<string> {
  const folder = path.join(root, id);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
  return folder;
}

const inspect = async (files: Record<string, string>, id = 'demo') =>
  inspectPackage(await write(files, id), id, '1.0.0');
const manifest = (patch: object): string => JSON.stringify({ ...MANIFEST, ...patch });

test('a sound package has a hash that follows its content alone', async () => {
  const first = await inspect({ 'plugin.json': manifest({}), 'server.js': 'export default () => {}' });
  const again = await inspect({ 'plugin.json': manifest({}), 'server.js': 'export default () => {}' });
  const other = await inspect({ 'server.js': 'export default () => { }' });
  expect(first.kind).toBe('sound');
  expect(again).toMatchObject({ kind: 'sound', hash: (first as { hash: string }).hash });
  expect((other as { hash: string }).hash).not.toBe((first as { hash: string }).hash);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no manifest', { 'server.js': '' }, /plugin\.json is missing/],
  ['broken JSON', { 'plugin.json': '{\n "id": demo\n}' }, /plugin\.json(:2)?: expected valid JSON/],
  [
    'an unknown permission',
    { 'plugin.json': manifest({ permissions: ['db:all'] }), 'server.js': '' },
    /permissions\.0: expected one of .*found "db:all"/,
  ],
  [
    'a wrong version',
    { 'plugin.json': manifest({ version: '1' }), 'server.js': '' },
    /version: expected must be a semantic version/,
  ],
  [
    'a panel that is too old',
    { 'plugin.json': manifest({ sodium: '>=2.0.0' }), 'server.js': '' },
    /this panel is version 1\.0\.0, the plugin asks for ">=2\.0\.0"/,
  ],
  [
    'an id that is not the folder’s name',
    { 'plugin.json': manifest({ id: 'other' }), 'server.js': '' },
    /expected the name of its folder "demo", found "other"/,
  ],
  ['a reserved id', { 'plugin.json': manifest({ id: 'admin' }), 'server.js': '' }, /reserved/],
  [
    'a syntax error in server.js',
    { 'plugin.json': manifest({}), 'server.js': 'export default () => {\n  const x = 3 +;\n}' },
    /server\.js:2:\d+: Unexpected token/,
  ],
  ['a syntax error in client.js', { 'plugin.json': manifest({}), 'client.js': 'export default (' }, /client\.js:1:\d+/],
  [
    'a hook plugin without server.js',
    { 'plugin.json': manifest({ type: 'hook' }), 'client.js': '' },
    /server\.js is missing/,
  ],
  [
    'a theme with code',
    {
      'plugin.json': manifest({ type: 'theme', theme: { stylesheet: 'assets/theme.css' } }),
      'assets/theme.css': '',
      'client.js': '',
    },
    /client\.js is not allowed/,
  ],
  [
    'names that differ only in case',
    { 'plugin.json': manifest({}), 'server.js': '', 'assets/a.css': '', 'assets/A.css': '' },
    /differ only in case/,
  ],
])('%s is named with its file and what was expected', async (_name, files, message) => {
  const result = await inspect(files);
  expect(result.kind).toBe('broken');
  const faults = result.kind === 'broken' ? result.faults : [];
  expect(faults.map((fault) => fault.message).join('\n')).toMatch(message);
  expect(faults.every((fault) => fault.fix.length > 5)).toBe(true);
});

test('links are refused, wherever they lead', async () => {
  const folder = await write({ 'plugin.json': manifest({}), 'server.js': '' });
  await symlink('/etc/passwd', path.join(folder, 'assets'));
  const result = await inspectPackage(folder, 'demo', '1.0.0');
  expect(result).toMatchObject({ kind: 'broken', faults: [{ path: 'assets' }] });
});

test('a copy is refused when it is altered afterwards', async () => {
  const result = await inspect({
    'plugin.json': manifest({}),
    'server.js': 'export default () => {}',
    'assets/x/y.txt': 'y',
  });
  if (result.kind !== 'sound') throw new Error('not sound');
  const store = new PackageStore(path.join(root, 'packages'));
  await store.sweep();
  const copy = await store.add(result);
  expect(await store.verify('demo', result.hash)).toBe(true);
  await writeFile(path.join(copy, 'server.js'), 'export default () => { evil() }');
  expect(await store.verify('demo', result.hash)).toBe(false);
});
