import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Discovery } from './discovery.js';

let root: string;
let discovery: Discovery;
const MANIFEST = { id: 'demo', name: 'Demo', version: '1.0.0', type: 'feature', sodium: '>=1.0.0' };

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'sodium-discovery-'));
  discovery = new Discovery(path.join(root, 'plugins'), '1.0.0');
  await drop('plugins/demo');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function drop(folder: string): Promise<void> {
  await mkdir(path.join(root, folder), { recursive: true });
  await writeFile(path.join(root, folder, 'plugin.json'), JSON.stringify({ ...MANIFEST, id: path.basename(folder) }));
  await writeFile(path.join(root, folder, 'server.js'), 'export default () => {}');
}

test('folders come and go with the disk', async () => {
  await discovery.scan();
  expect([...discovery.packages.keys()]).toEqual(['demo']);
  await drop('plugins/second');
  await rm(path.join(root, 'plugins/demo'), { recursive: true });
  await discovery.scan();
  expect([...discovery.packages].map(([id, { kind }]) => `${id} ${kind}`)).toEqual(['second sound']);
});

test('a folder that has not changed is not read again, one that has is', async () => {
  const first = await discovery.scanOne('demo');
  expect(await discovery.scanOne('demo')).toBe(first);
  await writeFile(path.join(root, 'plugins/demo/server.js'), 'export default () => { /* longer */ }');
  expect(await discovery.scanOne('demo')).not.toBe(first);
});

test('an id from a request leads nowhere else', async () => {
  await drop('outside');
  for (const id of ['../outside', '..', '.', '', '../../etc', 'demo/../../outside', '.hidden']) {
    expect(await discovery.scanOne(id), id).toBeNull();
  }
});

test('a link is named, not followed', async () => {
  await drop('outside');
  await symlink(path.join(root, 'outside'), path.join(root, 'plugins/outside'));
  await discovery.scan();
  expect(discovery.packages.get('outside')).toMatchObject({
    kind: 'broken',
    faults: [{ message: expect.stringContaining('link') }],
  });
});
