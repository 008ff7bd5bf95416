import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestPanel } from './test-panel.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start({ logLevel: 'silent' });
});
afterAll(() => panel?.dispose());

const BASE = '/api/admin/plugins';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const DOCUMENTS = {
  'README.md': '# Shop\n\n![a](assets/shot.svg)',
  'CHANGELOG.md': '# Changes\n\n## 1.0.0\n\n- First',
  'assets/shot.svg': SVG,
  'assets/note.txt': 'not a picture',
};

describe('what a package brings to be read', () => {
  test('of an inactive plugin, of an active one, and of one that cannot be parsed', async () => {
    const shop = {
      manifest: { permissions: [], screenshots: ['assets/shot.svg'] },
      server: 'export default () => {};',
    };
    await panel.drop('shop', { ...shop, files: DOCUMENTS });
    await panel.drop('broken', { files: { 'plugin.json': '{ "id": ', ...DOCUMENTS } });
    for (const id of ['shop', 'broken']) {
      expect((await panel.row(id)).documents).toEqual({ readme: 'README.md', changelog: 'CHANGELOG.md' });
      expect((await panel.admin.get(`${BASE}/${id}/readme`)).json).toEqual({
        file: 'README.md',
        text: DOCUMENTS['README.md'],
        truncated: false,
      });
      const picture = await panel.admin.get(`${BASE}/${id}/files/assets/shot.svg`);
      expect(picture).toMatchObject({ status: 200, text: SVG });
      expect(Object.fromEntries(picture.headers)).toMatchObject({
        'content-type': 'image/svg+xml',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment',
      });
    }
    expect((await panel.row('shop')).screenshots).toEqual(['assets/shot.svg']);
    expect((await panel.row('broken')).faults[0]).toMatchObject({ path: 'plugin.json', fix: expect.any(String) });
    expect((await panel.admin.get(`${BASE}`)).json.items.map(({ id }: { id: string }) => id)).toEqual([
      'broken',
      'shop',
    ]);

    // What was consented to is shown, whatever lies in the folder since.
    await panel.activate('shop', { ...shop, files: DOCUMENTS });
    await writeFile(path.join(panel.data, 'plugins/shop/README.md'), '# Other');
    expect((await panel.admin.get(`${BASE}/shop/readme`)).json.text).toContain('# Shop');
    expect((await panel.admin.get(`${BASE}/shop/readme?from=folder`)).json.text).toBe('# Other');
    await panel.deactivate('shop');
  });

  test('nothing but pictures, and nothing outside of the package', async () => {
    const folder = path.join(panel.data, 'plugins/broken');
    await symlink(path.join(panel.data, 'config.json'), path.join(folder, 'link.png'));
    await symlink(panel.data, path.join(folder, 'out'));
    await writeFile(path.join(panel.data, 'secret.png'), 'x');
    for (const file of [
      'plugin.json',
      'assets/note.txt',
      'link.png',
      'out/secret.png',
      '..%2f..%2fsecret.png',
      '%2e%2e/%2e%2e/secret.png',
      '..%5c..%5csecret.png',
      'assets/none.png',
      'assets.png%00',
      '.hidden.png',
    ])
      expect((await panel.admin.get(`${BASE}/broken/files/${file}`)).status, file).toBe(404);
    await rm(path.join(folder, 'README.md'));
    await symlink(path.join(panel.data, 'config.json'), path.join(folder, 'README.md'));
    expect((await panel.admin.get(`${BASE}/broken/readme`)).status).toBe(404);
    expect((await panel.admin.get(`${BASE}/..%2f..%2fetc/readme`)).status).toBe(404);
  });

  test('an offered update: what it changes, by version, permissions, files and the new part of its changelog', async () => {
    const server = 'export default () => {};';
    const files = { 'CHANGELOG.md': '# Changes\n\n## 1.0.0\n\n- First', 'assets/old.txt': 'x' };
    await panel.activate('news', { manifest: { permissions: ['db:own'] }, server, files });
    expect((await panel.admin.get(`${BASE}/news/update`)).status).toBe(404);
    await rm(path.join(panel.data, 'plugins/news/assets/old.txt'));
    await panel.drop('news', {
      manifest: { version: '2.0.0', permissions: ['http:routes'], network: { hosts: ['api.example.com'] } },
      server: 'export default () => { /* new */ };',
      files: { 'CHANGELOG.md': '# Changes\n\n## 2.0.0\n\n- Routes\n\n## 1.0.0\n\n- First', 'assets/new.txt': 'y' },
    });
    expect((await panel.admin.get(`${BASE}/news/update`)).json).toMatchObject({
      from: { version: '1.0.0' },
      to: { version: '2.0.0' },
      permissions: { added: ['http:routes'], removed: ['db:own'] },
      hosts: { added: ['api.example.com'], removed: [] },
      files: {
        added: ['assets/new.txt'],
        removed: ['assets/old.txt'],
        changed: expect.arrayContaining(['server.js', 'plugin.json']),
      },
      changelog: '## 2.0.0\n\n- Routes',
    });
    await panel.deactivate('news');
  });
});

describe('settings', () => {
  const SECRET = 'hunter2-MARKER-5f1c';
  const tester = (body: string, id = 'tester'): Promise<void> =>
    panel.activate(id, {
      manifest: {
        permissions: ['http:routes'],
        settings: {
          token: { type: 'string', secret: true, pattern: '[a-zA-Z0-9-]+' },
          count: { type: 'number', max: 3 },
        },
      },
      server: `export default (sodium) => {
        sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json({ length: sodium.config.get('token')?.length })));
        return { testSettings: async () => { ${body} } };
      };`,
    });
  const run = (id = 'tester'): ReturnType<typeof panel.admin.post> => panel.admin.post(`${BASE}/${id}/settings/test`);

  test('a plugin that offers a test is asked with the saved values, and its answer repeats no secret', async () => {
    await tester(`return { ok: true, message: 'The token ' + sodium.config.get('token') + ' works.' };`);
    expect((await panel.admin.get(`${BASE}/tester/settings`)).json.testable).toBe(true);
    await panel.admin.put(`${BASE}/tester/settings`, { values: { token: SECRET } });
    expect(await run()).toMatchObject({ status: 200, json: { ok: true, message: 'The token ••• works.' } });
    expect((await panel.user.post(`${BASE}/tester/settings/test`)).status).toBe(403);
  });

  test('a test that throws, hangs or answers nonsense is an answer; where there is none it is refused', async () => {
    await tester(`throw new Error('no answer from the shop');`);
    expect((await run()).json).toMatchObject({
      ok: false,
      message: expect.stringContaining('no answer from the shop'),
    });
    await tester(`return new Promise(() => {});`);
    expect((await run()).json).toMatchObject({ ok: false, message: expect.stringMatching(/within|time|answer/i) });
    await tester(`return 'fine';`);
    expect((await run()).json).toMatchObject({ ok: false, message: expect.stringContaining('expected { ok: boolean') });
    await panel.deactivate('tester');
    expect((await panel.admin.get(`${BASE}/tester/settings`)).json.testable).toBe(false);
    expect(await run()).toMatchObject({
      status: 409,
      json: { error: { code: 'PLUGIN_NOT_ACTIVE', plugin: 'tester' } },
    });
    await panel.activate('untested', { server: 'export default () => {};' });
    expect(await run('untested')).toMatchObject({ status: 409, json: { error: { code: 'NO_SETTINGS_TEST' } } });
    expect((await run('nobody-here')).status).toBe(404);
  }, 30_000);

  test('a secret appears in no answer, no error, no log, and not on disk', async () => {
    await tester(`return { ok: true };`);
    const told: string[] = [];
    const keep = (answer: { text: string; headers: Headers }): void =>
      void told.push(answer.text, JSON.stringify([...answer.headers]));
    const put = (values: object): ReturnType<typeof panel.admin.put> =>
      panel.admin.put(`${BASE}/tester/settings`, { values });
    keep(await put({ token: SECRET }));
    keep(await put({ token: `${SECRET} not in the pattern`, count: 99 }));
    keep(await put({ token: { set: SECRET } }));
    keep(await put({ [SECRET]: 1 }).then((answer) => ({ ...answer, text: answer.text.replaceAll(SECRET, 'the key') })));
    for (const client of [panel.admin, panel.user, panel.nobody])
      for (const address of [
        BASE,
        `${BASE}/tester`,
        `${BASE}/tester/settings`,
        `${BASE}/tester/logs`,
        `${BASE}/tester/export`,
        '/api/admin/audit',
        '/api/admin/system',
        '/api/registry',
        '/api/plugins/tester/',
        '/metrics',
      ])
        keep(await client.get(address));
    expect((await panel.user.get('/api/plugins/tester/')).json).toEqual({ length: SECRET.length });
    expect((await panel.user.get(`${BASE}/tester/settings`)).status).toBe(403);
    expect(told.join('\n')).not.toContain('MARKER');
    expect((await panel.admin.get(`${BASE}/tester/settings`)).json.values.token).toEqual({ set: true });
    for (const entry of await readdir(panel.data, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        expect(await readFile(path.join(entry.parentPath, entry.name), 'utf8'), entry.name).not.toContain('MARKER');
  });
});

test('a call without its permission says who can mend it: the author, or an admin who took it back', async () => {
  await panel.activate('caller', {
    manifest: { permissions: ['http:routes', 'servers:read'] },
    server: `export default (sodium) => sodium.http.registerRoutes((r) => {
      const said = (res, work) => work().then(() => res.json(''), (error) => res.json(error.message));
      r.get('/servers', (req, res) => said(res, async () => sodium.servers.list()));
      r.get('/users', (req, res) => said(res, async () => sodium.users.list()));
    });`,
  });
  const said = async (path: string): Promise<string> => (await panel.user.get(`/api/plugins/caller${path}`)).json;
  expect(await said('/users')).toMatch(/"users:read".*Add "users:read" to "permissions" in plugin\.json/);
  await panel.admin.put(`${BASE}/caller/permissions`, { revoked: ['servers:read'] });
  expect(await said('/servers')).toMatch(/"servers:read".*An admin took it back/);
});

test('what the shell refuses an active plugin stands on its page, with the name of whoever has it', async () => {
  const source = (name: string, path: string): Parameters<typeof panel.drop>[1] => ({
    manifest: { name, permissions: ['ui:pages'], contributes: { pages: [{ path, title: name }] } },
    server: 'export default () => {};',
  });
  for (const [id, name, path] of [
    ['twin-one', 'First Twin', '/twins/:id'],
    ['twin-two', 'Second Twin', '/twins/:name'],
    ['taker', 'Taker', '/servers'],
  ] as const) {
    await panel.drop(id, source(name, path));
    await panel.admin.post(`${BASE}/${id}/activate`, { permissions: ['ui:pages'] });
  }
  const warnings = async (id: string): Promise<string> => (await panel.admin.get(`${BASE}/${id}`)).json.warnings.join();
  expect(await warnings('twin-two')).toContain('The page "/twins/:" is taken by "First Twin"');
  expect(await warnings('twin-one')).toContain('"Second Twin"');
  expect(await warnings('taker')).toContain('"/servers" is an address of the panel');
  await panel.admin.post(`${BASE}/twin-one/deactivate`);
  expect(await warnings('twin-two')).toBe('');
});

test('two admins at once: who comes second is told so, and nothing is left half', async () => {
  const source = {
    manifest: { permissions: [], settings: { note: { type: 'string' } } },
    server: 'export default () => {};',
  };
  await panel.drop('both', source);
  const activated = await Promise.all([1, 2].map(() => panel.admin.post(`${BASE}/both/activate`, { permissions: [] })));
  expect(activated.map(({ status }) => status)).toEqual([200, 200]);
  const save = (): ReturnType<typeof panel.admin.put> =>
    panel.admin.put(`${BASE}/both/settings`, { values: { note: 'kept by nobody' } });
  const [removed, saved] = await Promise.all([panel.admin.delete(`${BASE}/both?data=delete`), save()]);
  expect(removed.status).toBe(204);
  expect([200, 404, 409]).toContain(saved.status);
  for (const answer of [
    await save(),
    await panel.admin.post(`${BASE}/both/activate`, { permissions: [] }),
    await panel.admin.post(`${BASE}/both/deactivate`),
    await panel.admin.delete(`${BASE}/both`),
  ])
    expect(answer).toMatchObject({ status: 404, json: { error: { message: expect.stringContaining('"both"') } } });
  await panel.drop('both', source);
  expect((await panel.admin.get(`${BASE}/both/settings`)).json.values.note).toBeNull();
});
