import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CoreStore } from '../../storage/index.js';
import { RecordingHooks, temporaryData } from '../test-hosting.js';
import { AccountService } from './account-service.js';
import { SessionService } from './session-service.js';

let data: Awaited<ReturnType<typeof temporaryData>>;
let store: CoreStore;
let hooks: RecordingHooks;
let sessions: SessionService;
let accounts: AccountService;
let open = true;
let now = Date.now();
const from = { ip: '127.0.0.1', agent: 'test' };
const person = (name: string) => ({ username: name, email: `${name}@example.com`, password: 'correct horse' });

async function begin(): Promise<void> {
  store = await CoreStore.open(join(data.path, 'panel'));
  hooks = new RecordingHooks();
  sessions = new SessionService(store, () => now);
  accounts = new AccountService({ store, hooks, sessions, registrationOpen: () => open });
}

beforeEach(async () => {
  open = true;
  now = Date.now();
  data = await temporaryData();
  await begin();
});
afterEach(async () => {
  await store.close();
  await data.remove();
});

test('the first account is admin, the next are users', async () => {
  expect(accounts.status()).toEqual({ setup: true, registration: true });
  expect((await accounts.register(person('anna'), from)).user.role).toBe('admin');
  expect((await accounts.register(person('bert'), from)).user.role).toBe('user');
  expect(accounts.status().setup).toBe(false);
});

test('of many first registrations at once exactly one becomes admin', async () => {
  await Promise.all(['a1', 'b1', 'c1', 'd1', 'e1'].map((name) => accounts.register(person(name), from)));
  expect(accounts.list().filter((user) => user.role === 'admin')).toHaveLength(1);
  expect(accounts.list()).toHaveLength(5);
});

test('of two first registrations with closed registration one is refused', async () => {
  open = false;
  const results = await Promise.allSettled(['a1', 'b1'].map((name) => accounts.register(person(name), from)));
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(accounts.register(person('c1'), from)).rejects.toMatchObject({
    status: 403,
    code: 'REGISTRATION_CLOSED',
  });
});

test('names and addresses are unique whatever their case, also at once', async () => {
  await accounts.register(person('anna'), from);
  await expect(accounts.register({ ...person('ANNA'), email: 'x@example.com' }, from)).rejects.toMatchObject({
    code: 'USERNAME_TAKEN',
  });
  await expect(accounts.register({ ...person('other'), email: 'Anna@Example.com' }, from)).rejects.toMatchObject({
    code: 'EMAIL_TAKEN',
  });
  const twice = await Promise.allSettled([
    accounts.register(person('bert'), from),
    accounts.register(person('Bert'), from),
  ]);
  expect(twice.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
});

test('login takes the name or the address, tells the hooks, and hides the hash', async () => {
  await accounts.register(person('Anna'), from);
  for (const username of ['anna', 'ANNA@example.com']) {
    const { user, token } = await accounts.login({ username, password: 'correct horse' }, from);
    expect(Object.keys(user).sort()).toEqual(['email', 'id', 'role', 'username']);
    expect(sessions.authenticate(token)?.user.username).toBe('Anna');
  }
  expect(hooks.of('auth:afterRegister')).toHaveLength(1);
  expect(hooks.of('auth:afterLogin')[0]).toMatchObject({
    user: { username: 'Anna', role: 'admin' },
    ip: '127.0.0.1',
    method: 'password',
  });
  const files = await Promise.all(
    ['users', 'sessions'].map((name) => readFile(join(data.path, 'panel', `${name}.json`), 'utf8')),
  );
  expect(files[0]).toContain('$argon2id$');
  expect(files.join()).not.toContain('correct horse');
});

test('after ten failures a name is locked for an address, and for that address only', async () => {
  await accounts.register(person('anna'), from);
  const wrong = { username: 'anna', password: 'wrong' };
  // At once: attempts that are still being checked count as well.
  const failures = await Promise.allSettled(Array.from({ length: 14 }, () => accounts.login(wrong, from)));
  const codes = failures.map((failure) => (failure as PromiseRejectedResult).reason.code as string);
  expect(codes.filter((code) => code === 'WRONG_CREDENTIALS')).toHaveLength(10);
  const locked = accounts.login({ username: 'Anna', password: 'correct horse' }, from);
  await expect(locked).rejects.toMatchObject({ status: 429, extra: { details: { retryAfter: expect.any(Number) } } });
  await accounts.login({ username: 'anna', password: 'correct horse' }, { ip: '127.0.0.2' });
});

test('an unknown name takes as long as a known one', async () => {
  await accounts.register(person('anna'), from);
  const time = async (username: string, ip: string): Promise<number> => {
    const before = performance.now();
    await accounts.login({ username, password: 'wrong' }, { ip }).catch(() => undefined);
    return performance.now() - before;
  };
  await time('nobody', '1');
  const known: number[] = [];
  const unknown: number[] = [];
  for (let index = 0; index < 7; index++) {
    known.push(await time('anna', `2.${index}`));
    unknown.push(await time('nobody', `3.${index}`));
  }
  const median = (times: number[]): number => times.sort((a, b) => a - b)[3]!;
  expect(median(unknown)).toBeGreaterThan(median(known) * 0.5);
});

test('sessions survive a restart, are kept as digests, and slide', async () => {
  const { token } = await accounts.register(person('anna'), from);
  await store.close();
  expect(await readFile(join(data.path, 'panel', 'sessions.json'), 'utf8')).not.toContain(token);
  await begin();
  expect(sessions.authenticate(token)?.user.username).toBe('anna');
  now += 29 * 86_400_000;
  expect(sessions.authenticate(token)).not.toBeNull();
  now += 29 * 86_400_000;
  expect(sessions.authenticate(token)).not.toBeNull();
  now += 31 * 86_400_000;
  expect(sessions.authenticate(token)).toBeNull();
  expect(sessions.authenticate('guess')).toBeNull();
});

test('a session that was just used is not written again within the hour', async () => {
  const { token } = await accounts.register(person('anna'), from);
  await store.flush();
  const file = join(data.path, 'panel', 'sessions.json');
  const before = await readFile(file, 'utf8');
  now += 3_000_000;
  sessions.authenticate(token);
  await store.flush();
  expect(await readFile(file, 'utf8')).toBe(before);
  now += 3_000_000;
  sessions.authenticate(token);
  await store.flush();
  expect(await readFile(file, 'utf8')).not.toBe(before);
});

test('a new password ends the other sessions, and needs the old one', async () => {
  const first = await accounts.register(person('anna'), from);
  const second = await accounts.login({ username: 'anna', password: 'correct horse' }, from);
  const { session } = sessions.authenticate(first.token)!;
  const change = { currentPassword: 'nope', password: 'another password' };
  await expect(accounts.updateOwn(first.user.id, change, { session, ip: 'x' })).rejects.toMatchObject({
    code: 'WRONG_PASSWORD',
  });
  const ended: string[] = [];
  sessions.onEnded((event) => ended.push(event.session));
  await accounts.updateOwn(first.user.id, { ...change, currentPassword: 'correct horse' }, { session, ip: 'x' });
  expect(sessions.authenticate(first.token)).not.toBeNull();
  expect(sessions.authenticate(second.token)).toBeNull();
  expect(ended).toHaveLength(1);
  await accounts.login({ username: 'anna', password: 'another password' }, from);
});

test('a change of role ends all sessions; the last admin stays one', async () => {
  const anna = (await accounts.register(person('anna'), from)).user;
  const bert = await accounts.register(person('bert'), from);
  await expect(accounts.updateAny(anna.id, { role: 'user' })).rejects.toMatchObject({ code: 'LAST_ADMIN' });
  await expect(accounts.delete(anna.id)).rejects.toMatchObject({ code: 'LAST_ADMIN' });
  await accounts.updateAny(bert.user.id, { role: 'admin' });
  expect(sessions.authenticate(bert.token)).toBeNull();
  // Two admins that are demoted at once: one must remain.
  await Promise.allSettled([
    accounts.updateAny(anna.id, { role: 'user' }),
    accounts.updateAny(bert.user.id, { role: 'user' }),
  ]);
  expect(accounts.list().filter((user) => user.role === 'admin')).toHaveLength(1);
});

test('logout and deletion end sessions', async () => {
  const anna = await accounts.register(person('anna'), from);
  const bert = await accounts.register(person('bert'), from);
  await accounts.logout(anna.token);
  expect(sessions.authenticate(anna.token)).toBeNull();
  await accounts.delete(bert.user.id);
  expect(sessions.authenticate(bert.token)).toBeNull();
  await expect(accounts.login({ username: 'bert', password: 'correct horse' }, from)).rejects.toMatchObject({
    status: 401,
  });
});
