import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPanel, type Panel } from '../create-panel.js';
import { TestClient } from './test-client.js';
import { panelOptions } from './test-panel.js';
import { pluginZip } from './zip-fixture.js';

const BASE = '/api/admin/plugins';
const SIZE_MB = 24;
const folder = await mkdtemp(path.join(tmpdir(), 'sodium-small-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder]).status === 0;
if (!mounted) process.stderr.write('Skipped: a full disk is tested where file systems may be mounted, as root.\n');

let panel: Panel;
const admin = new TestClient(() => panel.url);
const filler = path.join(folder, 'filler');

const package_ = (version: string, files: Record<string, string> = {}): Buffer =>
  pluginZip(
    'ledger',
    { version, permissions: ['db:own', 'http:routes'], settings: { plain: { type: 'string' } } },
    {
      'server.js': `export default (sodium) => { sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json({ version: '${version}', plain: sodium.config.get('plain') }))); }`,
      ...files,
    },
  );
/** Leaves so many bytes. */
async function fill(left = 0): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left), 1));
}
const empty = (): Promise<void> => rm(filler, { force: true });

describe.skipIf(!mounted)('on a disk that is full', () => {
  beforeAll(async () => {
    panel = await createPanel(await panelOptions(path.join(folder, 'data')));
    await admin.register('root');
    expect((await admin.post(`${BASE}/install`, package_('1.0.0'))).status).toBe(201);
    const activated = await admin.post(`${BASE}/ledger/activate`, { permissions: ['db:own', 'http:routes'] });
    expect(activated.status, activated.text).toBe(200);
    await admin.put(`${BASE}/ledger/settings`, { values: { plain: 'before' } });
  });
  afterEach(empty);
  afterAll(() => panel?.close());

  test('an installation is refused and leaves what was there, and works once there is room', async () => {
    const large = package_('2.0.0', { 'assets/large.bin': randomBytes(3_000_000).toString('base64') });
    for (const left of [0, 1_000_000, 5_000_000]) {
      await fill(left);
      const answer = await admin.post(`${BASE}/install`, large);
      expect(answer.status, `${left} bytes left: ${answer.text}`).toBe(507);
      expect(answer.json.error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('Make room') });
      expect((await admin.get(`${BASE}/ledger`)).json.update, `${left} bytes left`).toBeUndefined();
      expect((await admin.get('/api/plugins/ledger/')).json).toEqual({ version: '1.0.0', plain: 'before' });
      await empty();
    }
    const again = await admin.post(`${BASE}/install`, large);
    expect(again.status, again.text).toBe(200);
    expect((await admin.get(`${BASE}/ledger`)).json.update.version).toBe('2.0.0');
  });

  test('settings stay as they were when they cannot be kept, in memory and on disk', async () => {
    const file = path.join(folder, 'data/db/panel/plugin-settings.json');
    const before = await readFile(file, 'utf8');
    await fill();
    const answer = await admin.put(`${BASE}/ledger/settings`, { values: { plain: 'during' } });
    expect(answer.status, answer.text).toBe(503);
    expect(answer.json.error.message).toContain('The disk is full');
    expect(await readFile(file, 'utf8')).toBe(before);
    expect((await admin.get(`${BASE}/ledger/settings`)).json.values.plain).toBe('before');
    expect((await admin.get('/api/plugins/ledger/')).json.plain).toBe('before');
    await empty();
    expect((await admin.put(`${BASE}/ledger/settings`, { values: { plain: 'after' } })).status).toBe(200);
    expect((await admin.get('/api/plugins/ledger/')).json.plain).toBe('after');
  });

  test(
    'a rollback is done or taken back at once, and no later start thinks otherwise',
    { timeout: 120_000 },
    async () => {
      const permissions = ['db:own', 'http:routes'];
      const notes = (version: string): Buffer =>
        pluginZip(
          'notes',
          { version, permissions },
          {
            'server.js': `export default (sodium) => {
            sodium.db.registerCollections(['notes']);
            sodium.http.registerRoutes((r) => {
              r.get('/', (req, res) => res.json({ version: '${version}', ids: sodium.db.find('notes').map(({ id }) => id) }));
              r.post('/:id/:bytes', (req, res) => res.json({ ok: !!sodium.db.insert('notes', { id: req.params.id, text: 'x'.repeat(req.params.bytes) }) }));
            });
          }`,
          },
        );
      const now = async (): Promise<unknown> => (await admin.get('/api/plugins/notes/')).json;
      const write = async (id: string, bytes: number): Promise<void> =>
        expect((await admin.post(`/api/plugins/notes/${id}/${bytes}`)).status).toBe(200);
      const update = async (version: string): Promise<void> => {
        expect((await admin.post(`${BASE}/install`, notes(version))).status).toBeLessThan(300);
        const answer = await admin.post(`${BASE}/notes/activate`, { permissions });
        expect(answer.status, answer.text).toBe(200);
      };
      await update('1.0.0');
      await write('old', 400_000);
      await update('2.0.0');
      await write('new', 200_000);
      const before = { version: '2.0.0', ids: ['old', 'new'] };
      // No room for what is kept of now, then none for what comes back.
      for (const left of [0, 300_000, 700_000]) {
        await fill(left);
        const answer = await admin.post(`${BASE}/notes/rollback`);
        await empty();
        expect([answer.status, answer.json.error?.code], `${left} bytes left`).toEqual([507, 'DISK_FULL']);
        expect(await now(), `${left} bytes left`).toEqual(before);
        await write(`after-${left}`, 10);
        before.ids.push(`after-${left}`);
      }
      expect((await readdir(path.join(folder, 'data/db'))).filter((name) => name.startsWith('.'))).toEqual([]);
      await panel.close();
      panel = await createPanel(await panelOptions(path.join(folder, 'data')));
      expect(await now()).toEqual(before);
      expect((await admin.post(`${BASE}/notes/rollback`)).status).toBe(200);
      expect(await now()).toEqual({ version: '1.0.0', ids: ['old'] });
    },
  );

  test('an update that finds no room leaves the version before at work', async () => {
    await admin.delete(`${BASE}/ledger/update`);
    expect((await admin.post(`${BASE}/install`, package_('3.0.0'))).status).toBe(200);
    for (const left of [0, 8_192, 16_384, 24_576, 40_960]) {
      await fill(left);
      const answer = await admin.post(`${BASE}/ledger/activate`, { permissions: ['db:own', 'http:routes'] });
      await empty();
      if (answer.status === 200) break;
      expect([422, 503, 507], `${left}: ${answer.text}`).toContain(answer.status);
      expect((await admin.get(`${BASE}/ledger`)).json).toMatchObject({ state: 'active', version: '1.0.0' });
      expect((await admin.get('/api/plugins/ledger/')).json).toMatchObject({ version: '1.0.0' });
    }
  });
});

afterAll(async () => {
  if (mounted) spawnSync('umount', ['-l', folder]);
  await rm(folder, { recursive: true, force: true });
});
