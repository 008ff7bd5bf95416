import { randomUUID } from 'node:crypto';
import type { AccountPatch, AuthStatus, LoginBody, RegisterBody, Role, User } from '@sodium/contract';
import { HttpError, notFound } from '../../http-error.js';
import type { HookPort } from '../../plugins/hooks-port.js';
import type { Collection, CoreStore } from '../../storage/index.js';
import { LoginLimiter } from './login-limiter.js';
import { hashPassword, verifyPassword } from './password-hash.js';
import type { SessionService } from './session-service.js';
import { toUser, userRecordSchema, type UserRecord } from './user-record.js';

export interface Caller {
  ip: string;
  agent?: string;
}

export interface LoggedIn {
  user: User;
  /** For the cookie. It is not kept anywhere else. */
  token: string;
  expiresAt: number;
}

export interface AccountServiceDeps {
  store: CoreStore;
  hooks: HookPort;
  sessions: SessionService;
  /** Whether strangers may make an account. The first account can always be made. */
  registrationOpen(): boolean;
  /** Why a user cannot be deleted, or null. */
  mayDelete?(user: string): string | null;
}

export class AccountService {
  readonly #deps: AccountServiceDeps;
  readonly #users: Collection<UserRecord>;
  readonly #limiter = new LoginLimiter();

  constructor(deps: AccountServiceDeps) {
    this.#deps = deps;
    this.#users = deps.store.collection('users', userRecordSchema);
  }

  /** `setup`: there is no account yet, and the next one becomes admin. */
  status(): AuthStatus {
    return { setup: this.#needsSetup(), registration: this.#needsSetup() || this.#deps.registrationOpen() };
  }

  list(): User[] {
    return this.#users.all().map(toUser);
  }

  get(id: string): User | undefined {
    const record = this.#users.get(id);
    return record && toUser(record);
  }

  /** By user name or email address, as at a login. */
  find(login: string): User | undefined {
    const record = this.#byLogin(login);
    return record && toUser(record);
  }

  async register(body: RegisterBody, caller: Caller): Promise<LoggedIn> {
    this.#refuseClosed();
    await this.#limiter.registration(caller.ip);
    const user = await this.#insert(body, () => {
      // Asked again: while the password was hashed, somebody else may have become the first.
      this.#refuseClosed();
      return this.#needsSetup() ? 'admin' : 'user';
    });
    const { id, username, role } = user;
    this.#deps.hooks.after('auth:afterRegister', () => ({
      user: { id, username, role },
      ip: caller.ip,
      method: 'password',
    }));
    return { user, ...(await this.#deps.sessions.create(id, caller)) };
  }

  async login(body: LoginBody, caller: Caller): Promise<LoggedIn> {
    const record = await this.#limiter.attempt(body.username, caller.ip, async () => {
      const found = this.#byLogin(body.username);
      return (await verifyPassword(found?.passwordHash, body.password)) ? found! : null;
    });
    if (!record) throw new HttpError(401, 'WRONG_CREDENTIALS', 'The user name or the password is wrong.');
    const session = await this.#deps.sessions.create(record.id, caller);
    const { id, username, role } = record;
    this.#deps.hooks.after('auth:afterLogin', () => ({
      user: { id, username, role },
      ip: caller.ip,
      method: 'password',
    }));
    return { user: toUser(record), ...session };
  }

  async logout(token: string): Promise<void> {
    await this.#deps.sessions.end(token);
  }

  /** Changes one's own account. A new password ends all other sessions. */
  async updateOwn(id: string, patch: AccountPatch, current: { session: string; ip: string }): Promise<User> {
    const record = this.#require(id);
    if (patch.email === undefined && patch.password === undefined) return toUser(record);
    await this.#confirm(record, patch.currentPassword, current.ip);
    const passwordHash = patch.password === undefined ? undefined : await hashPassword(patch.password);
    const user = await this.#update(id, { email: patch.email, passwordHash });
    if (passwordHash) await this.#deps.sessions.endAll(id, current.session);
    return user;
  }

  /** For admins: an account with a role. */
  create(body: RegisterBody & { role: Role }): Promise<User> {
    return this.#insert(body, () => body.role);
  }

  /** For admins. The user has to log in again. */
  async updateAny(id: string, patch: { role?: Role; password?: string }): Promise<User> {
    this.#require(id);
    const passwordHash = patch.password === undefined ? undefined : await hashPassword(patch.password);
    if (patch.role === 'user') this.#refuseLastAdmin(id, 'lose that role');
    const before = this.#require(id);
    const user = await this.#update(id, { role: patch.role, passwordHash });
    if (passwordHash || before.role !== user.role) await this.#deps.sessions.endAll(id);
    return user;
  }

  async delete(id: string): Promise<void> {
    this.#require(id);
    this.#refuseLastAdmin(id, 'be deleted');
    const refusal = this.#deps.mayDelete?.(id) ?? null;
    if (refusal) throw new HttpError(409, 'USER_IN_USE', refusal);
    const deleted = this.#users.delete(id);
    await this.#deps.sessions.endAll(id);
    await deleted;
  }

  #needsSetup(): boolean {
    return this.#users.all().length === 0;
  }

  #refuseClosed(): void {
    if (this.#needsSetup() || this.#deps.registrationOpen()) return;
    throw new HttpError(403, 'REGISTRATION_CLOSED', 'New accounts are made by an admin here. Ask one for yours.');
  }

  #require(id: string): Readonly<UserRecord> {
    const record = this.#users.get(id);
    if (!record) throw notFound('user', id);
    return record;
  }

  /** A user name has no `@`, so a name cannot be mistaken for somebody's address. */
  #byLogin(login: string): Readonly<UserRecord> | undefined {
    const wanted = fold(login);
    return this.#users.findOne((user) => fold(user.username) === wanted || fold(user.email) === wanted);
  }

  async #insert(body: RegisterBody, role: () => Role): Promise<User> {
    this.#refuseTaken(body);
    const passwordHash = await hashPassword(body.password);
    // From here to the insert nothing waits: two requests at once cannot both find a name free, or both be the first.
    this.#refuseTaken(body);
    const { username, email } = body;
    const record = {
      id: randomUUID(),
      username,
      email,
      role: role(),
      passwordHash,
      createdAt: new Date().toISOString(),
    };
    return toUser(await this.#users.insert(record));
  }

  async #update(id: string, patch: { email?: string; role?: Role; passwordHash?: string }): Promise<User> {
    if (patch.email !== undefined) this.#refuseTaken({ email: patch.email }, id);
    if (patch.role === 'user') this.#refuseLastAdmin(id, 'lose that role');
    const changes = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    return toUser(await this.#users.update(id, changes));
  }

  #refuseTaken(wanted: { username?: string; email?: string }, except?: string): void {
    for (const user of this.#users.all()) {
      if (user.id === except) continue;
      if (wanted.username !== undefined && fold(user.username) === fold(wanted.username))
        throw new HttpError(409, 'USERNAME_TAKEN', `The user name "${wanted.username}" is taken.`);
      if (wanted.email !== undefined && fold(user.email) === fold(wanted.email))
        throw new HttpError(409, 'EMAIL_TAKEN', `The email address "${wanted.email}" has an account already.`);
    }
  }

  #refuseLastAdmin(id: string, what: string): void {
    const admins = this.#users.find((user) => user.role === 'admin');
    if (admins.length === 1 && admins[0]!.id === id)
      throw new HttpError(409, 'LAST_ADMIN', `The last admin cannot ${what}. Make somebody else an admin first.`);
  }

  async #confirm(record: Readonly<UserRecord>, password: string | undefined, ip: string): Promise<void> {
    const right = await this.#limiter.attempt(record.username, ip, async () =>
      (await verifyPassword(record.passwordHash, password ?? '')) ? true : null,
    );
    if (!right) throw new HttpError(403, 'WRONG_PASSWORD', 'The current password is wrong.');
  }
}

const fold = (text: string): string => text.trim().normalize('NFKC').toLowerCase();
