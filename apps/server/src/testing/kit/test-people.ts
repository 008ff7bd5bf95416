import type { Storage } from '../../open-storage.js';
import { serverRecordSchema, type ServerRecord } from '../../panel/servers/server-record.js';
import { toUser, userRecordSchema } from '../../panel/users/user-record.js';
import type { TestServer, TestUser } from '@sodium/sdk/testing';
import type { User } from '@sodium/contract';
import type { MemoryRuntime } from './memory-runtime.js';

const DEFAULT_USERS: TestUser[] = [
  { username: 'ann', role: 'user' },
  { username: 'root', role: 'admin' },
];
const FIRST_PORT = 25_000;

/** The users and servers of a test's panel, by the names that the test uses. */
export class TestPeople {
  readonly #users: User[] = [];
  readonly #servers: ServerRecord[] = [];

  static async create(
    { core }: Storage,
    runtime: MemoryRuntime,
    users: readonly TestUser[] = DEFAULT_USERS,
    servers: readonly TestServer[] = [],
  ): Promise<TestPeople> {
    const people = new TestPeople();
    const userRecords = core.collection('users', userRecordSchema);
    for (const user of users) people.#users.push(toUser(await userRecords.insert(userRecord(user))));
    const serverRecords = core.collection('servers', serverRecordSchema);
    for (const [index, server] of servers.entries()) {
      const record = people.#serverRecord(server, index);
      people.#servers.push(await serverRecords.insert(record));
      runtime.place(record.id, server.state ?? 'offline');
    }
    return people;
  }

  user(name: string): User {
    const found = this.#users.find((user) => user.username === name || user.id === name);
    if (found) return found;
    throw new Error(`The test has no user "${name}". It has: ${this.#users.map((user) => user.username).join(', ')}.`);
  }

  firstUser(): User {
    return this.#users[0] ?? this.user('');
  }

  firstAdmin(): User {
    const admin = this.#users.find((user) => user.role === 'admin');
    if (!admin) throw new Error('The test has no admin. Add one: users: [{ username: "root", role: "admin" }].');
    return admin;
  }

  firstServer(): string {
    const [first] = this.#servers;
    if (!first) throw new Error('The test has no server. Add one: servers: [{ name: "one" }].');
    return first.id;
  }

  #serverRecord(server: TestServer, index: number): ServerRecord {
    return {
      id: server.id ?? server.name,
      number: index + 1,
      name: server.name,
      template: server.template ?? 'nodejs',
      owner: server.owner === undefined ? this.firstUser().id : this.user(server.owner).id,
      suspended: server.suspended ?? false,
      limits: server.limits ?? {},
      variables: server.variables ?? {},
      port: FIRST_PORT + index,
      installed: true,
      desired: server.state === 'running' ? 'running' : 'stopped',
      createdAt: server.createdAt ?? new Date().toISOString(),
    };
  }
}

function userRecord({ username, id = username, role = 'user', email = `${username}@example.com` }: TestUser) {
  // Nobody logs in with a password here.
  return { id, username, email, role, passwordHash: '', createdAt: new Date().toISOString() };
}
