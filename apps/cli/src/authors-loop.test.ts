import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PanelClient } from './panel/panel-client.js';

const cli = fileURLToPath(new URL('..', import.meta.url));
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const ADMIN = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' };
const KINDS = [
  ['widget', true],
  ['feature', true],
  ['hook', true],
  ['theme', true],
  ['widget', false],
  ['feature', false],
  ['hook', false],
] as const;
const idOf = (type: string, build: boolean): string => `${build ? 'my' : 'plain'}-${type}`;

// Inside the repository, where plugins find `lit`, the SDK and vitest as they do after an installation.
let folder: string;
const panels: ChildProcess[] = [];
let client: PanelClient;

beforeAll(async () => {
  const { bundleCli } = (await import(`${cli}/bundle-cli.mjs`)) as { bundleCli(): Promise<string> };
  await bundleCli();
  mkdirSync(join(cli, 'dist'), { recursive: true });
  folder = mkdtempSync(join(cli, 'dist/authors-'));
  client = await startPanel(join(folder, 'data'));
}, 60_000);

afterAll(async () => {
  await Promise.all(
    panels.map(async (panel) => {
      const ended = panel.exitCode === null && once(panel, 'exit');
      panel.kill();
      await ended;
    }),
  );
  rmSync(folder, { recursive: true, force: true });
});

async function startPanel(data: string): Promise<PanelClient> {
  const panel = spawn(process.execPath, [join(repository, 'apps/server/dist/main.js')], {
    env: { ...process.env, PORT: '0', SODIUM_DATA: data },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  panels.push(panel);
  let said = '';
  for await (const chunk of panel.stdout!) if (/listens on http:\S+\n/.test((said += String(chunk)))) break;
  const started = new PanelClient(/http:\S+/.exec(said)![0]);
  await started.must('POST', '/api/auth/register', ADMIN);
  return started;
}

interface Outcome {
  code: number;
  out: string;
  err: string;
}
const run = (file: string, args: string[], env: Record<string, string> = {}, cwd = folder): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { cwd, env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const sodium = (args: string[], env?: Record<string, string>): Promise<Outcome> =>
  run(join(cli, 'dist/sodium.js'), args, env);

test('every kind of new plugin is valid, passes its own tests, and runs in a panel', { timeout: 240_000 }, async () => {
  for (const [type, build] of KINDS) {
    const id = idOf(type, build);
    expect(await sodium(['create', id, '--type', type, ...(build ? [] : ['--no-build'])])).toMatchObject({ code: 0 });
    const { code, out } = await sodium(['validate', id, '--json']);
    expect(JSON.parse(out)).toMatchObject({ ok: true, id, version: '0.1.0', problems: [] });
    expect(code).toBe(0);
    const login = { SODIUM_USERNAME: ADMIN.username, SODIUM_PASSWORD: ADMIN.password };
    const installed = await sodium(['install', id, '--url', client.url], login);
    expect(installed).toMatchObject({ code: 0, err: '' });
    const { permissions } = JSON.parse(readFileSync(join(folder, id, 'plugin.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    await client.must('POST', `/api/admin/plugins/${id}/activate`, { permissions: permissions ?? [] });
    expect(await client.must('GET', `/api/admin/plugins/${id}`)).toMatchObject({ state: 'active' });
  }
  const config = join(folder, 'vitest.config.js');
  writeFileSync(config, 'export default {};');
  const tests = await run(join(repository, 'node_modules/vitest/vitest.mjs'), [
    'run',
    '--root',
    folder,
    '--config',
    config,
  ]);
  expect(stripVTControlCharacters(tests.out)).toMatch(/Test Files\D+6 passed/);
});

test('the same sources give the same bytes, in another folder, timezone and year', { timeout: 120_000 }, async () => {
  const elsewhere = join(folder, 'a/longer/way');
  cpSync(join(folder, 'my-widget'), join(elsewhere, 'my-widget'), { recursive: true });
  const one = await sodium(['pack', 'my-widget', '-o', 'one.zip', '--json'], { TZ: 'Asia/Kathmandu' });
  const two = await sodium(['pack', join(elsewhere, 'my-widget'), '-o', 'two.zip', '--json'], { TZ: 'America/Lima' });
  expect(readFileSync(join(folder, 'one.zip')).equals(readFileSync(join(folder, 'two.zip')))).toBe(true);
  expect(JSON.parse(one.out).sha256).toBe(JSON.parse(two.out).sha256);
  expect(await sodium(['validate', 'one.zip'])).toMatchObject({ code: 0 });
});

test('a panel that takes signed plugins only takes what its own author signed', { timeout: 60_000 }, async () => {
  const keys = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'ada.pem'), keys.privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const pack = ['pack', 'plain-hook', '--sign', 'ada.pem', '--json', '-o'];
  const { out } = await sodium([...pack, 'signed.zip']);
  await sodium([...pack, 'again.zip']);
  const { hash, signedBy } = JSON.parse(out) as { hash: string; signedBy: { keyId: string; publicKey: string } };
  expect(readFileSync(join(folder, 'signed.zip')).equals(readFileSync(join(folder, 'again.zip')))).toBe(true);

  const data = join(folder, 'signed-data');
  mkdirSync(data);
  const plugins = { requireSignatures: true, trustedKeys: { [signedBy.keyId]: signedBy.publicKey } };
  writeFileSync(join(data, 'config.json'), JSON.stringify({ plugins }));
  const strict = await startPanel(data);
  const install = (file: string): Promise<Outcome> =>
    sodium(['install', file, '--url', strict.url], {
      SODIUM_USERNAME: ADMIN.username,
      SODIUM_PASSWORD: ADMIN.password,
    });
  const changed = unzipSync(readFileSync(join(folder, 'signed.zip')));
  writeFileSync(join(folder, 'changed.zip'), zipSync({ ...changed, 'more.txt': new Uint8Array([1]) }));
  expect(await install('changed.zip')).toMatchObject({ code: 1, err: expect.stringMatching(/changed after "ada"/) });
  expect(await install('plain-hook')).toMatchObject({ code: 1, err: expect.stringMatching(/signed plugins only/) });
  await sodium([...pack, 'stranger.zip', '--sign-as', 'eve']);
  expect(await install('stranger.zip')).toMatchObject({ code: 1, err: expect.stringMatching(/does not trust/) });
  expect(await install('signed.zip')).toMatchObject({ code: 0, err: '' });
  await strict.must('POST', '/api/admin/plugins/plain-hook/activate', { permissions: ['servers:read'] });
  expect(await strict.must('GET', '/api/admin/plugins/plain-hook')).toMatchObject({ state: 'active', hash });

  writeFileSync(join(folder, 'rsa.pem'), 'not a key');
  const refused = await sodium(['pack', 'plain-hook', '--sign', 'rsa.pem']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/private key in PEM.*openssl genpkey/s) });
});

test('faults are named with file, line, column and what to do', { timeout: 60_000 }, async () => {
  const server = `export default (sodium) => {
  sodium.hooks.on('server:onCreate', () => sodium.db.insert('log', {}));
  sodium.hooks.on('server:onBirth', () => {});
};
`;
  const manifest = { id: 'faulty', name: 'F', version: '1.0.0', type: 'hook', sodium: '>=1.0.0' };
  mkdirSync(join(folder, 'faulty'));
  const write = (json: object): void =>
    writeFileSync(join(folder, 'faulty/plugin.json'), JSON.stringify(json, null, 2));
  writeFileSync(join(folder, 'faulty/server.js'), server);
  write(manifest);
  const { code, out } = await sodium(['validate', 'faulty', '--json']);
  expect(code).toBe(1);
  const { problems } = JSON.parse(out) as { problems: object[] };
  expect(problems).toContainEqual({
    severity: 'error',
    file: 'server.js',
    line: 2,
    column: 3,
    message: 'sodium.hooks.on("server:onCreate") listens to a hook that the manifest does not list.',
    fix: 'Add "server:onCreate" to "hooks" in plugin.json.',
  });
  expect(problems).toContainEqual(expect.objectContaining({ line: 3, message: 'There is no hook "server:onBirth".' }));
  expect(problems).toContainEqual(
    expect.objectContaining({ severity: 'warning', fix: expect.stringContaining('"db:own"') }),
  );
  write({ ...manifest, permissions: ['db:ownn'] });
  const { err } = await sodium(['validate', 'faulty']);
  expect(err).toMatch(
    /plugin\.json:8:5: permissions\.0: expected one of .*found "db:ownn"\.\n {2}→ Did you mean "db:own"\?/,
  );
  expect(err).not.toContain('\u001b[');
});

test('what cannot be done is said with the next step, and exit code 2', { timeout: 60_000 }, async () => {
  const said = async (...args: string[]): Promise<string> => {
    const { code, err } = await sodium(args, { SODIUM_USERNAME: 'ada', SODIUM_PASSWORD: 'wrong', CI: '1' });
    expect(code, args.join(' ')).toBe(2);
    return err;
  };
  expect(await said('valdate')).toMatch(/Did you mean validate\?/);
  expect(await said('create')).toMatch(/Missing: the plugin’s id\. For example: sodium create/);
  expect(await said('create', 'admin', '--type', 'hook')).toMatch(/reserved for the panel; choose another id/);
  expect(await said('create', 'my-hook', '--type', 'hook')).toMatch(/my-hook exists already/);
  expect(await said('install', 'one.zip', '--url', client.url)).toMatch(/refused the login of "ada"/);
  expect(await said('install', 'one.zip', '--url', 'http://example.com')).toMatch(/in the open.*https/);
  expect(await said('install', 'one.zip', '--url', 'http://127.0.0.1:9')).toMatch(/No panel answers/);
});

test(
  'dev ends with its panel at any time, however it is ended; what it builds is the same each time',
  {
    timeout: 120_000,
  },
  async () => {
    await sodium(['create', 'dev-widget', '--type', 'widget']);
    type Said = { event: string; hash: string };
    const dev = (): { child: ChildProcess; until(event: string): Promise<Said>; ended: Promise<unknown[]> } => {
      const child = spawn(
        process.execPath,
        [join(cli, 'dist/sodium.js'), 'dev', 'dev-widget', '--port', '0', '--json'],
        {
          cwd: folder,
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      const ended = once(child, 'close');
      let text = '';
      const said = (event: string): Said | undefined =>
        text
          .split('\n')
          .filter((line) => line.startsWith('{') && line.endsWith('}'))
          .map((line) => JSON.parse(line) as Said)
          .find((line) => line.event === event);
      const until = (event: string): Promise<Said> =>
        new Promise((resolve, reject) => {
          const look = (chunk: Buffer): void => {
            text += chunk.toString();
            const found = said(event);
            if (found) resolve(found);
          };
          child.stdout!.on('data', look);
          child.stderr!.on('data', look);
          void ended.then(() => reject(new Error(`sodium dev ended: ${text}`)));
        });
      return { child, until, ended };
    };

    const killed = dev();
    const { hash } = await killed.until('updated');
    // Nobody else may use the panel's folder as long as it runs.
    const second = await sodium(['dev', 'dev-widget', '--port', '0']);
    expect(second).toMatchObject({ code: 2, err: expect.stringMatching(/in use by another panel/) });
    killed.child.kill('SIGKILL');
    await killed.ended;
    // The panel takes its leave meanwhile, whose folder it is.
    await expect
      .poll(() => sodium(['dev', 'dev-widget', '--port', 'x']), { timeout: 30_000 })
      .toMatchObject({
        code: 2,
        err: expect.stringMatching(/--port: expected a whole number/),
      });
    const again = dev();
    expect((await again.until('updated')).hash).toBe(hash);
    again.child.kill('SIGTERM');
    expect(await again.ended).toEqual([0, null]);

    // In the middle of its start.
    rmSync(join(folder, 'dev-widget/.sodium'), { recursive: true });
    const starting = dev();
    await expect.poll(() => existsSync(join(folder, 'dev-widget/.sodium/data/db')), { timeout: 20_000 }).toBe(true);
    starting.child.kill('SIGTERM');
    expect(await starting.ended).toEqual([0, null]);
  },
);
