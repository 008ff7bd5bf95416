import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { User } from '@sodium/contract';
import { z } from 'zod';
import type { Collection, CoreStore } from '../../storage/index.js';
import { Listeners, type Dispose } from '../listeners.js';
import { toUser, userRecordSchema, type UserRecord } from './user-record.js';

const DAY_MS = 86_400_000;
const LIFETIME_MS = 30 * DAY_MS;
/** Being used is written down at most this often. */
const TOUCH_MS = 3_600_000;
const MAX_PER_USER = 50;

const sessionRecordSchema = z.object({
  /** SHA-256 of the token: whoever reads the file cannot log in with it. */
  id: z.string(),
  /** What the session is called where people see it. */
  name: z.string(),
  user: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  expiresAt: z.number(),
  ip: z.string(),
  agent: z.string(),
});
type SessionRecord = z.infer<typeof sessionRecordSchema>;

export interface SessionInfo {
  id: string;
  createdAt: string;
  lastSeenAt: string;
  ip: string;
  agent: string;
}

export interface Authenticated {
  user: User;
  /** The session's name, not its token. */
  session: string;
  expiresAt: number;
}

/** Who is logged in. A token exists in the browser's cookie only. */
export class SessionService {
  readonly #sessions: Collection<SessionRecord>;
  readonly #users: Collection<UserRecord>;
  readonly #ended = new Listeners<{ session: string; user: string }>();
  readonly #now: () => number;
  /** The ids of the records by the sessions' names. Made at first use: the file may not be readable. */
  #names: Map<string, string> | null = null;
  #sweptAt = 0;

  constructor(store: CoreStore, now: () => number = Date.now) {
    this.#sessions = store.collection('sessions', sessionRecordSchema);
    this.#users = store.collection('users', userRecordSchema);
    this.#now = now;
  }

  /** Told when a session ends before its time. */
  onEnded(listener: (event: { session: string; user: string }) => void): Dispose {
    return this.#ended.add(listener);
  }

  async create(
    user: string,
    from: { ip: string; agent?: string },
  ): Promise<{ token: string; session: string; expiresAt: number }> {
    await this.#makeRoom(user);
    this.#sweep();
    const token = randomBytes(32).toString('base64url');
    const now = this.#now();
    const session = randomUUID();
    const id = digest(token);
    this.#ids().set(session, id);
    await this.#sessions.insert({
      id,
      name: session,
      user,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + LIFETIME_MS,
      ip: from.ip,
      agent: (from.agent ?? '').slice(0, 200),
    });
    return { token, session, expiresAt: now + LIFETIME_MS };
  }

  /** The user of a token, or null. Using a session prolongs it. */
  authenticate(token: string | undefined): Authenticated | null {
    if (!token || token.length > 200) return null;
    const record = this.#sessions.get(digest(token));
    const now = this.#now();
    if (!record || record.expiresAt <= now) return null;
    const user = this.#users.get(record.user);
    if (!user) return null;
    if (now - record.lastSeenAt >= TOUCH_MS) this.#touch(record, now);
    return { user: toUser(user), session: record.name, expiresAt: record.expiresAt };
  }

  /** Whether a session, known by its name, still holds, and for whom. */
  check(session: string): Authenticated | null {
    const record = this.#named(session);
    const user = record && record.expiresAt > this.#now() ? this.#users.get(record.user) : undefined;
    return record && user ? { user: toUser(user), session, expiresAt: record.expiresAt } : null;
  }

  list(user: string): SessionInfo[] {
    const now = this.#now();
    return this.#sessions
      .find((record) => record.user === user && record.expiresAt > now)
      .map(({ name, createdAt, lastSeenAt, ip, agent }) => ({
        id: name,
        createdAt: new Date(createdAt).toISOString(),
        lastSeenAt: new Date(lastSeenAt).toISOString(),
        ip,
        agent,
      }));
  }

  async end(token: string): Promise<void> {
    const record = this.#sessions.get(digest(token));
    if (record) await this.#remove(record);
  }

  /** Ends one session of a user by its name. False when that user has no such session. */
  async endNamed(user: string, session: string): Promise<boolean> {
    const record = this.#named(session);
    if (record?.user !== user) return false;
    await this.#remove(record);
    return true;
  }

  async endAll(user: string, except?: string): Promise<void> {
    const records = this.#sessions.find((record) => record.user === user && record.name !== except);
    await Promise.all(records.map((record) => this.#remove(record)));
  }

  #ids(): Map<string, string> {
    this.#names ??= new Map(this.#sessions.all().map((record) => [record.name, record.id]));
    return this.#names;
  }

  #named(session: string): Readonly<SessionRecord> | undefined {
    const id = this.#ids().get(session);
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  /** Once a day, forgets sessions that are over. */
  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt < DAY_MS) return;
    this.#sweptAt = now;
    for (const record of this.#sessions.find((each) => each.expiresAt <= now))
      this.#remove(record).catch(() => undefined);
  }

  async #remove(record: Readonly<SessionRecord>): Promise<void> {
    this.#ids().delete(record.name);
    const removed = this.#sessions.delete(record.id);
    // The memory has forgotten it already, so nothing can use it while the disk is slow.
    this.#ended.emit({ session: record.name, user: record.user });
    await removed;
  }

  async #makeRoom(user: string): Promise<void> {
    const mine = this.#sessions.find((record) => record.user === user).sort((a, b) => a.lastSeenAt - b.lastSeenAt);
    await Promise.all(mine.slice(0, Math.max(0, mine.length - MAX_PER_USER + 1)).map((record) => this.#remove(record)));
  }

  #touch(record: Readonly<SessionRecord>, now: number): void {
    // Losing this costs an hour of a session's life; the request must not fail for it.
    this.#sessions.update(record.id, { lastSeenAt: now, expiresAt: now + LIFETIME_MS }).catch(() => undefined);
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('hex');
