import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ADMIN, openTestHosting, scriptTemplate, temporaryData, type TestHosting } from '../../test-hosting.js';
import type { IsolationKind } from './isolation.js';

const isRoot = process.getuid?.() === 0;

/** Tries to reach the panel and another server; says what it got. */
const ATTACK = `
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
const attempt = (name, act) => { try { act(); console.log('REACHED ' + name); } catch (error) { console.log('kept from ' + name + ': ' + error.code); } };
const { DATA, PANEL, OTHER } = process.env;
attempt('users', () => readFileSync(DATA + '/db/panel/users.json'));
attempt('config', () => readFileSync(DATA + '/config.json'));
attempt('databases', () => readdirSync(DATA + '/db'));
// In a namespace the folders on the way to its own exist, and hold nothing else.
const onlyMine = (folder, mine) => { if (readdirSync(folder).join() === mine) throw { code: 'nothing there' } };
attempt('data', () => onlyMine(DATA, 'servers'));
attempt('servers', () => onlyMine(DATA + '/servers', process.cwd().split('/').at(-1)));
attempt('other', () => readFileSync(DATA + '/servers/' + OTHER + '/main.mjs'));
attempt('memory', () => readFileSync('/proc/' + PANEL + '/environ'));
attempt('link', () => readFileSync('/proc/' + PANEL + '/root' + DATA + '/config.json'));
attempt('terminate', () => process.kill(Number(PANEL), 'SIGTERM'));
attempt('kill', () => process.kill(Number(PANEL), 'SIGKILL'));
writeFileSync('mine.txt', 'x');
console.log('ready mine ' + readFileSync('mine.txt', 'utf8'));
process.on('SIGTERM', () => { console.log('orderly'); process.exit(0); });
setInterval(() => undefined, 1000);
`;

let data: Awaited<ReturnType<typeof temporaryData>>;
let hosting: TestHosting | null;

beforeEach(async () => {
  hosting = null;
  data = await temporaryData();
  await mkdir(join(data.path, 'templates'));
  const variables = ['DATA', 'PANEL', 'OTHER'].map((name) => ({ name, label: name }));
  await writeFile(join(data.path, 'templates', 'attack.json'), scriptTemplate('attack', ATTACK, { variables }));
  // As careless as a person can be.
  await writeFile(join(data.path, 'config.json'), '{}', { mode: 0o644 });
  await chmod(data.path, 0o755);
});
afterEach(async () => {
  await hosting?.close();
  await data.remove();
});

/** What the attacker's console says, or null where this machine cannot isolate that way. */
async function attack(kind: IsolationKind): Promise<string[] | null> {
  // The victim stands in for the panel's process: a mistake must not end the test run.
  const victim = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    env: { SECRET: 'x' },
  });
  await once(victim, 'spawn');
  try {
    hosting = await openTestHosting(data.path, { isolation: kind });
    if (hosting.isolation.kind !== kind) return null;
    const { servers, accounts } = hosting;
    await accounts.register({ username: 'anna', email: 'a@example.com', password: 'correct horse' }, { ip: '' });
    const other = await servers.create(ADMIN, { name: 'other', template: 'attack', limits: {}, variables: {} });
    const variables = { DATA: data.path, PANEL: String(victim.pid), OTHER: other.id };
    const { id } = await servers.create(ADMIN, { name: 'evil', template: 'attack', limits: {}, variables });
    await servers.power(ADMIN, id, 'start');
    await vi.waitFor(() => expect(servers.get(ADMIN, id).state).toBe('running'), 15_000);
    expect(victim.exitCode ?? victim.signalCode).toBeNull();
    await servers.power(ADMIN, id, 'stop');
    await vi.waitFor(() => expect(servers.get(ADMIN, id).state).toBe('offline'), 15_000);
    return servers.console(ADMIN, id).map((line) => line.text);
  } finally {
    victim.kill('SIGKILL');
  }
}

describe.runIf(isRoot)('when the panel is root', () => {
  test('a server runs as its own user and reaches neither the panel nor other servers', async () => {
    const lines = (await attack('user')) ?? [];
    expect(hosting!.isolation.kind).toBe('user');
    expect(lines.filter((line) => line.startsWith('REACHED'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('kept from'))).toHaveLength(10);
    expect(lines).toContain('ready mine x');
    expect(lines).toContain('orderly');
    const folders = hosting!.servers.list(ADMIN).map((server) => stat(join(data.path, 'servers', server.id)));
    const owners = (await Promise.all(folders)).map((folder) => [folder.uid, folder.mode & 0o777]);
    expect(new Set(owners.map(([uid]) => uid)).size).toBe(2);
    expect(owners.every(([uid, mode]) => uid! >= 20_000 && mode === 0o700)).toBe(true);
  });

  test('where its own folder cannot be reached as another user, another way is taken', async () => {
    const locked = join(data.path, 'locked');
    const inside = join(locked, 'data');
    await mkdir(inside, { recursive: true });
    await chmod(locked, 0o700);
    hosting = await openTestHosting(inside);
    expect(hosting.isolation.kind).not.toBe('user');
    expect(hosting.isolation.detail).not.toBe('');
  });
});

test('in bubblewrap a server sees its own folder only, and still ends in an orderly way', async (context) => {
  const lines = await attack('bubblewrap');
  if (lines === null) return context.skip();
  expect(lines.filter((line) => line.startsWith('REACHED'))).toEqual([]);
  expect(lines).toContain('ready mine x');
  expect(lines).toContain('orderly');
});

test('without isolation the admin is told so plainly', async () => {
  hosting = await openTestHosting(data.path, { isolation: 'none' });
  expect(hosting.isolation).toMatchObject({
    kind: 'none',
    detail: expect.stringContaining('Servers are not isolated'),
  });
  const body = { name: 'x', template: 'generic', limits: {}, variables: {} };
  const user = { id: 'u', username: 'u', role: 'user' } as const;
  await expect(hosting.servers.create(user, body)).rejects.toMatchObject({ status: 403, code: 'ISOLATION_REQUIRED' });
});
